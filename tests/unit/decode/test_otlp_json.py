"""OTLP/JSON, strict and as loose as real senders write it."""

import math
from dataclasses import replace
from typing import Any

import pytest

from raygate.decode.json_members import SPAN as SPAN_MEMBERS
from raygate.errors import DecodeError, TooLargeError
from raygate.span import SERVER, STATUS_ERROR
from tests.builders import END_NS, SPAN_ID, START_NS, TRACE_ID
from tests.corpus import compact
from tests.unit.decode.messages import decode_json, json_request, json_span

SPAN = "resourceSpans[0].scopeSpans[0].spans[0]"


def one(**members: Any) -> Any:
    """The one span of a request, decoded."""
    (span,) = decode_json(json_request(json_span(**members))).spans
    return span


def text_of(member: str) -> bytes:
    """A request whose one span has that member, as JSON text."""
    return compact(json_request(json_span(marker=0))).replace(b'"marker":0', member.encode())


def value_of(any_value: str) -> Any:
    """The value of an attribute that is this JSON text."""
    body = text_of(f'"attributes":[{{"key":"k","value":{any_value}}}]')
    return decode_json(body).spans[0].attributes["k"]


def test_every_field_of_a_span_is_read():
    span = json_span(
        parentSpanId="0102030405060708",
        traceState="vendor=1",
        kind=2,
        attributes=[{"key": "n", "value": {"intValue": "7"}}],
        droppedAttributesCount=1,
        events=[
            {
                "timeUnixNano": str(START_NS + 1),
                "name": "exception",
                "attributes": [{"key": "e", "value": {"doubleValue": 0.5}}],
                "droppedAttributesCount": "2",
            }
        ],
        droppedEventsCount=3,
        links=[
            {
                "traceId": TRACE_ID,
                "spanId": SPAN_ID,
                "traceState": "a=b",
                "attributes": [{"key": "l", "value": {"bytesValue": "/w=="}}],
                "flags": 768,
                "droppedAttributesCount": 4,
            }
        ],
        droppedLinksCount=5,
        status={"message": "boom", "code": 2},
        flags=0x80000301,
    )
    resource = {"attributes": [{"key": "service.name", "value": {"stringValue": "shop"}}], "droppedAttributesCount": 6}
    scope = {"name": "lib", "version": "1.2", "attributes": [{"key": "scope", "value": {"boolValue": True}}]}
    scope_spans = {"scope": scope, "spans": [span], "schemaUrl": "https://example.com/1"}
    decoded = decode_json(
        {"resourceSpans": [{"resource": resource, "scopeSpans": [scope_spans], "schemaUrl": "https://example.com/2"}]}
    )
    (found,) = decoded.spans
    assert (found.trace_id, found.span_id, found.parent_span_id) == (TRACE_ID, SPAN_ID, "0102030405060708")
    assert (found.name, found.kind, found.start_ns, found.end_ns) == ("op", SERVER, START_NS, END_NS)
    assert found.attributes == {"n": 7}
    assert found.first is found.attributes
    assert (found.dropped_attributes_count, found.dropped_events_count, found.dropped_links_count) == (1, 3, 5)
    assert (found.status_code, found.status_message) == (STATUS_ERROR, "boom")
    assert (found.trace_state, found.flags) == ("vendor=1", 0x80000301)
    (event,) = found.events
    assert (event.name, event.time_ns, event.attributes) == ("exception", START_NS + 1, {"e": 0.5})
    assert event.dropped_attributes_count == 2
    (link,) = found.links
    assert (link.trace_id, link.span_id, link.trace_state, link.flags) == (TRACE_ID, SPAN_ID, "a=b", 768)
    assert (link.attributes, link.dropped_attributes_count) == ({"l": b"\xff"}, 4)
    assert (found.resource.attributes, found.resource.dropped_attributes_count) == ({"service.name": "shop"}, 6)
    assert (found.scope.name, found.scope.version, found.scope.attributes) == ("lib", "1.2", {"scope": True})
    assert decoded.warnings == []


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"resourceSpans": []},
        {"resourceSpans": None},
        {"resourceSpans": [{}]},
        {"resourceSpans": [{"scopeSpans": [{}]}]},
        {"resourceSpans": [{"resource": None, "scopeSpans": [{"scope": None, "spans": None}], "schemaUrl": None}]},
        b" \r\n\t{}\n ",
        b"\xef\xbb\xbf{}",
    ],
)
def test_a_request_without_spans_is_a_request(document):
    assert decode_json(document).spans == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"  \n",
        b"null",
        b"[]",
        b"1",
        b"true",
        b'"resourceSpans"',
        b"{} x",
        b"{}{}",
        b'{"resourceSpans":[',
        b'{"resourceSpans":[],}',
        b"{'resourceSpans':[]}",
        b"{resourceSpans:[]}",
        b'{"a":1 /* comment */}',
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":-Infinity}',
        b'{"a":01}',
        b'{"a":"\t"}',
        b'{"a":"\\x"}',
        b'{"a":"\\ud800\t"}',
        b'{"a":"\xff"}',
        b'{"a":"\xed\xa0\x80"}',
        '{"resourceSpans":[]}'.encode("utf-16"),
        '{"resourceSpans":[]}'.encode("utf-16-be"),
        '{"resourceSpans":[]}'.encode("utf-32"),
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"[1e999," + b"[" * 100_000,
    ],
)
def test_what_is_not_one_json_object_in_utf8_is_refused(body):
    with pytest.raises(DecodeError):
        decode_json(body)


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ({"resourceSpans": {}}, "resourceSpans"),
        ({"resourceSpans": [[]]}, "resourceSpans[0]"),
        ({"resourceSpans": [{}, None]}, "resourceSpans[1]"),
        ({"resourceSpans": [{"resource": []}]}, "resourceSpans[0].resource"),
        ({"resourceSpans": [{"schemaUrl": 1}]}, "resourceSpans[0].schemaUrl"),
        ({"resourceSpans": [{"scopeSpans": [{"scope": "x"}]}]}, "resourceSpans[0].scopeSpans[0].scope"),
        (
            {"resourceSpans": [{"resource": {"attributes": [{}, {"key": 1}]}}]},
            "resourceSpans[0].resource.attributes[1].key",
        ),
        (
            {"resourceSpans": [{"instrumentationLibrarySpans": [{"spans": [json_span(), {"name": 1}]}]}]},
            "resourceSpans[0].instrumentationLibrarySpans[0].spans[1].name",
        ),
        (json_request(json_span(name=5)), f"{SPAN}.name"),
        (json_request(json_span(name={})), f"{SPAN}.name"),
        (json_request(json_span(traceState=False)), f"{SPAN}.traceState"),
        (json_request(json_span(status=1)), f"{SPAN}.status"),
        (json_request(json_span(status={"message": 1})), f"{SPAN}.status.message"),
        (json_request(json_span(status={"code": "ERROR"})), f"{SPAN}.status.code"),
        (json_request(json_span(events=[{}, {"timeUnixNano": "x"}])), f"{SPAN}.events[1].timeUnixNano"),
        (json_request(json_span(links=[{"flags": -1}])), f"{SPAN}.links[0].flags"),
        (json_request(json_span(attributes=[{"value": 1}])), f"{SPAN}.attributes[0].value"),
        (json_request(json_span(attributes=[{"key": "k", "value": [1]}])), f"{SPAN}.attributes[0].value"),
        (json_request(json_span(attributes=["k"])), f"{SPAN}.attributes[0]"),
        (
            json_request(json_span(attributes=[{"value": {"arrayValue": {"values": [{}, {"boolValue": 1}]}}}])),
            f"{SPAN}.attributes[0].value.arrayValue.values[1].boolValue",
        ),
        (
            json_request(json_span(attributes=[{"value": {"arrayValue": {"values": [None]}}}])),
            f"{SPAN}.attributes[0].value.arrayValue.values[0]",
        ),
        (
            json_request(json_span(attributes=[{"value": {"kvlistValue": {"values": [{"value": {"intValue": ""}}]}}}])),
            f"{SPAN}.attributes[0].value.kvlistValue.values[0].value.intValue",
        ),
        (
            json_request(json_span(attributes=[{"value": {"kvlistValue": []}}])),
            f"{SPAN}.attributes[0].value.kvlistValue",
        ),
    ],
)
def test_an_error_says_where_it_is(document, field):
    with pytest.raises(DecodeError) as caught:
        decode_json(document)
    assert caught.value.field == field


def test_an_error_does_not_repeat_the_value():
    with pytest.raises(DecodeError) as caught:
        one(attributes=[{"key": "password", "value": {"intValue": "hunter2"}}])
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ('"1544712660000000001"', 1544712660000000001),
        ("1544712660000000001", 1544712660000000001),
        ("18446744073709551615", 2**64 - 1),
        ('"18446744073709551615"', 2**64 - 1),
        ('"007"', 7),
        ("1e18", 10**18),
        ("1.0", 1),
        ("1.8446744073709551615e19", 2**64 - 1),
        ("1544712660000000001.0", 1544712660000000001),
        ('"1544712660000000001.0"', 1544712660000000001),
        ('"1E3"', 1000),
        ("-0", 0),
        ("0e999999999", 0),
        ("null", 0),
    ],
)
def test_a_time_is_a_number_or_a_text_with_every_digit_kept(number, expected):
    (span,) = decode_json(text_of(f'"startTimeUnixNano":{number}')).spans
    assert span.start_ns == expected


@pytest.mark.parametrize(
    "number",
    [
        "1.5",
        "-1",
        '"-1"',
        '""',
        '" 1"',
        '"1_0"',
        '"+1"',
        '"0x1"',
        '"1.5"',
        '"\\u0661"',
        "true",
        "[]",
        "{}",
        "18446744073709551616",
        '"18446744073709551616"',
        "1e20",
        "1e-1",
        "1e999999999",
        '"1e999999999"',
        '"1e99999999999999999999"',
        "1e-999999999",
        "1.00000000000000000000000000000000000001",
        '"NaN"',
        pytest.param("9" * 5000, id="5000 digits"),
    ],
)
def test_a_time_that_is_no_unsigned_64_bit_integer_is_refused(number):
    with pytest.raises(DecodeError, match="not an unsigned 64-bit integer") as caught:
        decode_json(text_of(f'"startTimeUnixNano":{number}'))
    assert caught.value.field == f"{SPAN}.startTimeUnixNano"


@pytest.mark.parametrize("name", ["flags", "droppedAttributesCount", "droppedEventsCount", "droppedLinksCount"])
@pytest.mark.parametrize(("number", "passes"), [(2**32 - 1, True), ("7", True), (2**32, False), (-1, False)])
def test_a_count_is_an_unsigned_32_bit_integer(name, number, passes):
    if passes:
        one(**{name: number})
    else:
        with pytest.raises(DecodeError, match="32-bit"):
            one(**{name: number})


@pytest.mark.parametrize(
    ("kind", "expected"),
    [(None, 0), (..., 0), (3, 3), (99, 99), (-1, -1), (3.0, 3), ("SPAN_KIND_CLIENT", 3), ("SPAN_KIND_UNSPECIFIED", 0)],
)
def test_a_kind_is_an_integer_or_its_official_name(kind, expected):
    assert one(kind=kind).kind == expected


@pytest.mark.parametrize("kind", ["SPAN_KIND_NONSENSE", "CLIENT", "span_kind_client", "3", "", 2**31, 1.5, True, []])
def test_any_other_kind_is_refused(kind):
    with pytest.raises(DecodeError):
        one(kind=kind)


@pytest.mark.parametrize(("code", "expected"), [("STATUS_CODE_ERROR", 2), ("STATUS_CODE_OK", 1), (2, 2), (None, 0)])
def test_a_status_code_is_an_integer_or_its_official_name(code, expected):
    assert one(status={"code": code}).status_code == expected


@pytest.mark.parametrize(
    ("any_value", "expected"),
    [
        ("{}", None),
        ("null", None),
        ('{"unknown":1}', None),
        ('{"stringValue":""}', ""),
        ('{"stringValue":null}', None),
        ('{"boolValue":false}', False),
        ('{"boolValue":null}', None),
        ('{"intValue":0}', 0),
        ('{"intValue":"0"}', 0),
        ('{"intValue":"-9223372036854775808"}', -(2**63)),
        ('{"intValue":9223372036854775807}', 2**63 - 1),
        ('{"intValue":-9223372036854775808}', -(2**63)),
        ('{"intValue":2.0}', 2),
        ('{"intValue":9007199254740993.0}', 9007199254740993),
        ('{"intValue":1e3}', 1000),
        ('{"intValue":1e+21}', 1e21),
        ('{"intValue":-1e+21}', -1e21),
        ('{"intValue":9223372036854775808}', 2.0**63),
        ('{"intValue":18446744073709551616}', 2.0**64),
        ('{"intValue":-9223372036854775809}', -(2.0**63)),
        ('{"intValue":null}', None),
        ('{"doubleValue":0.0}', 0.0),
        ('{"doubleValue":5}', 5.0),
        ('{"doubleValue":"1.5"}', 1.5),
        ('{"doubleValue":"-1E-3"}', -0.001),
        ('{"doubleValue":"Infinity"}', math.inf),
        ('{"doubleValue":"-Infinity"}', -math.inf),
        ('{"doubleValue":123456789012345678901234567890}', 123456789012345678901234567890.0),
        ('{"doubleValue":1e-999}', 0.0),
        ('{"doubleValue":null}', None),
        ('{"bytesValue":""}', b""),
        ('{"bytesValue":"3q2+7w=="}', b"\xde\xad\xbe\xef"),
        ('{"bytesValue":"3q2+7w"}', b"\xde\xad\xbe\xef"),
        ('{"bytesValue":"3q2-7w"}', b"\xde\xad\xbe\xef"),
        ('{"bytesValue":"_-8="}', b"\xff\xef"),
        ('{"arrayValue":{}}', []),
        ('{"arrayValue":null}', None),
        ('{"arrayValue":{"values":null}}', []),
        ('{"arrayValue":{"values":[{"stringValue":"x"},{"intValue":"1"},{},{"arrayValue":{}}]}}', ["x", 1, None, []]),
        ('{"kvlistValue":{}}', {}),
        (
            '{"kvlistValue":{"values":[{"key":"a","value":{"intValue":1}},{"key":"b"},{"key":"a","value":{}}]}}',
            {"a": None, "b": None},
        ),
        ('{"stringValue":"x","intValue":"1"}', 1),
        ('{"intValue":"1","stringValue":"x"}', "x"),
        ('{"intValue":"1","stringValue":null}', 1),
        ('{"string_value":"x"}', "x"),
        ('{"stringValueStrindex":3}', None),
        ('{"stringValue":"x","stringValueStrindex":3}', "x"),
        ('{"stringValue":"x","string_value_strindex":3}', "x"),
    ],
)
def test_each_kind_of_value_keeps_its_type(any_value, expected):
    found = value_of(any_value)
    assert found == expected
    assert type(found) is type(expected)


def test_nan_is_a_double():
    assert math.isnan(value_of('{"doubleValue":"NaN"}'))


@pytest.mark.parametrize(
    "any_value",
    [
        '{"stringValue":1}',
        '{"stringValue":[]}',
        '{"boolValue":"true"}',
        '{"boolValue":1}',
        '{"intValue":1.5}',
        '{"intValue":true}',
        '{"intValue":""}',
        '{"intValue":"9223372036854775808"}',
        '{"intValue":"1e+21"}',
        '{"intValue":9223372036854775807.5}',
        '{"intValue":1e999}',
        '{"doubleValue":1e999}',
        '{"doubleValue":"1e999"}',
        '{"doubleValue":""}',
        '{"doubleValue":"nan"}',
        '{"doubleValue":"inf"}',
        '{"doubleValue":"1_0"}',
        '{"doubleValue":" 1"}',
        '{"doubleValue":true}',
        '{"doubleValue":[]}',
        '{"bytesValue":"***"}',
        '{"bytesValue":"3q2+7w="}',
        '{"bytesValue":"3q2+7w==="}',
        '{"bytesValue":"3q2+7"}',
        '{"bytesValue":"3q 2+7w"}',
        '{"bytesValue":"é"}',
        '{"bytesValue":1}',
        '{"arrayValue":[]}',
        '{"arrayValue":{"values":{}}}',
        '{"arrayValue":{"values":[null]}}',
        '{"kvlistValue":{"values":[null]}}',
        '{"intValue":"x","stringValue":"later"}',
        '"text"',
        "1",
        "[]",
    ],
)
def test_a_value_of_another_type_is_refused(any_value):
    with pytest.raises(DecodeError) as caught:
        value_of(any_value)
    assert caught.value.field.startswith(f"{SPAN}.attributes[0].value")


def test_an_integer_that_became_a_double_is_told():
    attributes = '"attributes":[{"key":"k","value":{"intValue":1e+21}}]'
    assert decode_json(text_of(attributes)).warnings == ["integers outside of 64 bits kept as doubles (1)"]


def test_an_attribute_may_lack_its_key_or_its_value():
    assert one(attributes=[{}, {"key": "k"}, {"key": "n", "value": None}]).attributes == {
        "": None,
        "k": None,
        "n": None,
    }


def test_repeated_keys_keep_the_last_value_and_the_first():
    pairs = [("a", 1), ("b", 2), ("a", 3)]
    span = one(attributes=[{"key": key, "value": {"intValue": value}} for key, value in pairs])
    assert list(span.attributes.items()) == [("b", 2), ("a", 3)]
    assert list(span.first.items()) == [("a", 1), ("b", 2)]


def test_the_last_of_a_repeated_member_wins():
    assert decode_json(text_of('"name":"first","name":"last"')).spans[0].name == "last"


def test_null_is_the_default_of_every_member():
    optional = sorted(SPAN_MEMBERS.camel - {"traceId", "spanId"})
    of_nulls, of_nothing = (one(**dict.fromkeys(optional, absent)) for absent in (None, ...))
    assert replace(of_nulls, resource=of_nothing.resource, scope=of_nothing.scope) == of_nothing


def test_unknown_members_are_ignored_at_every_level():
    unknown = {"future": [[], {"x": [1, {"y": None}]}]}
    attribute = {"key": "k", "value": {"stringValue": "v"} | unknown} | unknown
    span = json_span(attributes=[attribute], events=[unknown], status=unknown) | unknown
    scope_spans = {"scope": unknown, "spans": [span]} | unknown
    document = {"resourceSpans": [{"resource": unknown, "scopeSpans": [scope_spans]} | unknown]} | unknown
    assert decode_json(document).spans[0].attributes == {"k": "v"}


def test_original_names_are_read_where_the_camel_form_is_absent():
    span = {
        "trace_id": TRACE_ID,
        "span_id": SPAN_ID,
        "start_time_unix_nano": "1",
        "end_time_unix_nano": "2",
        "endTimeUnixNano": "3",
        "dropped_events_count": 4,
        "events": [{"time_unix_nano": "5"}],
    }
    document = {"resource_spans": [{"scope_spans": [{"spans": [span]}], "scopeSpans": None}]}
    assert decode_json(document).spans == []
    del document["resource_spans"][0]["scopeSpans"]
    (found,) = decode_json(document).spans
    assert (found.trace_id, found.span_id, found.start_ns, found.end_ns) == (TRACE_ID, SPAN_ID, 1, 3)
    assert (found.dropped_events_count, found.events[0].time_ns) == (4, 5)


def test_the_names_of_2021_are_read_besides_those_of_today():
    old = {"scope": None, "instrumentationLibrary": {"name": "old"}, "spans": [json_span(name="old")]}
    new = {"scope": {"name": "new"}, "spans": [json_span(name="new")]}
    document = {"resourceSpans": [{"scopeSpans": [new], "instrumentationLibrarySpans": [old]}]}
    assert [(span.name, span.scope.name) for span in decode_json(document).spans] == [("new", "new"), ("old", "old")]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("\\ud83d", "\ufffd"),
        ("\\uDE80x", "\ufffdx"),
        ("\\ude80\\ud83d", "\ufffd\ufffd"),
        ("\\ud83d\\ud83d\\ude80", "\ufffd\U0001f680"),
        ("\\ud83d\\ude80", "\U0001f680"),
        ("\\\\ud83d", "\\ud83d"),
        ("\\\\\\ud83d", "\\\ufffd"),
        ("\\u0000", "\0"),
    ],
)
def test_half_a_surrogate_pair_is_replaced(written, read):
    assert decode_json(text_of(f'"name":"{written}"')).spans[0].name == read


def nested(depth: int) -> str:
    return '{"arrayValue":{"values":[' * depth + "{}" + "]}}" * depth


@pytest.mark.parametrize(("depth", "passes"), [(1, True), (30, True), (31, False), (200, False), (400, False)])
def test_values_nest_to_100_levels(depth, passes):
    if passes:
        found = value_of(nested(depth))
        for _ in range(depth):
            (found,) = found
        assert found is None
    else:
        with pytest.raises(DecodeError, match=r"nested"):
            value_of(nested(depth))


@pytest.mark.parametrize(("depth", "passes"), [(93, True), (94, False), (900, False), (5000, False)])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_what_is_ignored_nests_to_100_levels_too(depth, passes, opening, closing):
    body = text_of(f'"future":{opening * depth}1{closing * depth}')
    if passes:
        assert len(decode_json(body).spans) == 1
    else:
        with pytest.raises(DecodeError, match="nested"):
            decode_json(body)


def test_numbers_of_any_size_are_ignored_in_unknown_members():
    assert len(decode_json(text_of(f'"future":[1e999,{"9" * 5000},-0.0]')).spans) == 1


def test_equal_resources_are_one_object():
    shop, other = ({"attributes": [{"key": "service.name", "value": {"stringValue": name}}]} for name in ("a", "b"))
    document = {
        "resourceSpans": [
            {"resource": resource, "scopeSpans": [{"spans": [json_span()]}]} for resource in (shop, other, shop)
        ]
    }
    spans = decode_json(document).spans
    assert spans[0].resource is spans[2].resource is not spans[1].resource


def test_a_resource_with_numbers_that_need_their_digits_is_read():
    value = '{"key":"k","value":{"intValue":9007199254740993.0}}'
    body = '{"resourceSpans":[{"resource":{"attributes":[%s]},"scopeSpans":[{"spans":[%s]}]}]}'
    (span,) = decode_json((body % (value, compact(json_span()).decode())).encode()).spans
    assert span.resource.attributes == {"k": 9007199254740993}


def test_a_resource_nested_too_deep_is_refused():
    future: list[Any] = []
    for _ in range(300):
        future = [future]
    with pytest.raises(DecodeError, match="nested") as caught:
        decode_json({"resourceSpans": [{"resource": {"attributes": [], "future": future}}]})
    assert caught.value.field == "resourceSpans[0].resource"


def test_a_key_of_any_length_is_read():
    key = "k" * 20000
    assert one(attributes=[{"key": key, "value": {"stringValue": "v"}}]).attributes == {key: "v"}


def test_more_than_1024_attributes_are_dropped_and_counted():
    attributes = [{"key": str(number), "value": {"intValue": number}} for number in range(1030)]
    decoded = decode_json(json_request(json_span(attributes=attributes, droppedAttributesCount=1)))
    assert list(decoded.spans[0].attributes) == [str(number) for number in range(1024)]
    assert decoded.spans[0].dropped_attributes_count == 7
    assert decoded.warnings == ["attributes dropped, more than 1,024 in one place (6)"]


def test_a_dropped_attribute_is_checked_all_the_same():
    with pytest.raises(DecodeError) as caught:
        one(attributes=[{}] * 1024 + [{"value": {"boolValue": 1}}])
    assert caught.value.field == f"{SPAN}.attributes[1024].value.boolValue"


@pytest.mark.parametrize("sent", ["x" * 70000, "é" * 40000, "\U0001f680" * 16385])
def test_a_long_string_is_cut_between_characters(sent):
    decoded = decode_json(json_request(json_span(name=sent, attributes=[{"key": "k", "value": {"stringValue": sent}}])))
    (span,) = decoded.spans
    assert len(span.name.encode()) == 65536
    assert sent.startswith(span.name)
    assert span.attributes == {"k": span.name}
    assert decoded.warnings == ["strings cut at 64 KiB (2)"]


def test_spans_over_the_limit_are_too_large():
    document = json_request(*[json_span()] * 3)
    assert len(decode_json(document, max_spans=3).spans) == 3
    with pytest.raises(TooLargeError, match="more than 2 spans"):
        decode_json(document, max_spans=2)


def test_half_a_million_events_are_too_large():
    with pytest.raises(TooLargeError, match="500000"):
        decode_json(json_request(json_span(events=[{}] * 500_001)))


@pytest.mark.parametrize("name", ["resourceLogs", "resourceMetrics", "resourceProfiles"])
def test_the_export_of_another_signal_is_ignored_with_a_warning(name):
    decoded = decode_json({name: [{}]})
    assert decoded.spans == []
    assert decoded.warnings == ["members ignored that hold logs, metrics or profiles, not traces (1)"]
