"""Plausible defaults for tests: the test says only what it is about."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from raygate.enrich import conventions
from raygate.span import INTERNAL, Attributes, Event, Link, Resource, Scope, Span, Value, copy_of

TRACE_ID = "68b1f2c05f84a1a7b3c1d2e3f4a5b6c7"
SPAN_ID = "a1b2c3d4e5f60718"
START_NS = 1_756_492_480_250_000_000
END_NS = 1_756_492_480_750_000_000


def a_resource(**attributes: Value) -> Resource:
    """A resource; `service__name="shop"` stands for `service.name`."""
    dotted: Attributes = {key.replace("__", "."): value for key, value in attributes.items()}
    return Resource(dotted, dotted)


def a_span(attributes: Mapping[str, Value] | None = None, **fields: Any) -> Span:
    """A span of half a second without parent, events or links."""
    given: Attributes = dict(attributes or {})
    values: dict[str, Any] = {
        "trace_id": TRACE_ID,
        "span_id": SPAN_ID,
        "parent_span_id": "",
        "name": "op",
        "kind": INTERNAL,
        "start_ns": START_NS,
        "end_ns": END_NS,
        "attributes": given,
        "first": given,
        "events": [],
        "links": [],
        "status_code": 0,
        "status_message": "",
        "resource": Resource(),
        "scope": Scope(),
    }
    return Span(**(values | fields))


def an_event(name: str, attributes: Mapping[str, Value] | None = None, time_ns: int = START_NS) -> Event:
    """A span event."""
    return Event(name, time_ns, dict(attributes or {}))


def a_link(attributes: Mapping[str, Value] | None = None, span_id: str = "b1b2c3d4e5f60718") -> Link:
    """A link to a span of the same trace."""
    return Link(TRACE_ID, span_id, "", dict(attributes or {}))


def extended(span: Span, used: list[str] | None = None) -> Span:
    """What the rows of conventions make of a span; the same span again where each part is still the same one."""
    changed = copy_of(span)
    conventions.apply(changed, used)
    changed.keys = None
    return span if all(getattr(changed, one.name) is getattr(span, one.name) for one in fields(span)) else changed
