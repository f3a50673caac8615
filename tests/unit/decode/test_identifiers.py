"""Which spans are rejected, with which words, and which links are dropped."""

import pytest

from raygate.decode import read
from raygate.errors import DecodeError
from raygate.request import Rejection, Request
from raygate.settings import Settings
from tests.builders import SPAN_ID, TRACE_ID
from tests.corpus import compact
from tests.unit.decode.messages import (
    decode_json,
    decode_protobuf,
    json_request,
    json_span,
    stock_request,
    stock_span,
)

ZEROS = "0" * 32


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"traceId": ...}, "traceId is missing"),
        ({"traceId": ""}, "traceId is missing"),
        ({"traceId": None}, "traceId is missing"),
        ({"traceId": ZEROS}, "traceId is all zeros"),
        ({"traceId": TRACE_ID[:-1]}, "traceId is not 32 hexadecimal digits"),
        ({"traceId": TRACE_ID[:-2]}, "traceId is not 32 hexadecimal digits"),
        ({"traceId": TRACE_ID + "00"}, "traceId is not 32 hexadecimal digits"),
        ({"traceId": "z" * 32}, "traceId is not 32 hexadecimal digits"),
        ({"traceId": "W47/95gDgQPSabYzgT/GDA=="}, "traceId is not 32 hexadecimal digits"),
        ({"traceId": "68b1f2c0-5f84-a1a7-b3c1-d2e3f4a5b6c7"}, "traceId is not 32 hexadecimal digits"),
        ({"traceId": TRACE_ID[:30] + "  "}, "traceId is not 32 hexadecimal digits"),
        ({"traceId": TRACE_ID[:31] + "\u0661"}, "traceId is not 32 hexadecimal digits"),
        ({"spanId": ...}, "spanId is missing"),
        ({"spanId": "0" * 16}, "spanId is all zeros"),
        ({"spanId": SPAN_ID[:-1]}, "spanId is not 16 hexadecimal digits"),
        ({"parentSpanId": "abcd"}, "parentSpanId is not 16 hexadecimal digits"),
        ({"parentSpanId": "?"}, "parentSpanId is not 16 hexadecimal digits"),
    ],
)
def test_a_json_span_without_valid_identifiers_is_rejected(members, reason):
    decoded = decode_json(json_request(json_span(name="first"), json_span(**members), json_span(name="last")))
    assert decoded.rejected == [Rejection(reason, 1)]
    assert [span.name for span in decoded.spans] == ["first", "last"]
    assert list(decoded.indices) == [0, 2]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"trace_id": b""}, "traceId is missing"),
        ({"trace_id": bytes(16)}, "traceId is all zeros"),
        ({"trace_id": b"1" * 15}, "traceId is not 16 bytes"),
        ({"trace_id": TRACE_ID.encode()}, "traceId is not 16 bytes"),
        ({"span_id": b""}, "spanId is missing"),
        ({"span_id": bytes(8)}, "spanId is all zeros"),
        ({"span_id": b"1" * 9}, "spanId is not 8 bytes"),
        ({"parent_span_id": b"1" * 7}, "parentSpanId is not 8 bytes"),
        ({"parent_span_id": bytes(16)}, "parentSpanId is not 8 bytes"),
    ],
)
def test_a_protobuf_span_without_valid_identifiers_is_rejected(fields, reason):
    spans = (stock_span(name="first"), stock_span(**fields), stock_span(name="last"))
    decoded = decode_protobuf(stock_request(*spans))
    assert decoded.rejected == [Rejection(reason, 1)]
    assert [span.name for span in decoded.spans] == ["first", "last"]
    assert list(decoded.indices) == [0, 2]


def test_an_all_zero_parent_is_none():
    assert decode_json(json_request(json_span(parentSpanId="0" * 16))).spans[0].parent_span_id == ""
    assert decode_protobuf(stock_request(stock_span(parent_span_id=bytes(8)))).spans[0].parent_span_id == ""


def test_identifiers_are_lower_case():
    link = {"traceId": TRACE_ID.upper(), "spanId": SPAN_ID.upper()}
    (span,) = decode_json(json_request(json_span(**link, parentSpanId=SPAN_ID.upper(), links=[link]))).spans
    assert (span.trace_id, span.span_id, span.parent_span_id) == (TRACE_ID, SPAN_ID, SPAN_ID)
    assert (span.links[0].trace_id, span.links[0].span_id) == (TRACE_ID, SPAN_ID)


@pytest.mark.parametrize(
    "bad",
    [{"traceId": ZEROS}, {"spanId": "0" * 16}, {"traceId": ""}, {"spanId": "x"}, {"traceId": TRACE_ID[:-2]}],
)
def test_a_link_without_valid_identifiers_is_dropped_and_its_span_kept(bad):
    good = {"traceId": TRACE_ID, "spanId": SPAN_ID}
    decoded = decode_json(json_request(json_span(links=[good | bad, good], droppedLinksCount=3)))
    (span,) = decoded.spans
    assert [(link.trace_id, link.span_id) for link in span.links] == [(TRACE_ID, SPAN_ID)]
    assert span.dropped_links_count == 4
    assert decoded.warnings == ["links dropped, their identifiers are invalid (1)"]


@pytest.mark.parametrize("value", [1, True, [], {}, 0x68])
@pytest.mark.parametrize("name", ["traceId", "spanId", "parentSpanId"])
def test_an_identifier_of_another_type_refuses_the_request(name, value):
    with pytest.raises(DecodeError, match="not a string") as caught:
        decode_json(json_request(json_span(), json_span(**{name: value})))
    assert caught.value.field == f"resourceSpans[0].scopeSpans[0].spans[1].{name}"


def test_reading_keeps_every_span_and_link():
    link = {"traceId": ZEROS, "spanId": "0" * 16}
    bodies = {
        "json": compact(json_request(json_span(traceId=ZEROS, links=[link]), json_span(spanId=...))),
        "protobuf": stock_request(stock_span(trace_id=bytes(16), links=[{"trace_id": b""}]), stock_span(span_id=b"")),
    }
    for encoding, body in bodies.items():
        found = read(Request(body, encoding), Settings())  # type: ignore[arg-type]  # the two encodings
        assert [span.trace_id for span in found.spans] == [ZEROS, TRACE_ID]
        assert [span.span_id for span in found.spans] == [SPAN_ID, ""]
        assert len(found.spans[0].links) == 1
        assert found.rejected == []
