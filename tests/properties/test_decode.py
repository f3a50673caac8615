"""What holds for any bytes, and for the same spans in both encodings."""

import gzip
import json
import sys
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from google.protobuf.json_format import MessageToDict
from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry.proto.trace.v1.trace_pb2 import TracesData

from raygate.decode import Decoded, decode, read
from raygate.errors import DecodeError
from raygate.request import Request
from raygate.settings import Settings
from tests.corpus import captured

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

SMALL = Settings(max_wire_bytes=100_000, max_decompressed_bytes=100_000, max_spans=1000)
COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "zlib": zlib.compress,
    "zstd": zstd.compress,
}

encodings = st.sampled_from(["protobuf", "json"])
codings = st.sampled_from(sorted(COMPRESS))


def spans_or_refusal(body: bytes, encoding: Any, coding: str = "") -> Decoded | None:
    """What was decoded, `None` when it was refused; any other exception fails the test."""
    try:
        decoded = decode(Request(body, encoding, coding), SMALL)
    except DecodeError:
        return None
    assert len(decoded.spans) == len(decoded.indices)
    everyone = sorted([*decoded.indices, *(rejection.index for rejection in decoded.rejected)])
    assert everyone == list(range(len(everyone)))
    return decoded


@given(st.binary(max_size=200), encodings, codings)
def test_any_bytes_give_spans_or_a_refusal(body, encoding, coding):
    spans_or_refusal(body, encoding, coding)
    spans_or_refusal(COMPRESS[coding](body), encoding, coding)


@given(st.binary(max_size=60), st.text(max_size=20), encodings)
def test_any_name_of_a_coding_gives_spans_or_a_refusal(body, coding, encoding):
    spans_or_refusal(body, encoding, coding)


BODIES = sorted(
    {
        (encoding, gzip.decompress(capture.body) if coding == "gzip" else capture.body)
        for capture in captured()
        if (encoding := "protobuf" if "protobuf" in capture.header("content-type") else "json")
        and (coding := capture.header("content-encoding")) in {"", "gzip"}
        and 0 < len(capture.body) < 6000
    }
)[::4]


@settings(max_examples=300)
@given(st.sampled_from(BODIES), st.data())
def test_a_damaged_real_request_gives_spans_or_a_refusal(captured_body, data):
    encoding, body = captured_body
    damaged = bytearray(body)
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(damaged)))
        end = min(len(damaged), start + data.draw(st.integers(0, 3)))
        damaged[start:end] = data.draw(st.binary(max_size=3))
    spans_or_refusal(bytes(damaged), encoding)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
NAMES = [
    *("resourceSpans", "scopeSpans", "spans", "resource", "scope", "attributes", "events", "links", "status"),
    *("traceId", "span_id", "name", "kind", "startTimeUnixNano", "flags", "code", "key", "value", "values"),
    *("stringValue", "intValue", "doubleValue", "boolValue", "bytesValue", "arrayValue", "kvlistValue", "schemaUrl"),
]
objects = st.recursive(
    anything,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(NAMES), objects, max_size=3), st.sampled_from(NAMES[:3]))
def test_any_json_gives_spans_or_a_refusal(members, outermost):
    span: dict[str, Any] = {"spans": [members]}
    wrapped = {"resourceSpans": [members, {"scopeSpans": [span, members], **members}]}
    for document in ({outermost: [members]}, wrapped):
        spans_or_refusal(json.dumps(document).encode(), "json")


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
u32, u64, i64 = st.integers(0, 2**32 - 1), st.integers(0, 2**64 - 1), st.integers(-(2**63), 2**63 - 1)
any_values: st.SearchStrategy[dict[str, Any]] = st.recursive(
    st.one_of(
        st.just({}),
        st.builds(lambda value: {"string_value": value}, texts),
        st.builds(lambda value: {"bool_value": value}, st.booleans()),
        st.builds(lambda value: {"int_value": value}, i64),
        st.builds(lambda value: {"double_value": value}, st.floats(allow_nan=False)),
        st.builds(lambda value: {"bytes_value": value}, st.binary(max_size=9)),
    ),
    lambda inner: st.one_of(
        st.builds(lambda values: {"array_value": {"values": values}}, st.lists(inner, max_size=3)),
        st.builds(
            lambda values: {"kvlist_value": {"values": [{"key": key, "value": value} for key, value in values]}},
            st.lists(st.tuples(texts, inner), max_size=3),
        ),
    ),
    max_leaves=4,
)
attribute_lists = st.lists(st.fixed_dictionaries({"key": texts, "value": any_values}), max_size=4)
ids = {"trace_id": st.binary(min_size=16, max_size=16), "span_id": st.binary(min_size=8, max_size=8)}
events = st.fixed_dictionaries(
    {"name": texts, "time_unix_nano": u64, "attributes": attribute_lists, "dropped_attributes_count": u32}
)
links = st.fixed_dictionaries(
    ids | {"trace_state": texts, "attributes": attribute_lists, "dropped_attributes_count": u32, "flags": u32}
)
spans = st.fixed_dictionaries(
    ids
    | {
        "parent_span_id": st.sampled_from([b"", bytes(8), b"parentid"]),
        "trace_state": texts,
        "name": texts,
        "kind": st.integers(0, 5),
        "start_time_unix_nano": u64,
        "end_time_unix_nano": u64,
        "attributes": attribute_lists,
        "dropped_attributes_count": u32,
        "events": st.lists(events, max_size=2),
        "dropped_events_count": u32,
        "links": st.lists(links, max_size=2),
        "dropped_links_count": u32,
        "status": st.fixed_dictionaries({"message": texts, "code": st.integers(0, 2)}),
        "flags": u32,
    }
)
scope_spans = st.fixed_dictionaries(
    {
        "scope": st.fixed_dictionaries({"name": texts, "version": texts, "attributes": attribute_lists}),
        "spans": st.lists(spans, max_size=2),
    }
)
resource_spans = st.fixed_dictionaries(
    {
        "resource": st.fixed_dictionaries({"attributes": attribute_lists, "dropped_attributes_count": u32}),
        "scope_spans": st.lists(scope_spans, max_size=2),
    }
)
Traces: Any = TracesData
requests = st.builds(lambda found: Traces(resource_spans=found), st.lists(resource_spans, max_size=2))


def as_json(message: TracesData) -> bytes:
    """OTLP/JSON: what the stock mapping writes, but for identifiers and enums."""
    document = MessageToDict(message, use_integers_for_enums=True)
    for resource, sent_resource in zip(document.get("resourceSpans", []), message.resource_spans, strict=True):
        for scope, sent_scope in zip(resource.get("scopeSpans", []), sent_resource.scope_spans, strict=True):
            for span, sent in zip(scope.get("spans", []), sent_scope.spans, strict=True):
                span |= {"traceId": sent.trace_id.hex(), "spanId": sent.span_id.hex()}
                span["parentSpanId"] = sent.parent_span_id.hex()
                for link, sent_link in zip(span.get("links", []), sent.links, strict=True):
                    link |= {"traceId": sent_link.trace_id.hex(), "spanId": sent_link.span_id.hex()}
    return json.dumps(document).encode()


def plain(decoded: Decoded) -> str:
    """All that was sent of the spans, in the order in which it came."""
    return repr([replace(span, cleared_by=None) for span in decoded.spans])


@given(requests)
def test_both_encodings_of_the_same_spans_decode_to_equal_spans(message):
    body = message.SerializeToString()
    of_protobuf = read(Request(body, "protobuf"), SMALL)
    of_json = read(Request(as_json(message), "json"), SMALL)
    assert plain(of_protobuf) == plain(of_json)
    assert of_protobuf.warnings == of_json.warnings


@given(requests)
def test_decoding_twice_gives_the_same(message):
    request = Request(message.SerializeToString(), "protobuf")
    assert plain(decode(request, SMALL)) == plain(decode(request, SMALL))


@given(requests, requests)
def test_joined_messages_are_their_spans_one_after_the_other(one, other):
    first, second = one.SerializeToString(), other.SerializeToString()
    both = read(Request(first + second, "protobuf"), SMALL).spans
    assert repr(both) == repr(
        [span for body in (first, second) for span in read(Request(body, "protobuf"), SMALL).spans]
    )


@given(requests, codings)
def test_compression_changes_nothing(message, coding):
    body = message.SerializeToString()
    compressed = Request(COMPRESS[coding](body), "protobuf", coding)
    assert plain(decode(compressed, SMALL)) == plain(decode(Request(body, "protobuf"), SMALL))


@given(attribute_lists)
def test_the_first_and_the_last_value_of_each_key_are_kept(attributes):
    message = Traces(resource_spans=[{"resource": {"attributes": attributes}, "scope_spans": [{"spans": [{}]}]}])
    (span,) = read(Request(message.SerializeToString(), "protobuf"), SMALL).spans
    keys = [attribute["key"] for attribute in attributes]
    assert list(span.resource.first) == list(dict.fromkeys(keys))
    assert list(span.resource.attributes) == list(dict.fromkeys(reversed(keys)))[::-1]
