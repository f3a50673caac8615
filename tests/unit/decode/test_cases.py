"""The conformance cases of the front door, as far as they are about what is in a body."""

from base64 import b64encode
from typing import Any

import pytest

from raygate.decode import Decoded, decode
from raygate.errors import DecodeError, EncodingError, TooLargeError
from raygate.request import Request
from raygate.settings import Settings
from raygate.span import Event, Link, Span, Value
from tests.conformance.rules import RULES
from tests.corpus import case_body, http_cases

SECTIONS = {
    "content-encodings",
    "empty-requests",
    "protobuf-decoding",
    "json-decoding",
    "json-mapping",
    "partial-success",
}
CASES = [case for case in (*http_cases(), *RULES) if case["section"] in SECTIONS]

STATUSES: dict[type[DecodeError], int] = {DecodeError: 400, TooLargeError: 413, EncodingError: 415}

LIMITED = Settings(max_wire_bytes=1_048_576, max_decompressed_bytes=1_048_576)


def request_of(case: dict[str, Any]) -> Request:
    headers = {name.lower(): value for name, value in case["request"]["headers"]}
    encoding = "json" if headers["content-type"] == "application/json" else "protobuf"
    return Request(case_body(case), encoding, headers.get("content-encoding", ""))  # type: ignore[arg-type]


def answer(case: dict[str, Any]) -> tuple[int, Decoded | None]:
    """The status that the front door will make of it, and what was decoded."""
    settings = LIMITED if "limits" in case.get("requires", ()) else Settings()
    try:
        decoded = decode(request_of(case), settings)
    except DecodeError as error:
        return STATUSES[type(error)], None
    return (400 if decoded.rejected and not decoded.spans else 200), decoded


def any_value(value: Value) -> dict[str, Any]:
    if value is None:
        return {}
    if isinstance(value, list):
        return {"arrayValue": {"values": [any_value(item) for item in value]}}
    if isinstance(value, dict):
        return {"kvlistValue": {"values": key_values(value)}}
    kinds = {str: "stringValue", bool: "boolValue", int: "intValue", float: "doubleValue", bytes: "bytesValue"}
    return {kinds[type(value)]: plain(value)}


def plain(value: Value) -> Any:
    if isinstance(value, bytes):
        return b64encode(value).decode()
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    names = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}
    return names.get(repr(value), value)


def key_values(attributes: dict[str, Value]) -> list[dict[str, Any]]:
    return [{"key": key, "value": any_value(value)} for key, value in attributes.items()]


def event(found: Event) -> dict[str, Any]:
    return {"name": found.name, "timeUnixNano": str(found.time_ns), "attributes": key_values(found.attributes)}


def link(found: Link) -> dict[str, Any]:
    return {"traceId": found.trace_id, "spanId": found.span_id, "traceState": found.trace_state, "flags": found.flags}


def canonical(span: Span) -> dict[str, Any]:
    """A span in the words of the cases."""
    return {
        "traceId": span.trace_id,
        "spanId": span.span_id,
        "parentSpanId": span.parent_span_id,
        "traceState": span.trace_state,
        "name": span.name,
        "kind": span.kind,
        "flags": span.flags,
        "startTimeUnixNano": str(span.start_ns),
        "endTimeUnixNano": str(span.end_ns),
        "attributes": key_values(span.attributes),
        "events": [event(one) for one in span.events],
        "links": [link(one) for one in span.links],
        "status": {"code": span.status_code, "message": span.status_message},
    }


def has(found: Any, wanted: Any) -> bool:
    """Every member that is wanted is there; lists have the same length."""
    if isinstance(wanted, dict) and wanted:
        return isinstance(found, dict) and all(name in found and has(found[name], wanted[name]) for name in wanted)
    if isinstance(wanted, list):
        return len(found) == len(wanted) and all(map(has, found, wanted))
    return bool(found == wanted)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['id']} {case.get('title', '')}")
def test_each_case_ends_as_it_says(case):
    expect = case["expect"]
    status, decoded = answer(case)
    assert status in (expect["status"] if isinstance(expect["status"], list) else [expect["status"]])
    if decoded is None or status != 200:
        return
    if expect.get("accepted_spans") is not None:
        assert len(decoded.spans) == expect["accepted_spans"]
    if "sink" in expect:
        assert has([canonical(span) for span in decoded.spans], expect["sink"])
    success = expect.get("body", {}).get("partial_success")
    if success == "none":
        assert (decoded.rejected, decoded.warnings) == ([], [])
    if isinstance(success, dict):
        assert len(decoded.rejected) == success["rejected_spans"]
