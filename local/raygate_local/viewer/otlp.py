"""Spans → OTLP's JSON: what a sender would have to send to get them.

Takes   spans, as decoded.
Gives   an export request as a plain `dict`; `of_span`: one span as it is read best, keys and plain values.
Rules   Repeated keys are sent twice, as they came: the first value, then the last. Bytes are base64, 64-bit integers
        are text, numbers that are none are the word for it.
Source  opentelemetry-proto, trace/v1/trace.proto; the ProtoJSON mapping that OTLP/HTTP names.
"""

import base64
from collections.abc import Iterator, Sequence
from math import isfinite, isnan
from typing import Any, Final, TypeAlias

from raygate.span import Attributes, Event, Link, Resource, Scope, Span, Value

Json: TypeAlias = dict[str, Any]

KINDS: Final = ("unspecified", "internal", "server", "client", "producer", "consumer")
STATUSES: Final = ("unset", "ok", "error")


def request_of(spans: Sequence[Span]) -> Json:
    """All of them, each beside those of its resource and scope."""
    return {
        "resourceSpans": [
            {
                "resource": _resource(resource),
                "scopeSpans": [
                    {"scope": _scope(scope), "spans": [_span(span) for span in members]} for scope, members in scopes
                ],
            }
            for resource, scopes in _grouped(spans)
        ]
    }


def ordered(spans: Sequence[Span]) -> list[Span]:
    """As they come out of such a request again."""
    return [span for _, scopes in _grouped(spans) for _, members in scopes for span in members]


def of_span(span: Span) -> Json:
    """For a person: nothing wrapped, and the words for kind and status."""
    return {
        "name": span.name,
        "kind": KINDS[span.kind] if 0 <= span.kind < len(KINDS) else str(span.kind),
        "trace_id": span.trace_id,
        "span_id": span.span_id,
        "parent_span_id": span.parent_span_id,
        "trace_state": span.trace_state,
        "flags": span.flags,
        "start_ns": str(span.start_ns),
        "end_ns": str(span.end_ns),
        "status": {"code": STATUSES[span.status_code] if 0 <= span.status_code < 3 else str(span.status_code)}
        | _full(message=span.status_message),
        "attributes": plain(span.attributes),
        "resource": plain(span.resource.attributes),
        "scope": {"name": span.scope.name, "version": span.scope.version, "attributes": plain(span.scope.attributes)},
        "events": [
            {"name": event.name, "time_ns": str(event.time_ns), "attributes": plain(event.attributes)}
            for event in span.events
        ],
        "links": [
            {"trace_id": link.trace_id, "span_id": link.span_id, "attributes": plain(link.attributes)}
            for link in span.links
        ],
        "dropped": _full(
            attributes=span.dropped_attributes_count, events=span.dropped_events_count, links=span.dropped_links_count
        ),
    }


def plain(value: Value) -> Any:
    """A value in JSON's own words."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, float) and not isfinite(value):
        return _word(value)
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def _span(span: Span) -> Json:
    return _full(
        traceId=span.trace_id,
        spanId=span.span_id,
        parentSpanId=span.parent_span_id,
        traceState=span.trace_state,
        flags=span.flags,
        name=span.name,
        kind=span.kind,
        startTimeUnixNano=str(span.start_ns),
        endTimeUnixNano=str(span.end_ns),
        attributes=_attributes(span),
        droppedAttributesCount=span.dropped_attributes_count,
        events=[_event(event) for event in span.events],
        droppedEventsCount=span.dropped_events_count,
        links=[_link(link) for link in span.links],
        droppedLinksCount=span.dropped_links_count,
        status=_full(code=span.status_code, message=span.status_message),
    )


def _grouped(spans: Sequence[Span]) -> list[tuple[Resource, list[tuple[Scope, list[Span]]]]]:
    """By resource and scope, which their spans share."""
    resources: dict[int, tuple[Resource, dict[int, tuple[Scope, list[Span]]]]] = {}
    for span in spans:
        _, scopes = resources.setdefault(id(span.resource), (span.resource, {}))
        scopes.setdefault(id(span.scope), (span.scope, []))[1].append(span)
    return [(resource, list(scopes.values())) for resource, scopes in resources.values()]


def _resource(resource: Resource) -> Json:
    return _full(attributes=_attributes(resource), droppedAttributesCount=resource.dropped_attributes_count)


def _scope(scope: Scope) -> Json:
    return _full(name=scope.name, version=scope.version, attributes=_pairs(scope.attributes))


def _event(event: Event) -> Json:
    return _full(
        timeUnixNano=str(event.time_ns),
        name=event.name,
        attributes=_pairs(event.attributes),
        droppedAttributesCount=event.dropped_attributes_count,
    )


def _link(link: Link) -> Json:
    return _full(
        traceId=link.trace_id,
        spanId=link.span_id,
        traceState=link.trace_state,
        flags=link.flags,
        attributes=_pairs(link.attributes),
        droppedAttributesCount=link.dropped_attributes_count,
    )


def _attributes(of: Span | Resource) -> list[Json]:
    if of.first is of.attributes:
        return _pairs(of.attributes)
    repeated = {key: value for key, value in of.first.items() if value is not of.attributes.get(key)}
    return _pairs(repeated) + _pairs(of.attributes)


def _pairs(attributes: Attributes) -> list[Json]:
    return [{"key": key, "value": _wrapped(value)} for key, value in attributes.items()]


def _wrapped(value: Value) -> Json:
    """OTLP's AnyValue; a truth value is an integer to Python too, so it comes first."""
    return next(({name: form(value)} for kind, name, form in _FORMS if isinstance(value, kind)), {})


def _array(value: Any) -> Json:
    return {"values": [_wrapped(item) for item in value]}


def _list(value: Any) -> Json:
    return {"values": _pairs(value)}


def _double(value: Any) -> Any:
    return value if isfinite(value) else _word(value)


def _base64(value: Any) -> str:
    return base64.b64encode(value).decode()


_FORMS: Final[tuple[tuple[type, str, Any], ...]] = (
    (str, "stringValue", str),
    (bool, "boolValue", bool),
    (int, "intValue", str),
    (float, "doubleValue", _double),
    (bytes, "bytesValue", _base64),
    (list, "arrayValue", _array),
    (dict, "kvlistValue", _list),
)


def _word(value: float) -> str:
    return "NaN" if isnan(value) else "Infinity" if value > 0 else "-Infinity"


def _full(**members: Any) -> Json:
    """Without what is empty: absent means the same."""
    return dict(_non_empty(members))


def _non_empty(members: Json) -> Iterator[tuple[str, Any]]:
    return ((name, value) for name, value in members.items() if value not in ("", 0, [], {}))
