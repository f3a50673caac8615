"""What travels from `decode` to `convert`: spans as plain values.

Gives   `Span` with its `Resource`, `Scope`, `Event`s and `Link`s; `copy_of`, a new span to change. Identifiers are
        lower-case hexadecimal text (`""` where the sender gave none), times are integer nanoseconds, enums are
        integers.
Rules   Values may be shared between spans and requests: nobody changes one in place. A span is not shared: whoever has
        been given it may replace its parts, and makes a copy where the old ones are still wanted.
        OTLP forbids repeated keys, senders repeat them all the same, and the exporter reads the first or the
        last of them depending on the place: `attributes` holds the last value of each key, in the order in which
        the last ones came; `first` holds the first. Without repeated keys, nearly always, they are one object. Events
        are only ever looked up by key, so theirs are the first.
Why     there is one object for each span, event and link: freezing costs time, and so do slots (decisions/0027).
Source  opentelemetry-proto, trace/v1/trace.proto.
"""

from collections.abc import Sequence
from dataclasses import field
from typing import Any, TypeAlias

from raygate.memory import KeySet
from raygate.records import dataclass

Value: TypeAlias = str | bool | int | float | bytes | list["Value"] | dict[str, "Value"] | None
"""An attribute's value; `None` is OTLP's empty value, present without being anything."""

Attributes: TypeAlias = dict[str, Value]

NESTED = frozenset({list, dict})
"""The types of the values that others are in."""

UNSPECIFIED, INTERNAL, SERVER, CLIENT, PRODUCER, CONSUMER = range(6)
"""Span kinds."""

STATUS_UNSET, STATUS_OK, STATUS_ERROR = range(3)
"""Status codes."""

NO_TRACE_ID = "0" * 32
NO_SPAN_ID = "0" * 16


@dataclass(slots=True, eq=False)
class Resource:
    """Who sent the spans. Compared by identity: the spans of one resource share one object."""

    attributes: Attributes = field(default_factory=dict)
    first: Attributes = field(default_factory=dict)
    dropped_attributes_count: int = 0
    memo: dict[object, Any] = field(default_factory=dict, repr=False)
    """What the later steps made of it, each under a key of its own: senders repeat their resource in every request."""


@dataclass(slots=True, eq=False)
class Scope:
    """The library that made the spans."""

    name: str = ""
    version: str = ""
    attributes: Attributes = field(default_factory=dict)


@dataclass()
class Event:
    """Something that happened during a span, such as an exception."""

    name: str
    time_ns: int
    attributes: Attributes
    dropped_attributes_count: int = 0


@dataclass()
class Link:
    """A span that this one points to."""

    trace_id: str
    span_id: str
    trace_state: str
    attributes: Attributes
    flags: int = 0
    dropped_attributes_count: int = 0


@dataclass()
class Span:
    """One unit of work, as it was sent."""

    trace_id: str
    span_id: str
    parent_span_id: str
    """`""` for a root; an all-zero parent reads as none."""
    name: str
    kind: int
    start_ns: int
    end_ns: int
    attributes: Attributes
    first: Attributes
    events: Sequence[Event]
    links: Sequence[Link]
    status_code: int
    status_message: str
    resource: Resource
    scope: Scope
    trace_state: str = ""
    flags: int = 0
    dropped_attributes_count: int = 0
    dropped_events_count: int = 0
    dropped_links_count: int = 0
    cleared_by: frozenset[str] | None = None
    """The secret keys of the redaction that found nothing to replace when this was read; None: look at it."""
    keys: KeySet | None = None
    """The keys of `attributes` where somebody has looked them up. Whoever sets other attributes takes it away."""


def copy_of(span: Span) -> Span:
    """A new span with the same parts, to set some of them. By hand: there is one for most spans."""
    return Span(
        span.trace_id,
        span.span_id,
        span.parent_span_id,
        span.name,
        span.kind,
        span.start_ns,
        span.end_ns,
        span.attributes,
        span.first,
        span.events,
        span.links,
        span.status_code,
        span.status_message,
        span.resource,
        span.scope,
        span.trace_state,
        span.flags,
        span.dropped_attributes_count,
        span.dropped_events_count,
        span.dropped_links_count,
        span.cleared_by,
        span.keys,
    )
