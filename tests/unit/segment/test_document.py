"""What holds for every document: same in, same out; nothing given is changed; ids are the span's own."""

import copy
import re

import pytest

from raygate.segment import Options, convert
from raygate.span import CLIENT, CONSUMER, PRODUCER, SERVER, STATUS_ERROR, Event
from tests.builders import SPAN_ID, TRACE_ID, a_link, a_resource, a_span, an_event

LOCAL_ROOT = {"aws.span.kind": "LOCAL_ROOT", "aws.local.service": "shop", "aws.remote.service": "pay"}


def exception(message: str) -> Event:
    return an_event("exception", {"exception.type": "E", "exception.message": message})


def test_the_same_span_gives_the_same_document_twice():
    def documents():
        span = a_span(dict(LOCAL_ROOT), kind=CLIENT, events=[exception("a"), exception("b")], links=[a_link()])
        return convert([span], Options()).documents

    assert documents() == documents()


def test_made_ids_differ_within_a_span_and_between_spans():
    spans = [
        a_span(dict(LOCAL_ROOT), kind=CLIENT, span_id=span_id, events=[exception("a"), exception("b")])
        for span_id in (SPAN_ID, "b1b2c3d4e5f60718")
    ]
    documents = convert(spans, Options()).documents
    ids = [document["id"] for document in documents]
    ids += [exception["id"] for document in documents for exception in document["cause"]["exceptions"]]
    assert len(set(ids)) == len(ids) == 4 + 8
    assert all(re.fullmatch(r"[0-9a-f]{16}", made) for made in ids)


def test_converting_changes_nothing_that_it_was_given():
    span = a_span(
        LOCAL_ROOT | {"aws.xray.annotations": ["a"], "aws.xray.inprogress": True, "list": [b"x", {"y": None}]},
        kind=CONSUMER,
        resource=a_resource(service__name="shop", tags=["t"]),
        links=[a_link({"k": [1]})],
    )
    before = copy.deepcopy((span.attributes, span.first, span.resource.attributes, span.links))
    convert([span], Options(index_all_attributes=True))
    assert (span.attributes, span.first, span.resource.attributes, span.links) == before


@pytest.mark.parametrize("kind", [0, CLIENT, PRODUCER, CONSUMER, 77])
def test_a_split_span_gives_the_call_within_the_service(kind):
    span = a_span(dict(LOCAL_ROOT), kind=kind, parent_span_id="c1b2c3d4e5f60718")
    converted = convert([span], Options())
    call, service = converted.documents
    assert converted.owners == [0, 0]
    assert (call["id"], call["parent_id"], call["name"]) == (SPAN_ID, service["id"], "pay")
    assert (service["parent_id"], service["name"]) == ("c1b2c3d4e5f60718", "shop")
    assert "type" not in service
    assert call["type"] == "subsegment"


def test_a_span_out_of_time_is_rejected_with_its_place_and_the_others_go_on():
    old = a_span(trace_id="11b1f2c05f84a1a7b3c1d2e3f4a5b6c7")
    converted = convert([old, a_span(), old], Options(now_s=int(TRACE_ID[:8], 16)))
    assert converted.owners == [1]
    assert [(rejection.index, rejection.reason) for rejection in converted.rejected] == [
        (0, f"invalid xray traceid: {old.trace_id}"),
        (2, f"invalid xray traceid: {old.trace_id}"),
    ]


def test_blocks_see_the_last_of_repeated_keys_and_flags_the_first():
    span = a_span(
        {"http.status_code": 500, "http.method": "PUT"}, first={"http.status_code": 200, "http.method": "GET"}
    )
    (document,) = convert([span], Options()).documents
    assert document["http"]["request"]["method"] == "PUT"
    assert document["http"]["response"]["status"] == 500
    assert document["fault"] is False


def test_spans_of_several_resources_do_not_mix():
    shop, pay = a_resource(service__name="shop", host__id="i-1"), a_resource(service__name="pay")
    spans = [a_span(kind=SERVER, resource=resource) for resource in (shop, pay, shop)]
    documents = convert(spans, Options()).documents
    assert [document["name"] for document in documents] == ["shop", "pay", "shop"]
    assert ["ec2" in document["aws"] for document in documents] == [True, False, True]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (404, "404"), ("x", "x"), (True, "true"), (None, ""), (1.5, "1.5"), (2.0, "2"), (0.0, "0"), (1e21, "1e+21"),
        (1e-7, "1e-7"), (1e20, "100000000000000000000"), ([1, "a"], '[1,"a"]'),
        ({"b": 1, "a": None}, '{"a":null,"b":1}'), (b"\x00", "AA=="),
    ],
)  # fmt: skip
def test_the_code_of_an_aws_failure_is_written_as_text(value, text):
    event = an_event(
        "HTTP request failure",
        {"http.response.status_code": value, "aws.http.error_message": "no"},
        time_ns=1_756_492_480_500_000_999,
    )
    (document,) = convert([a_span({"rpc.system": "aws-api"}, events=[event])], Options()).documents
    (made,) = document["cause"]["exceptions"]
    assert made["message"] == f"{text}@1756492480.500000@no"


def test_a_status_text_is_accounted_for_only_where_it_was_read():
    attributes = {"http.status_text": "Bad"}
    failed, fine, told = convert(
        [
            a_span(attributes, status_code=STATUS_ERROR),
            a_span(attributes),
            a_span(attributes, status_code=STATUS_ERROR, events=[exception("e")]),
        ],
        Options(),
    ).documents
    assert "metadata" not in failed
    assert failed["cause"]["exceptions"][0]["message"] == "Bad"
    assert fine["metadata"] == told["metadata"] == {"default": attributes}
