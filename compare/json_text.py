"""A made-up request as OTLP/JSON, not compressed.

Gives   `strict`, and `loose`: with the liberties that the collector's reader allows.
Source  OTLP/JSON; ProtoJSON.
"""

import json
import math
import re
from base64 import b64encode
from collections.abc import Callable
from typing import Any, Final

from compare.given import Given, Pairs, Scope, Sender, Span, Value
from compare.loose import loosely


def strict(given: Given) -> bytes:
    """The same as OTLP/JSON."""
    return _dumped(_request(given))


def loose(given: Given) -> bytes:
    """The same with the liberties that the collector's reader allows."""
    return _dumped(loosely(_request(given)))


def _dumped(request: dict[str, Any]) -> bytes:
    text = json.dumps(request, separators=(",", ":"), ensure_ascii=False)
    return _SURROGATES.sub(lambda found: f"\\u{ord(found[0][0]):04x}", text).encode()


def _request(given: Given) -> dict[str, Any]:
    return {"resourceSpans": [_sender(sender) for sender in given]}


def _sender(sender: Sender) -> dict[str, Any]:
    resource = {"attributes": _pairs(sender.resource)}
    return {"resource": resource, "scopeSpans": [_scope_spans(scope) for scope in sender.scopes]}


def _scope_spans(scope: Scope) -> dict[str, Any]:
    described = {"name": scope.name, "attributes": _pairs(scope.attributes)}
    return {"scope": described, "spans": [_span(span) for span in scope.spans]}


def _span(span: Span) -> dict[str, Any]:
    return {
        "traceId": span.trace_id.hex(),
        "spanId": span.span_id.hex(),
        "traceState": span.trace_state,
        "parentSpanId": span.parent_span_id.hex(),
        "name": span.name,
        "kind": span.kind,
        "startTimeUnixNano": str(span.start_ns),
        "endTimeUnixNano": str(span.end_ns),
        "attributes": _pairs(span.attributes),
        "events": [
            {"timeUnixNano": str(event.time_ns), "name": event.name, "attributes": _pairs(event.attributes)}
            for event in span.events
        ],
        "links": [
            {"traceId": link.trace_id.hex(), "spanId": link.span_id.hex(), "attributes": _pairs(link.attributes)}
            for link in span.links
        ],
        "status": {"code": span.status_code, "message": span.status_message},
    }


def _pairs(pairs: Pairs) -> list[dict[str, Any]]:
    return [{"key": key, "value": _value(value)} for key, value in pairs]


def _value(value: Value) -> dict[str, Any]:
    write = _VALUES.get(type(value))
    return write(value) if write else {}


_NO_NUMBERS: Final = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}
_VALUES: Final[dict[type, Callable[[Any], dict[str, Any]]]] = {
    str: lambda value: {"stringValue": value},
    bool: lambda value: {"boolValue": value},
    int: lambda value: {"intValue": str(value)},
    float: lambda value: {"doubleValue": value if math.isfinite(value) else _NO_NUMBERS[str(value)]},
    list: lambda value: {"arrayValue": {"values": [_value(item) for item in value]}},
    Pairs: lambda value: {"kvlistValue": {"values": _pairs(value)}},
    bytes: lambda value: {"bytesValue": b64encode(value).decode()},
}
_SURROGATES: Final = re.compile("[\ud800-\udfff]+")
"""Of several in a row the collector's reader makes pairs that are none, so only one of them is written."""
