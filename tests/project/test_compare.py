"""What `make compare` does without Go: the same requests from the same numbers, everything in them, and open eyes."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from compare import __main__ as compare
from compare import json_text, making, ours, protobuf
from compare.comparing import choice_of
from compare.given import Pairs, Scope, Sender, Span, Value, spans_of
from compare.options import CHOICES
from compare.same import Told, all_differences, ids_of, recorded
from compare.traces import LINES
from compare.words import RESOURCE, SPAN
from raygate.decode import read
from raygate.request import Request
from raygate.segment import Options, aws, http, kind, leftovers, local_root, naming, origin, sql, stacktrace, timing
from raygate.segment.annotations import FROM_SPAN
from raygate.segment.metadata import NAMESPACE_PREFIX
from raygate.settings import Settings
from tests.same_documents import differences

NOW_S = 1_790_000_000
MANY = range(600)

OF_A_SPAN = (
    {timing.IN_PROGRESS, kind.SPAN_KIND, FROM_SPAN, leftovers.USER, "http.status_text", f"{NAMESPACE_PREFIX}default"}
    | http.CONSUMED
    | aws.OF_A_CALL
    | naming.CANDIDATES
    | sql.CONSUMED
    | {*local_root.OF_THE_CALL, http.MESSAGE, "messaging.message_payload_size_bytes"}
)
OF_A_RESOURCE = (
    {*aws.EC2_FIELDS.values(), *aws.ECS_FIELDS.values(), *aws.EKS_FIELDS.values(), "container.name"}
    | {"cloud.provider", "cloud.platform", "cloud.account.id", "service.name", "service.version", "service.namespace"}
    | {
        "service.instance.id",
        "container.image.tag",
        "container.image.tags",
        "aws.log.group.names",
        "aws.log.group.arns",
    }
    | {f"telemetry.{key}" for key in ("sdk.name", "sdk.language", "sdk.version", "auto.version", "distro.version")}
)


def the_requests() -> list[list[Sender]]:
    return [list(making.request(number, NOW_S)) for number in MANY]


REQUESTS = the_requests()
SPANS = [span for request in REQUESTS for span in spans_of(request)]


def test_the_same_number_makes_the_same_request_and_another_one_another():
    bodies = [protobuf.written(request) for request in REQUESTS]
    assert bodies == [protobuf.written(request) for request in the_requests()]
    assert len(set(bodies)) == len(bodies)


def test_every_attribute_of_the_mapping_is_made():
    assert {key for span in SPANS for key, _ in span.attributes} >= OF_A_SPAN
    assert {key for request in REQUESTS for sender in request for key, _ in sender.resource} >= OF_A_RESOURCE
    assert {key for block in SPAN.values() for key in block} >= OF_A_SPAN
    assert RESOURCE.keys() >= OF_A_RESOURCE


def test_every_value_that_decides_something_is_among_the_words():
    assert set(SPAN["sql"]["db.system"]) >= sql.SYSTEMS
    assert set(RESOURCE["cloud.platform"]) >= {*origin.PLATFORMS, "aws_ecs"}
    assert set(RESOURCE["aws.ecs.launchtype"]) >= origin.LAUNCH_TYPES.keys()
    assert set(RESOURCE["telemetry.sdk.language"]) >= stacktrace.PARSERS.keys() == LINES.keys()


def types_in(value: Value) -> set[type]:
    below = [item for _, item in value] if isinstance(value, Pairs) else value if isinstance(value, list) else []
    return {type(value)}.union(*map(types_in, below))


def test_every_type_kind_and_fault_of_a_request_is_made():
    found = {type(None), str, bool, int, float, bytes, list, Pairs}
    assert set().union(*(types_in(value) for span in SPANS for _, value in span.attributes)) == found
    assert {span.kind for span in SPANS} > set(range(6))
    assert any(len({key for key, _ in span.attributes}) < len(span.attributes) for span in SPANS)
    assert any(span.end_ns < span.start_ns for span in SPANS)
    assert any(not any(span.span_id) for span in SPANS)
    assert {choice_of(number) for number in MANY} == set(CHOICES)


def seen(span: Any) -> tuple[Any, ...]:
    events = [(event.name, event.time_ns, event.attributes) for event in span.events]
    links = [(link.trace_id, link.span_id, link.attributes) for link in span.links]
    status = (span.status_code, span.status_message)
    return repr(
        (span.trace_id, span.span_id, span.parent_span_id, span.name, span.kind, span.start_ns, span.end_ns)
    ), repr((span.attributes, span.first, span.resource.attributes, events, links, status))


def test_a_request_says_the_same_in_each_encoding():
    for request in REQUESTS:
        strict, loose = json_text.strict(request), json_text.loose(request)
        if b"\\ud" in strict:  # bytes that are no UTF-8, which JSON cannot have
            continue
        requests = [Request(protobuf.written(request), "protobuf"), Request(strict, "json"), Request(loose, "json")]
        one, *others = [list(map(seen, read(one, Settings()).spans)) for one in requests]
        assert others == [one, one]


REQUEST = [
    Sender(
        Pairs([("service.name", "shop"), ("cloud.platform", "aws_ec2")]),
        [
            Scope("", Pairs(), [
                Span(
                    bytes(range(16)), b"spanspan", b"", "op", 3, 10**18, 10**18 + 1,
                    Pairs([("aws.span.kind", "LOCAL_ROOT"), ("http.method", "GET"), ("k", [1, True]), ("d", 1e300)]),
                    status_code=2, status_message="failed",
                )
            ])
        ],
    )
]  # fmt: skip


def documents() -> list[dict[str, Any]]:
    return ours.documents(Request(protobuf.written(REQUEST), "protobuf"), Options())


def told(change: Callable[[list[dict[str, Any]]], object] = lambda _: None) -> Told:
    """What the exporter would say: our documents with ids of its own, and with a change."""
    text = orjson.dumps(documents()).decode()
    for number, made in enumerate(made_ids()):
        text = text.replace(made, f"{number:016x}")
    changed = orjson.loads(text)
    change(changed)
    return Told(tuple(orjson.dumps(document).decode() for document in changed))


def made_ids() -> list[str]:
    call, service = documents()
    return [service["id"], *(document["cause"]["exceptions"][0]["id"] for document in (call, service))]


def test_ids_that_are_made_differ_and_everything_else_is_the_same():
    assert all_differences(told(), documents(), ids_of(REQUEST)) == []
    call, service = recorded(told(), ids_of(REQUEST))
    assert (call["id"], call["parent_id"], service["id"]) == (b"spanspan".hex(), "{{random-id-1}}", "{{random-id-1}}")


@pytest.mark.parametrize(
    ("place", "change"),
    [
        ("$[0].name", lambda documents: documents[0].update(name="other")),
        ("$[0].namespace", lambda documents: documents[0].pop("namespace")),
        ("$[0].user", lambda documents: documents[0].update(user="u")),
        ("$[0].fault", lambda documents: documents[0].update(fault=1)),
        ("$[0].end_time", lambda documents: documents[0].update(end_time=1)),
        ("$[0].metadata.default.k", lambda documents: documents[0]["metadata"]["default"].update(k=[1])),
        ("$[0].metadata.default.k[1]", lambda documents: documents[0]["metadata"]["default"].update(k=[1, 1])),
        ("$[0].metadata.default.d", lambda documents: documents[0]["metadata"]["default"].update(d="1e300")),
        ("$[1].aws.ec2.ami_id", lambda documents: documents[1]["aws"]["ec2"].pop("ami_id")),
        ("$", lambda documents: documents[0].update(parent_id="f" * 16)),
        ("$", lambda documents: documents[0].update(id="f" * 16)),
        ("$[0].cause.exceptions", lambda documents: documents[0]["cause"]["exceptions"].clear()),
        ("$", lambda documents: documents.pop()),
    ],
)  # fmt: skip
def test_a_difference_is_found_in_its_place(place, change):
    assert [one.place for one in all_differences(told(change), documents(), ids_of(REQUEST))][:1] == [place]


@pytest.mark.parametrize(
    ("theirs", "made", "is_same"),
    [
        (123456789012345680000, 123456789012345680000.0, True), (2, 2.0, True), (0, -0.0, True), (1e21, 1e21, True),
        (2**63 - 1, 2**63 - 2, False), (1, True, False), (0, None, False), ("1", 1, False), (1.0, "1.0", False),
    ],
)  # fmt: skip
def test_numbers_are_compared_by_value_and_with_nothing_else(theirs, made, is_same):
    assert (not list(differences([theirs], [made]))) == is_same


def test_a_request_that_only_the_collector_refuses_is_a_difference():
    (one,) = all_differences(Told(refused="no"), documents(), ids_of(REQUEST))
    assert str(one) == "$: refused by the collector alone: no"


def test_a_machine_without_go_is_told_so(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert compare.main([]) == 0
    assert capsys.readouterr().out == "Go is not installed here: the released exporter was not asked.\n"
