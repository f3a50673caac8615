"""OTLP messages for these tests, made with the stock classes and by hand where those refuse."""

from typing import Any

from opentelemetry.proto.trace.v1.trace_pb2 import Span, TracesData

from raygate.decode import Decoded, decode
from raygate.request import Request
from raygate.settings import Settings
from tests.builders import END_NS, SPAN_ID, START_NS, TRACE_ID
from tests.corpus import compact

LENGTH_DELIMITED = 2


def field(number: int, content: bytes) -> bytes:
    """One length-delimited field on the wire."""
    return varint(number << 3 | LENGTH_DELIMITED) + varint(len(content)) + content


def varint(number: int) -> bytes:
    head = b""
    while number > 0x7F:
        head += bytes([number & 0x7F | 0x80])
        number >>= 7
    return head + bytes([number])


IDS = field(1, bytes.fromhex(TRACE_ID)) + field(2, bytes.fromhex(SPAN_ID))


def in_request(*spans: bytes, resource: bytes = b"", scope: bytes = b"") -> bytes:
    """A request of one resource and one scope."""
    scope_spans = field(1, scope) + b"".join(field(2, span) for span in spans)
    return field(1, field(1, resource) + field(2, scope_spans))


def stock_request(*spans: Span) -> bytes:
    """The same, from stock messages."""
    data = TracesData()
    data.resource_spans.add().scope_spans.add().spans.extend(spans)
    return data.SerializeToString()


def stock_span(**fields: Any) -> Span:
    """A stock span with valid identifiers."""
    ids = {"trace_id": bytes.fromhex(TRACE_ID), "span_id": bytes.fromhex(SPAN_ID)}
    return Span(**(ids | fields))


def json_span(**members: Any) -> dict[str, Any]:
    """A span as OTLP/JSON has it; a member that is `...` is left out."""
    span = {
        "traceId": TRACE_ID,
        "spanId": SPAN_ID,
        "name": "op",
        "kind": 1,
        "startTimeUnixNano": str(START_NS),
        "endTimeUnixNano": str(END_NS),
    } | members
    return {name: value for name, value in span.items() if value is not ...}


def json_request(*spans: Any) -> dict[str, Any]:
    """A request as OTLP/JSON has it."""
    return {"resourceSpans": [{"scopeSpans": [{"spans": list(spans)}]}]}


def decode_json(document: Any, **settings: int) -> Decoded:
    """Decode a document: JSON text in bytes, or what is to be written as JSON."""
    body = document if isinstance(document, bytes) else compact(document)
    return decode(Request(body, "json"), Settings(**settings))  # type: ignore[arg-type]  # limits are integers


def decode_protobuf(body: bytes, **settings: int) -> Decoded:
    """Decode a protobuf message."""
    return decode(Request(body, "protobuf"), Settings(**settings))  # type: ignore[arg-type]  # limits are integers
