"""Protobuf on the wire: every field, every way to damage it, and what senders do besides."""

from typing import Any

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import TracesData

from raygate.decode import key_values
from raygate.decode.decoded import Notes
from raygate.decode.limits import FEWEST_VALUES, Tally
from raygate.decode.schema import LONGEST_PLAIN
from raygate.errors import DecodeError, TooLargeError
from raygate.redact import Redaction
from raygate.settings import Settings
from raygate.span import SERVER, STATUS_ERROR
from tests.builders import END_NS, SPAN_ID, START_NS, TRACE_ID
from tests.unit.decode.messages import (
    IDS,
    decode_protobuf,
    field,
    in_request,
    stock_request,
    stock_span,
    varint,
)

TRACE_STATE, ATTRIBUTES, EVENTS, LINKS, STATUS = 3, 9, 11, 13, 15


def key_value(key: bytes, any_value: bytes) -> bytes:
    return field(1, key) + field(2, any_value)


def nested_array(depth: int) -> bytes:
    """An AnyValue of that many arrays in one another."""
    value = field(1, b"x")
    for _ in range(depth):
        value = field(5, field(1, value))
    return value


def test_every_field_of_a_span_is_read():
    link = {"trace_id": bytes.fromhex(TRACE_ID), "span_id": bytes.fromhex(SPAN_ID), "trace_state": "a=b", "flags": 768}
    traces: Any = TracesData
    data = traces(
        resource_spans=[
            {
                "resource": {
                    "attributes": [{"key": "service.name", "value": {"string_value": "shop"}}],
                    "dropped_attributes_count": 1,
                },
                "scope_spans": [
                    {
                        "scope": {
                            "name": "lib",
                            "version": "1.2",
                            "attributes": [{"key": "scope", "value": {"bool_value": True}}],
                        },
                        "spans": [
                            stock_span(
                                parent_span_id=b"parentid",
                                trace_state="vendor=1",
                                name="GET /",
                                kind="SPAN_KIND_SERVER",
                                start_time_unix_nano=START_NS,
                                end_time_unix_nano=END_NS,
                                attributes=[{"key": "n", "value": {"int_value": 7}}],
                                dropped_attributes_count=2,
                                events=[
                                    {
                                        "name": "exception",
                                        "time_unix_nano": START_NS + 1,
                                        "attributes": [{"key": "e", "value": {"double_value": 0.5}}],
                                        "dropped_attributes_count": 3,
                                    }
                                ],
                                dropped_events_count=4,
                                links=[
                                    link
                                    | {
                                        "attributes": [{"key": "l", "value": {"bytes_value": b"\xff"}}],
                                        "dropped_attributes_count": 5,
                                    }
                                ],
                                dropped_links_count=6,
                                status={"message": "boom", "code": "STATUS_CODE_ERROR"},
                                flags=0x80000301,
                            )
                        ],
                    }
                ],
            }
        ]
    )
    decoded = decode_protobuf(data.SerializeToString())
    (span,) = decoded.spans
    assert (span.trace_id, span.span_id, span.parent_span_id) == (TRACE_ID, SPAN_ID, b"parentid".hex())
    assert (span.name, span.kind, span.start_ns, span.end_ns) == ("GET /", SERVER, START_NS, END_NS)
    assert span.attributes == {"n": 7}
    assert span.first is span.attributes
    assert (span.dropped_attributes_count, span.dropped_events_count, span.dropped_links_count) == (2, 4, 6)
    assert (span.status_code, span.status_message) == (STATUS_ERROR, "boom")
    assert (span.trace_state, span.flags) == ("vendor=1", 0x80000301)
    (event,) = span.events
    assert (event.name, event.time_ns, event.attributes) == ("exception", START_NS + 1, {"e": 0.5})
    assert event.dropped_attributes_count == 3
    (found,) = span.links
    assert (found.trace_id, found.span_id, found.trace_state, found.flags) == (TRACE_ID, SPAN_ID, "a=b", 768)
    assert (found.attributes, found.dropped_attributes_count) == ({"l": b"\xff"}, 5)
    assert (span.resource.attributes, span.resource.dropped_attributes_count) == ({"service.name": "shop"}, 1)
    assert (span.scope.name, span.scope.version, span.scope.attributes) == ("lib", "1.2", {"scope": True})
    assert decoded.warnings == []
    assert decoded.inflated_bytes == len(data.SerializeToString())


def test_an_empty_message_has_no_spans():
    decoded = decode_protobuf(b"")
    assert (decoded.spans, list(decoded.indices), decoded.rejected) == ([], [], [])


@pytest.mark.parametrize(
    ("any_value", "expected"),
    [
        ({}, None),
        ({"string_value": ""}, ""),
        ({"string_value": "x" * 200}, "x" * 200),
        ({"bool_value": False}, False),
        ({"int_value": 0}, 0),
        ({"int_value": -(2**63)}, -(2**63)),
        ({"double_value": 0.0}, 0.0),
        ({"double_value": float("inf")}, float("inf")),
        ({"bytes_value": b""}, b""),
        ({"array_value": {}}, []),
        ({"array_value": {"values": [{"string_value": "a"}, {}, {"array_value": {}}]}}, ["a", None, []]),
        ({"kvlist_value": {}}, {}),
        (
            {
                "kvlist_value": {
                    "values": [
                        {"key": "a", "value": {"int_value": 1}},
                        {"key": "b", "value": {"kvlist_value": {}}},
                        {"key": "a", "value": {"int_value": 2}},
                    ]
                }
            },
            {"a": 2, "b": {}},
        ),
    ],
    ids=str,
)
def test_each_kind_of_value_keeps_its_type(any_value, expected):
    body = stock_request(stock_span(attributes=[{"key": "k", "value": any_value}]))
    for _ in range(2):  # read, then remembered
        (value,) = decode_protobuf(body).spans[0].attributes.values()
        assert value == expected
        assert type(value) is type(expected)


def test_an_attribute_without_a_value_is_empty():
    assert decode_protobuf(in_request(IDS + field(ATTRIBUTES, field(1, b"k")))).spans[0].attributes == {"k": None}


def test_repeated_keys_keep_the_last_value_and_the_first():
    pairs = [("a", 1), ("b", 2), ("a", 3), ("c", 4), ("a", 5)]
    attributes = [{"key": key, "value": {"int_value": value}} for key, value in pairs]
    (span,) = decode_protobuf(stock_request(stock_span(attributes=attributes))).spans
    assert list(span.attributes.items()) == [("b", 2), ("c", 4), ("a", 5)]
    assert list(span.first.items()) == [("a", 1), ("b", 2), ("c", 4)]


@pytest.mark.parametrize("number", [ATTRIBUTES, EVENTS])
def test_what_is_read_again_for_a_repeated_key_is_counted_and_noted_once(number):
    values = field(1, field(1, b"x")) * (FEWEST_VALUES // 2 + 1)
    attributes = b"".join(
        field(ATTRIBUTES if number == ATTRIBUTES else 3, key_value(b"k", value))
        for value in (field(5, values), field(1, b"a\xed\xa0\xbdb"))
    )
    decoded = decode_protobuf(
        in_request(IDS + (attributes if number == ATTRIBUTES else field(EVENTS, attributes))),
        max_decompressed_bytes=10**6,
    )
    assert decoded.warnings == ["strings that were not UTF-8, their bad bytes replaced (1)"]


@pytest.mark.parametrize("number", [3, 5])
def test_text_that_is_not_utf8_is_kept_with_a_replacement(number):
    decoded = decode_protobuf(in_request(IDS + field(number, b"a\xed\xa0\xbdb")))
    (span,) = decoded.spans
    assert "a\ufffd\ufffd\ufffdb" in {span.name, span.trace_state}
    assert decoded.warnings == ["strings that were not UTF-8, their bad bytes replaced (1)"]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"a\xe2\x82b", "a\ufffd\ufffdb"),
        (b"\xf0\x9f\x98", "\ufffd\ufffd\ufffd"),
        (b"\xc3", "\ufffd"),
        (b"\xe2\x82\xac\xe2", "€\ufffd"),
    ],
)
def test_each_byte_of_a_character_that_is_cut_is_replaced(raw, text):
    (span,) = decode_protobuf(in_request(IDS + field(5, raw))).spans
    assert span.name == text


def test_attributes_that_are_not_utf8_are_counted_in_each_request():
    body = in_request(*[IDS + field(ATTRIBUTES, key_value(b"k\xff", field(1, b"v\xff")))] * 3)
    for _ in range(2):
        decoded = decode_protobuf(body)
        assert [span.attributes for span in decoded.spans] == [{"k\ufffd": "v\ufffd"}] * 3
        assert decoded.warnings == ["strings that were not UTF-8, their bad bytes replaced (6)"]


def test_joined_messages_are_one_message():
    first, second = stock_request(stock_span(name="first")), stock_request(stock_span(name="second"))
    assert [span.name for span in decode_protobuf(first + second).spans] == ["first", "second"]


def test_what_is_sent_in_two_parts_is_merged():
    resource = field(1, field(1, key_value(b"a", field(1, b"1")))) + field(1, field(1, key_value(b"b", field(1, b"2"))))
    status = field(STATUS, field(2, b"first")) + field(STATUS, field(2, b"last")) + field(STATUS, b"\x18\x02")
    scope_spans = field(1, field(1, b"lib")) + field(1, field(2, b"1.0")) + field(2, IDS + status)
    (span,) = decode_protobuf(field(1, resource + field(2, scope_spans))).spans
    assert span.resource.attributes == {"a": "1", "b": "2"}
    assert (span.scope.name, span.scope.version) == ("lib", "1.0")
    assert (span.status_code, span.status_message) == (STATUS_ERROR, "last")


def test_the_last_of_a_repeated_single_field_wins():
    assert decode_protobuf(in_request(IDS + field(5, b"first") + field(5, b"last"))).spans[0].name == "last"


def test_field_1000_of_a_resource_holds_spans_too():
    scope_spans = field(2, IDS)
    body = field(1, field(1000, scope_spans) + field(2, scope_spans))
    assert len(decode_protobuf(body).spans) == 2


@pytest.mark.parametrize("content", [field(2, IDS) + field(2, b"\x12\x05"), b"hello", field(2, IDS + b"\x08\x01")])
def test_what_is_unreadable_in_field_1000_is_ignored_as_a_whole(content):
    decoded = decode_protobuf(field(1, field(1000, content) + field(2, field(2, IDS))))
    assert len(decoded.spans) == 1
    assert decoded.warnings == ["lists of spans ignored, unreadable and in a field that OTLP gave up (1)"]


def test_field_1000_with_another_wire_type_is_an_unknown_field():
    assert decode_protobuf(field(1, varint(1000 << 3) + b"\x01")).spans == []


def test_the_spans_of_field_1000_count_towards_the_limit():
    with pytest.raises(TooLargeError):
        decode_protobuf(field(1, field(1000, field(2, IDS) * 3)), max_spans=2)


def test_equal_resources_and_scopes_are_one_object():
    resource, scope = field(1, key_value(b"service.name", field(1, b"shop"))), field(1, b"lib")
    one, other = (in_request(IDS, resource=resource, scope=scope), in_request(IDS, resource=b"", scope=b""))
    spans = decode_protobuf(one + other + one).spans
    assert spans[0].resource is spans[2].resource is not spans[1].resource
    assert spans[0].scope is spans[2].scope is not spans[1].scope


@pytest.mark.parametrize(
    "unknown",
    [
        varint(500 << 3) + b"\x01",
        varint(500 << 3 | 1) + bytes(8),
        field(500, b"anything"),
        varint(500 << 3 | 3) + field(1, b"x") + varint(500 << 3 | 4),
        varint(500 << 3 | 5) + bytes(4),
    ],
    ids=["varint", "64-bit", "bytes", "group", "32-bit"],
)
def test_unknown_fields_are_skipped_everywhere(unknown):
    attribute = key_value(b"k", field(1, b"v") + unknown) + unknown
    span = IDS + field(ATTRIBUTES, attribute) + field(STATUS, unknown) + field(EVENTS, unknown) + unknown
    scope_spans = field(1, unknown) + field(2, span) + unknown
    body = field(1, field(1, unknown) + field(2, scope_spans) + unknown) + unknown
    (found,) = decode_protobuf(body).spans
    assert found.attributes == {"k": "v"}


UNKNOWN = field(500, b"anything")
LONG = field(5, b"x" * LONGEST_PLAIN)
"""A name that makes a span too long to be read without what few spans have."""


@pytest.mark.parametrize("more", [b"", UNKNOWN, LONG, LONG + UNKNOWN], ids=["plain", "unknown", "long", "both"])
def test_what_few_spans_have_reads_the_same_however_the_span_is_written(more):
    link = field(1, bytes.fromhex(TRACE_ID)) + field(2, bytes.fromhex(SPAN_ID))
    states = field(TRACE_STATE, b"a=1") + field(TRACE_STATE, b"b=2")
    span = IDS + field(EVENTS, field(2, b"one")) + states + field(LINKS, link) + more + field(EVENTS, field(2, b"two"))
    spans = decode_protobuf(in_request(IDS, span, IDS + field(EVENTS, b""), IDS)).spans
    assert [[event.name for event in one.events] for one in spans] == [[], ["one", "two"], [""], []]
    assert [[one.trace_id for one in span.links] for span in spans] == [[], [TRACE_ID], [], []]
    assert [one.trace_state for one in spans] == ["", "b=2", "", ""]


@pytest.mark.parametrize("more", [b"", field(EVENTS, b""), UNKNOWN, LONG], ids=["plain", "events", "unknown", "long"])
@pytest.mark.parametrize("number", [TRACE_STATE, EVENTS, LINKS])
def test_what_few_spans_have_is_refused_with_another_wire_type(number, more):
    with pytest.raises(DecodeError, match="a field of Span has another wire type"):
        decode_protobuf(in_request(IDS + more + varint(number << 3) + b"\x01"))


DAMAGED = {
    "length past the end": b"\x0a\x05",
    "varint without an end": b"\x08" + b"\xff" * 11,
    "field number 0": b"\x02\x00",
    "wire type 6": b"\x0e",
    "wire type 7": b"\x0f",
    "group without an end": b"\x7b",
    "end without a group": b"\x7c",
    "text": b"hello world",
    "known field as varint": b"\x08\x01",
    "known field as 32-bit": b"\x0d\x01\x02\x03\x04",
}
WRAPPERS = {
    "request": lambda raw: raw,
    "resource spans": lambda raw: field(1, raw),
    "resource": lambda raw: field(1, field(1, raw)),
    "resource attribute": lambda raw: field(1, field(1, field(1, raw))),
    "scope spans": lambda raw: field(1, field(2, raw)),
    "scope": lambda raw: field(1, field(2, field(1, raw))),
    "span": lambda raw: in_request(IDS + raw),
    "span attribute": lambda raw: in_request(IDS + field(ATTRIBUTES, raw)),
    "repeated attribute": lambda raw: in_request(IDS + field(ATTRIBUTES, b"") * 2 + field(ATTRIBUTES, raw)),
    "dropped attribute": lambda raw: in_request(IDS + field(ATTRIBUTES, b"") * 1024 + field(ATTRIBUTES, raw)),
    "value": lambda raw: in_request(IDS + field(ATTRIBUTES, field(2, raw))),
    "value in a list": lambda raw: in_request(IDS + field(ATTRIBUTES, field(2, field(5, field(1, raw))))),
    "list": lambda raw: in_request(IDS + field(ATTRIBUTES, field(2, field(5, raw)))),
    "key-value list": lambda raw: in_request(IDS + field(ATTRIBUTES, field(2, field(6, raw)))),
    "key-value in a list": lambda raw: in_request(IDS + field(ATTRIBUTES, field(2, field(6, field(1, raw))))),
    "event": lambda raw: in_request(IDS + field(EVENTS, raw)),
    "event attribute": lambda raw: in_request(IDS + field(EVENTS, field(3, raw))),
    "link": lambda raw: in_request(IDS + field(LINKS, raw)),
    "link attribute": lambda raw: in_request(IDS + field(LINKS, field(4, raw))),
}


@pytest.mark.parametrize("damage", DAMAGED)
@pytest.mark.parametrize("place", WRAPPERS)
def test_damaged_bytes_refuse_the_request_wherever_they_are(place, damage):
    with pytest.raises(DecodeError, match=r"not a valid|wire type"):
        decode_protobuf(WRAPPERS[place](DAMAGED[damage]))


@pytest.mark.parametrize("damage", [b"\x12\x05", b"\x10\x01", b"\x1a\x00", b"\x7b"])
def test_a_damaged_status_refuses_the_request(damage):
    with pytest.raises(DecodeError, match="Status"):
        decode_protobuf(in_request(IDS + field(STATUS, damage)))


def test_an_error_says_where_it_is():
    good, bad = field(2, IDS), field(2, IDS + field(EVENTS, b"") + field(EVENTS, b"\x12\x05"))
    with pytest.raises(DecodeError, match="Event") as caught:
        decode_protobuf(field(1, b"") + field(1, field(2, b"") + field(2, good + bad)))
    assert caught.value.field == "resourceSpans[1].scopeSpans[1].spans[1].events[1]"


@pytest.mark.parametrize(("depth", "passes"), [(1, True), (47, True), (48, False), (400, False), (5000, False)])
def test_arrays_nest_to_100_messages(depth, passes):
    body = in_request(IDS + field(ATTRIBUTES, key_value(b"k", nested_array(depth))))
    if not passes:
        with pytest.raises(DecodeError):
            decode_protobuf(body)
        return
    value = decode_protobuf(body).spans[0].attributes["k"]
    for _ in range(depth):
        assert isinstance(value, list)
        (value,) = value
    assert value == "x"


@pytest.mark.parametrize(("depth", "passes"), [(31, True), (32, False), (400, False)])
def test_key_value_lists_nest_to_100_messages(depth, passes):
    value = field(1, b"x")
    for _ in range(depth):
        value = field(6, field(1, key_value(b"k", value)))
    body = in_request(IDS + field(ATTRIBUTES, key_value(b"k", value)))
    if passes:
        assert len(decode_protobuf(body).spans) == 1
    else:
        with pytest.raises(DecodeError):
            decode_protobuf(body)


def test_the_indexes_of_profiles_are_no_values():
    attribute = key_value(b"k", b"\x40\x05") + b"\x18\x07"
    beside = key_value(b"b", field(1, b"x") + b"\x40\x05")
    decoded = decode_protobuf(in_request(IDS + field(ATTRIBUTES, attribute) + field(ATTRIBUTES, beside)))
    assert decoded.spans[0].attributes == {"k": None, "b": "x"}
    assert decoded.warnings == []


def test_more_than_1024_attributes_are_dropped_and_counted():
    attributes = [{"key": str(number), "value": {"int_value": number}} for number in range(1030)]
    event = {"attributes": attributes, "dropped_attributes_count": 1}
    decoded = decode_protobuf(stock_request(stock_span(attributes=attributes, events=[event])))
    (span,) = decoded.spans
    assert list(span.attributes) == [str(number) for number in range(1024)]
    assert span.dropped_attributes_count == 6
    assert len(span.events[0].attributes) == 1024
    assert span.events[0].dropped_attributes_count == 7
    assert decoded.warnings == ["attributes dropped, more than 1,024 in one place (12)"]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (b"x" * 65536, "x" * 65536),
        (b"x" * 65537, "x" * 65536),
        ("é".encode() * 32768, "é" * 32768),
        (b"x" + "é".encode() * 32768, "x" + "é" * 32767),
        (b"\xff" * 30000, "\ufffd" * 21845),
    ],
)
def test_a_string_is_cut_at_64_kib_between_characters(sent, kept):
    for body in (in_request(IDS + field(5, sent)), in_request(IDS + field(ATTRIBUTES, key_value(b"", field(1, sent))))):
        decoded = decode_protobuf(body)
        (span,) = decoded.spans
        assert kept in {span.name, span.attributes.get("")}
        assert any("64 KiB (1)" in warning for warning in decoded.warnings) is (len(sent) > 65536 or sent[0] == 0xFF)


def test_spans_over_the_limit_are_too_large():
    body = in_request(IDS, IDS) + in_request(IDS)
    assert len(decode_protobuf(body, max_spans=3).spans) == 3
    with pytest.raises(TooLargeError, match="more than 2 spans"):
        decode_protobuf(body, max_spans=2)


@pytest.mark.parametrize("number", [EVENTS, LINKS])
def test_half_a_million_events_or_links_are_too_large(number):
    with pytest.raises(TooLargeError, match="500000"):
        decode_protobuf(in_request(IDS + field(number, b"") * 500_001))


def test_the_memory_of_attributes_stays_bounded():
    for start in range(0, 3 * key_values.MOST_REMEMBERED, 1000):
        attributes = [{"key": "id", "value": {"string_value": f"{number}"}} for number in range(start, start + 1000)]
        spans = decode_protobuf(stock_request(*(stock_span(attributes=[one]) for one in attributes))).spans
        assert [span.attributes["id"] for span in spans] == [str(number) for number in range(start, start + 1000)]
    settings = Settings()
    with key_values.remembering(Notes(), Tally(settings), Redaction.of(settings)) as memory:
        assert 0 < len(memory) <= key_values.MOST_REMEMBERED


def test_long_and_changeable_values_are_not_remembered():
    values = [{"string_value": "x" * 300}, {"array_value": {"values": [{"int_value": 1}]}}, {"kvlist_value": {}}]
    body = stock_request(stock_span(attributes=[{"key": f"{n}", "value": value} for n, value in enumerate(values)]))
    one, two = decode_protobuf(body).spans[0], decode_protobuf(body).spans[0]
    assert one.attributes == two.attributes
    assert all(one.attributes[key] is not two.attributes[key] for key in ("1", "2"))


def test_two_requests_at_once_have_a_memory_each():
    notes, tally = Notes(), Tally(Settings())
    with key_values.remembering(notes, tally) as one, key_values.remembering(notes, tally) as other:
        assert one is not other
