"""OTLP messages from plain values, with the real classes of opentelemetry-proto.

Takes   attributes as a dict of Python values; random numbers from the caller.
Gives   `span`, `event`, `link`, `resource_spans`; `packed`: a request as gzip'd bytes, in protobuf or JSON.
"""

import gzip
from base64 import b64decode
from collections.abc import Callable, Iterable, Mapping, Sequence
from random import Random
from typing import Any, Final

import orjson
from google.protobuf.json_format import MessageToDict
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, InstrumentationScope, KeyValue, KeyValueList
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, Status, TracesData

from raygate.request import Encoding

__all__ = ["ResourceSpans", "Span", "event", "link", "packed", "resource_spans", "span"]

FIRST_NS: Final = 1_790_000_000_000_000_000
"""All spans begin within an hour after this."""

_HEXADECIMAL: Final = frozenset({"traceId", "spanId", "parentSpanId"})


def value(given: Any) -> AnyValue:
    """An attribute's value."""
    make = _VALUES.get(type(given))
    return make(given) if make else AnyValue()


def key_values(attributes: Mapping[str, Any]) -> list[KeyValue]:
    """Attributes, in order."""
    return [KeyValue(key=key, value=value(given)) for key, given in attributes.items()]


_VALUES: Final[dict[type, Callable[[Any], AnyValue]]] = {
    str: lambda given: AnyValue(string_value=given),
    bool: lambda given: AnyValue(bool_value=given),
    int: lambda given: AnyValue(int_value=given),
    float: lambda given: AnyValue(double_value=given),
    bytes: lambda given: AnyValue(bytes_value=given),
    list: lambda given: AnyValue(array_value=ArrayValue(values=map(value, given))),
    dict: lambda given: AnyValue(kvlist_value=KeyValueList(values=key_values(given))),
}


def span(  # noqa: PLR0913 - what a span has
    random: Random,
    name: str,
    kind: int,
    attributes: Mapping[str, Any],
    *,
    parent_span_id: bytes = b"",
    status: Status | None = None,
    events: Sequence[Span.Event] = (),
    links: Sequence[Span.Link] = (),
) -> Span:
    """A span with ids and times that repeat nowhere."""
    start_ns = FIRST_NS + random.randrange(3_600_000_000_000)
    return Span(
        trace_id=random.randbytes(16),
        span_id=random.randbytes(8),
        parent_span_id=parent_span_id,
        name=name,
        kind=kind,  # type: ignore[arg-type] # an enum's number is its value
        start_time_unix_nano=start_ns,
        end_time_unix_nano=start_ns + random.randrange(50_000, 2_000_000_000),
        attributes=key_values(attributes),
        events=events,
        links=links,
        status=status,
        flags=0x101,
    )


def event(random: Random, name: str, attributes: Mapping[str, Any]) -> Span.Event:
    """Something that happened during a span."""
    time_ns = FIRST_NS + random.randrange(3_600_000_000_000)
    return Span.Event(name=name, time_unix_nano=time_ns, attributes=key_values(attributes))


def link(random: Random, attributes: Mapping[str, Any]) -> Span.Link:
    """A pointer to a span elsewhere."""
    return Span.Link(trace_id=random.randbytes(16), span_id=random.randbytes(8), attributes=key_values(attributes))


def resource_spans(resource: Mapping[str, Any], scopes: Iterable[tuple[str, Sequence[Span]]]) -> ResourceSpans:
    """The spans of one sender, by the library that made them."""
    return ResourceSpans(
        resource=Resource(attributes=key_values(resource)),
        scope_spans=[
            ScopeSpans(scope=InstrumentationScope(name=name, version="1.4.2"), spans=spans) for name, spans in scopes
        ],
    )


def packed(parts: Sequence[ResourceSpans], encoding: Encoding = "protobuf") -> bytes:
    """One request, as it is sent."""
    message = TracesData(resource_spans=parts)
    return compressed(message.SerializeToString() if encoding == "protobuf" else as_json(message))


def compressed(body: bytes) -> bytes:
    """Gzip, as the SDKs do it."""
    return gzip.compress(body, compresslevel=6, mtime=0)


def as_json(message: TracesData) -> bytes:
    """OTLP's JSON, which has hexadecimal identifiers where protobuf's has base64."""
    return orjson.dumps(_hexadecimal(MessageToDict(message, use_integers_for_enums=True)))


def _hexadecimal(given: Any) -> Any:
    if isinstance(given, list):
        return [_hexadecimal(item) for item in given]
    if not isinstance(given, dict):
        return given
    return {key: b64decode(item).hex() if key in _HEXADECIMAL else _hexadecimal(item) for key, item in given.items()}
