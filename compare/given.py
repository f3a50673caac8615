"""A request as it is made up: plain values, from which both encodings are written.

Rules   Attributes are pairs in their order, since keys may repeat. Text may hold lone surrogates: in JSON they are
        written as escapes, in protobuf as bytes that are no UTF-8.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

Value: TypeAlias = "str | bool | int | float | bytes | list[Value] | Pairs | None"
"""`None` is OTLP's empty value."""


class Pairs(tuple[tuple[str, Value], ...]):
    """Attributes, or a map among their values."""

    __slots__ = ()


@dataclass(slots=True)
class Event:
    """Something that happened during a span."""

    name: str
    time_ns: int
    attributes: Pairs


@dataclass(slots=True)
class Link:
    """A pointer to another span."""

    trace_id: bytes
    span_id: bytes
    attributes: Pairs


@dataclass(slots=True)
class Span:
    """One span."""

    trace_id: bytes
    span_id: bytes
    parent_span_id: bytes
    name: str
    kind: int
    start_ns: int
    end_ns: int
    attributes: Pairs
    events: list[Event] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    status_code: int = 0
    status_message: str = ""
    trace_state: str = ""


@dataclass(slots=True)
class Scope:
    """The library that made the spans."""

    name: str
    attributes: Pairs
    spans: list[Span]


@dataclass(slots=True)
class Sender:
    """A resource and its spans, scope by scope."""

    resource: Pairs
    scopes: list[Scope]


Given: TypeAlias = Sequence[Sender]


def spans_of(given: Given) -> list[Span]:
    """All spans, in the order of their documents."""
    return [span for sender in given for scope in sender.scopes for span in scope.spans]
