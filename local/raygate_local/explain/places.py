"""Every single thing that a span says: where it stands, what it is, and the same span saying something else there.

Takes   a span; it is never changed.
Gives   `Place`; `read`: the places of a span with their values; `without` and `instead`: other spans.
Note    identifiers, times, names and the like are places too, so that nothing of a document comes from nowhere.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from math import isfinite
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from raygate.span import Attributes, Event, Link, Resource, Span, Value

Kind: TypeAlias = Literal["span", "attribute", "resource", "event", "event attribute", "link", "link attribute"]

OF_A_SPAN: Final = {
    "trace_id": "trace id",
    "span_id": "id",
    "parent_span_id": "parent's id",
    "name": "name",
    "kind": "kind",
    "start_ns": "start time",
    "end_ns": "end time",
    "status_code": "status",
    "status_message": "status message",
}
EMPTY_WHEN_REMOVED: Final = frozenset({"parent_span_id", "name", "status_message"})
OF_AN_EVENT: Final = {"name": "name", "time_ns": "time"}
OF_A_LINK: Final = {"trace_id": "trace id", "span_id": "span id"}
ENUMS: Final = frozenset({"kind", "status_code"})
IDS: Final = frozenset({"trace_id", "span_id", "parent_span_id"})
Change: TypeAlias = Callable[[Attributes], Attributes]

MILLISECOND: Final = 1_000_000
STATUS_CODES: Final = (200, 404, 429, 500)
A_STATUS_CODE: Final = range(100, 600)
"""What may be an HTTP status: one of each class is tried in its place."""


class Place(NamedTuple):
    """One thing that a span says."""

    kind: Kind
    key: str
    position: int = 0
    """Of the event or link, from 0."""

    @property
    def is_enum(self) -> bool:
        """Whether its value only decides, and never stands in a document."""
        return self.kind == "span" and self.key in ENUMS

    def __str__(self) -> str:
        if self.kind == "span":
            return f"the span's {OF_A_SPAN[self.key]}"
        if self.kind == "attribute":
            return self.key
        if self.kind == "resource":
            return f"resource {self.key}"
        names = {"event": OF_AN_EVENT, "link": OF_A_LINK}.get(self.kind, {})
        return f"{self.kind.split()[0]} {self.position + 1} {names.get(self.key, self.key)}"


def read(span: Span) -> dict[Place, Any]:
    """All of them, in the order in which a reader looks: the span, its attributes, its resource, events, links."""
    return dict(_read(span))


def _read(span: Span) -> Iterator[tuple[Place, Any]]:
    for name in OF_A_SPAN:
        yield Place("span", name), getattr(span, name)
    for key, value in span.attributes.items():
        yield Place("attribute", key), value
    for key, value in span.resource.attributes.items():
        yield Place("resource", key), value
    for index, event in enumerate(span.events):
        for name in OF_AN_EVENT:
            yield Place("event", name, index), getattr(event, name)
        for key, value in event.attributes.items():
            yield Place("event attribute", key, index), value
    for index, link in enumerate(span.links):
        for name in OF_A_LINK:
            yield Place("link", name, index), getattr(link, name)
        for key, value in link.attributes.items():
            yield Place("link attribute", key, index), value


def without(span: Span, place: Place) -> Span | None:
    """The span without that; None for what every span has."""
    if place.kind in {"attribute", "resource", "event attribute", "link attribute"}:
        return _changed(span, place, lambda held: {key: value for key, value in held.items() if key != place.key})
    if place.kind == "span" and place.key in EMPTY_WHEN_REMOVED:
        return instead(span, place, "")
    return None


def instead(span: Span, place: Place, value: Any) -> Span:
    """The span with that value there; an attribute that was not there is added."""
    if place.kind == "span":
        return replace(span, **{place.key: value})
    if place.kind == "event":
        return _with_event(span, place.position, replace(span.events[place.position], **{place.key: value}))
    if place.kind == "link":
        return _with_link(span, place.position, replace(span.links[place.position], **{place.key: value}))
    return _changed(span, place, lambda held: {**held, place.key: value})


def others(place: Place, value: Any) -> list[Any]:
    """A few values of the same kind that are not this one."""
    if place.is_enum:
        return [number for number in range(6 if place.key == "kind" else 3) if number != value]
    if place.key in IDS and place.kind in {"span", "link"}:
        return [value[:-1] + ("1" if value[-1] != "1" else "2")] if value else []
    if place.kind == "span" and isinstance(value, int):
        return [value + MILLISECOND]
    return _others(value)


def _others(value: Value) -> list[Any]:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, float):
        return [value + 1 if isfinite(value) else 0.0]
    if isinstance(value, int):
        return [value + 1, *(code for code in STATUS_CODES if code != value and value in A_STATUS_CODE)]
    if isinstance(value, str):
        return _other_texts(value)
    if isinstance(value, bytes):
        return [value + b"x"]
    return _other_collections(value)


def _other_collections(value: Value) -> list[Any]:
    if isinstance(value, dict):
        return [{**value, "x": "x"}]
    if not isinstance(value, list):
        return []
    return [[*value, "x"], *([[f"{value[0]}x", *value[1:]]] if value and isinstance(value[0], str) else [])]


def _other_texts(text: str) -> list[str]:
    if text.isascii() and text.isdigit():
        return [text[:-1] + ("1" if text[-1] != "1" else "2"), *map(str, STATUS_CODES)]
    others = [f"{text}x"]
    if text and text[-1].isdecimal():  # an address of another machine is still an address
        others.append(text[:-1] + ("1" if text[-1] != "1" else "2"))
    if "//" in text:
        others.append(text.replace("//", "//x", 1))
    if text.startswith("{"):
        others += _other_objects(text)
    return others


def _other_objects(text: str) -> list[str]:
    """JSON in a text: with other values, so that it can still be read."""
    try:
        members = json.loads(text)
    except (ValueError, RecursionError):
        return []
    return [json.dumps({key: next(iter(_others(value)), "x") for key, value in members.items()})]


def _changed(span: Span, place: Place, change: Change) -> Span:
    """With other attributes, where that place is."""
    if place.kind == "attribute":
        attributes, first = _both(span.attributes, span.first, change)
        return replace(span, attributes=attributes, first=first, keys=None)
    if place.kind == "resource":
        resource = span.resource
        attributes, first = _both(resource.attributes, resource.first, change)
        return replace(span, resource=Resource(attributes, first, resource.dropped_attributes_count))
    if place.kind == "event attribute":
        event = span.events[place.position]
        return _with_event(span, place.position, replace(event, attributes=change(event.attributes)))
    link = span.links[place.position]
    return _with_link(span, place.position, replace(link, attributes=change(link.attributes)))


def _both(attributes: Attributes, first: Attributes, change: Change) -> tuple[Attributes, Attributes]:
    """The last and the first values of repeated keys: one object, nearly always."""
    changed = change(attributes)
    return changed, changed if first is attributes else change(first)


def _with_event(span: Span, index: int, event: Event) -> Span:
    return replace(span, events=[*span.events[:index], event, *span.events[index + 1 :]])


def _with_link(span: Span, index: int, link: Link) -> Span:
    return replace(span, links=[*span.links[:index], link, *span.links[index + 1 :]])
