"""Empty requests, protobuf on the wire, identifiers and partial success in both encodings."""

from collections.abc import Mapping
from typing import Any, Final

from tests.conformance.rules.form import (
    JSON,
    MESSAGE,
    OTHER_SPAN_ID,
    PROTOBUF,
    SPAN_ID,
    TRACE_ID,
    Case,
    http,
    kept,
    raw,
    refused,
    span_text,
)
from tests.unit.decode.messages import field, in_request, varint

TRACE, SPAN, PARENT, NAME, ATTRIBUTES, EVENTS, LINKS, STATUS = 1, 2, 4, 5, 9, 11, 13, 15
IDS: Final = field(TRACE, bytes.fromhex(TRACE_ID)) + field(SPAN, bytes.fromhex(SPAN_ID))
OTHER: Final = field(TRACE, bytes.fromhex(TRACE_ID)) + field(SPAN, bytes.fromhex(OTHER_SPAN_ID))

EMPTY: Final = {
    "no resources": '{"resourceSpans":[]}',
    "null for a list": '{"resourceSpans":null}',
    "a resource of nothing": '{"resourceSpans":[{}]}',
    "a scope of nothing": '{"resourceSpans":[{"scopeSpans":[{}]}]}',
    "nulls all the way": '{"resourceSpans":[{"resource":null,"scopeSpans":[{"scope":null,"spans":null}]}]}',
    "white space around it": " \r\n\t{} \n",
    "unknown members alone": '{"ResourceSpans":[1],"x":{"y":[null]}}',
}
NO_MESSAGE: Final = ("", " ", "\n\t\r ", " null ", "0", "true", "\x00")


def attribute(any_value: bytes, key: bytes = b"a") -> bytes:
    """A span with that attribute."""
    return IDS + field(ATTRIBUTES, field(1, key) + field(2, any_value))


def values(*texts: str) -> dict[str, Any]:
    """The sink of a span whose one attribute is a list of texts."""
    return {"attributes": [{"key": "a", "value": {"arrayValue": {"values": [{"stringValue": one} for one in texts]}}}]}


def listed(content: bytes) -> bytes:
    """The value of an attribute: a list of that one text."""
    return field(2, field(5, field(1, field(1, content))))


def number(field_number: int, wire_type: int = 0) -> bytes:
    """The tag of a field."""
    return varint(field_number << 3 | wire_type)


READ: Final[dict[str, tuple[bytes, Mapping[str, Any]]]] = {
    "a group with all wire types in it": (
        number(99, 3) + b"\x08\x01\x11" + bytes(8) + b"\x1a\x01x\x25" + bytes(4) + number(99, 4) + MESSAGE,
        {"spanId": SPAN_ID},
    ),
    "groups in one another": (number(9, 3) * 3 + number(9, 4) * 3 + MESSAGE, {"spanId": SPAN_ID}),
    "the largest field number": (number(2**29 - 1) + b"\x01" + MESSAGE, {"spanId": SPAN_ID}),
    "numbers written longer than need be": (in_request(IDS + b"\x30\x83\x80\x00"), {"kind": 3}),
    "a name twice": (in_request(IDS + field(NAME, b"a") + field(NAME, b"b")), {"name": "b"}),
    "an identifier twice": (in_request(field(TRACE, b"short") + IDS), {"traceId": TRACE_ID}),
    "a status in two parts": (
        in_request(IDS + field(STATUS, field(2, b"boom")) + field(STATUS, b"\x18\x02")),
        {"status": {"code": 2, "message": "boom"}},
    ),
    "a list in two parts": (
        in_request(IDS + field(ATTRIBUTES, field(1, b"a") + listed(b"x") + listed(b"y"))), values("x", "y"),
    ),
    "two members of a value": (
        in_request(attribute(field(1, b"x") + b"\x18\x05")), {"attributes": [{"key": "a", "value": {"intValue": "5"}}]},
    ),
    "an index that only profiles have beside a value": (
        in_request(attribute(field(1, b"x") + b"\x40\x03")),
        {"attributes": [{"key": "a", "value": {"stringValue": "x"}}]},
    ),
    "an unknown kind below zero": (in_request(IDS + b"\x30" + varint(2**64 - 1)), {"kind": -1}),
    "every bit of the flags": (in_request(IDS + number(16, 5) + b"\xff" * 4), {"flags": 2**32 - 1}),
    "a parent of zeros": (in_request(IDS + field(PARENT, bytes(8))), {"parentSpanId": ""}),
    "an empty value": (in_request(attribute(b"")), {"attributes": [{"key": "a", "value": {}}]}),
    "spans in field 1000 beside field 2": (
        field(1, field(2, field(2, IDS)) + field(1000, b"")), {"spanId": SPAN_ID},
    ),
}  # fmt: skip
WARNED: Final[dict[str, tuple[bytes, Mapping[str, Any]]]] = {
    "bad bytes in a key": (
        in_request(attribute(field(1, b"x"), b"k\xff")),
        {"attributes": [{"key": "k\ufffd", "value": {"stringValue": "x"}}]},
    ),
    "bad bytes in a list": (in_request(IDS + field(ATTRIBUTES, field(1, b"a") + listed(b"\xc3("))), values("\ufffd(")),
    "bad bytes in a status": (
        in_request(IDS + field(STATUS, field(2, b"\xff") + b"\x18\x02")), {"status": {"code": 2, "message": "\ufffd"}},
    ),
    "a link with a short identifier": (in_request(IDS + field(LINKS, field(1, b"short"))), {"links": []}),
}  # fmt: skip
UNREADABLE: Final = {
    "a varint of eleven bytes": b"\x08" + b"\xff" * 10 + b"\x01",
    "a tag of eleven bytes": b"\x80" * 10 + b"\x01",
    "field number 0": b"\x02\x00",
    "a field number over 29 bits": number(2**29) + b"\x01",
    "wire type 6": b"\x0e",
    "wire type 7": b"\x0f",
    "the end of a group that never began": number(99, 4),
    "a group that ends as another": number(15, 3) + number(16, 4),
    "32 bits that are cut": number(15, 5) + b"\x00",
    "64 bits that are cut": number(15, 1) + b"\x00" * 7,
    "a zero behind the message": MESSAGE + b"\x00",
    "a tag behind the message": MESSAGE + b"\n",
    "a length past the end, within a span": in_request(IDS + b"\x2a\x09short"),
    "resource spans as a number": number(1) + b"\x01",
    "scope spans as 32 bits": field(1, number(2, 5) + bytes(4)),
    "spans as a number": field(1, field(2, number(2) + b"\x01")),
    "a time as a varint": in_request(IDS + number(7) + b"\x01"),
    "a name as a number": in_request(IDS + number(5) + b"\x01"),
    "an event's time as a varint": in_request(IDS + field(EVENTS, number(1) + b"\x01")),
    "a text as a number": in_request(attribute(number(1) + b"\x01")),
    "a list's values as a number": in_request(attribute(field(5, number(1) + b"\x01"))),
    "a key in a list as a number": in_request(attribute(field(6, field(1, number(1) + b"\x01")))),
}
INVALID: Final = {
    "a trace id of 17 bytes": (field(TRACE, bytes(range(17))) + field(SPAN, bytes(range(8))), "traceId"),
    "a trace id in hexadecimal digits": (field(TRACE, TRACE_ID.encode()) + field(SPAN, SPAN_ID.encode()), "traceId"),
    "no trace id": (field(SPAN, bytes.fromhex(SPAN_ID)), "traceId is missing"),
    "no span id": (field(TRACE, bytes.fromhex(TRACE_ID)), "spanId is missing"),
    "a span id of zeros": (field(TRACE, bytes.fromhex(TRACE_ID)) + field(SPAN, bytes(8)), "spanId is all zeros"),
    "a span id of 7 bytes": (field(TRACE, bytes.fromhex(TRACE_ID)) + field(SPAN, b"1234567"), "spanId"),
    "a parent of 7 bytes": (IDS + field(PARENT, b"1234567"), "parentSpanId"),
    "nothing at all": (b"", "traceId is missing"),
}
INVALID_JSON: Final = {
    "dashes": f'"traceId":"{TRACE_ID[:8]}-{TRACE_ID[8:12]}-{TRACE_ID[12:16]}-{TRACE_ID[16:20]}-{TRACE_ID[20:]}"',
    "base64": '"traceId":"W47/95gDgQPSabYzgT/GDA=="',
    "hexadecimal read as base64": '"traceId":"e5bf1e7dfdf7dfcd1fd37d3776ebdbebddb7eb77f5fd77da"',
    "34 digits": f'"traceId":"{TRACE_ID}00"',
    "a blank at the end": f'"traceId":"{TRACE_ID[:-1]} "',
    "a digit of another script": f'"traceId":"\uff15{TRACE_ID[1:]}"',
    "0x": f'"traceId":"0x{TRACE_ID[2:]}"',
    "null": '"traceId":null',
    "a span id of zeros": '"spanId":"0000000000000000"',
    "a span id as long as a trace id": f'"spanId":"{TRACE_ID}"',
    "an empty span id": '"spanId":""',
    "a parent of 15 digits": '"parentSpanId":"eee19b7ec3c1b17"',
}
THREE: Final = "3 of 4 spans rejected: spanId is missing (2), traceId is missing (1)"
NOT_TEXT: Final = (
    '"traceId":true', '"spanId":[]', '"parentSpanId":0', '"links":[{"traceId":5}]', '"links":[{"spanId":{}}]',
)  # fmt: skip


def partial(count: int, says: str) -> dict[str, Any]:
    return {"rejected_spans": count, "error_message": {"contains_ci": says, "max_chars": 1_000}}


CASES: Final[tuple[Case, ...]] = (
    *(http("empty-requests", title, kept(spans=0), JSON, {"text": text}) for title, text in EMPTY.items()),
    *(http("empty-requests", f"{text!r} is no message", refused(400), JSON, {"text": text}) for text in NO_MESSAGE),
    http("empty-requests", "a resource without spans", kept("protobuf", 0), PROTOBUF, raw(field(1, field(2, b"")))),
    http("empty-requests", "unknown fields alone", kept("protobuf", 0), PROTOBUF, raw(field(99, b"x"))),
    *(
        http("protobuf-decoding", title, kept("protobuf", sink=[sink]), PROTOBUF, raw(body))
        for title, (body, sink) in READ.items()
    ),
    *(
        http("protobuf-decoding", title, kept("protobuf", success=partial(0, "1"), sink=[sink]), PROTOBUF, raw(body))
        for title, (body, sink) in WARNED.items()
    ),
    *(
        http("protobuf-decoding", title, refused(400, "protobuf"), PROTOBUF, raw(body))
        for title, body in UNREADABLE.items()
    ),
    *(
        http("protobuf-decoding", f"alone: {title}", refused(400, "protobuf", why), PROTOBUF, raw(in_request(span)))
        for title, (span, why) in INVALID.items()
    ),
    *(
        http(
            "partial-success",
            title,
            kept("protobuf", success=partial(1, f"1 of 2 spans rejected: {why}"), sink=[{"spanId": OTHER_SPAN_ID}]),
            PROTOBUF,
            raw(in_request(span, OTHER)),
        )
        for title, (span, why) in INVALID.items()
    ),
    *(
        http(
            "json-mapping", f"identifier: {title}", refused(400, says="1 of 1 spans rejected"), JSON, span_text(member)
        )
        for title, member in INVALID_JSON.items()
    ),
    *(
        http("json-mapping", f"no text: {member}", refused(400, says="not a string"), JSON, span_text(member))
        for member in NOT_TEXT
    ),
    http(
        "partial-success",
        "reasons are counted apart",
        kept("protobuf", success=partial(3, THREE), sink=[{"spanId": OTHER_SPAN_ID}]),
        PROTOBUF,
        raw(in_request(OTHER, b"", *[INVALID["no span id"][0]] * 2)),
    ),
    http(
        "partial-success",
        "an unreadable span beside a valid one refuses both",
        refused(400, "protobuf"),
        PROTOBUF,
        raw(in_request(OTHER, b"\xff")),
    ),
)
