"""OTLP's JSON → spans.

Takes   one ExportTraceServiceRequest as JSON text, as strict or as loose as real senders write it.
Gives   `Decoded` with every span, identifiers in lower case and unchecked.
Raises  `DecodeError` with the place (`resourceSpans[0].scopeSpans[0].spans[2].startTimeUnixNano`); `TooLargeError`.
Source  OTLP/JSON: ProtoJSON with hexadecimal identifiers, integer enums and unknown members ignored.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar

import orjson

from raygate.decode import json_text
from raygate.decode.decoded import OTHER_SIGNALS, Decoded, Notes, within
from raygate.decode.json_fields import UINT32, UINT64, InexactError, Members, enum, identifier, integer, objects, text
from raygate.decode.json_members import (
    EVENT,
    LINK,
    REQUEST,
    RESOURCE,
    RESOURCE_SPANS,
    SCOPE,
    SCOPE_SPANS,
    SPAN,
    STATUS,
    members,
)
from raygate.decode.json_values import pairs
from raygate.decode.limits import MOST_ATTRIBUTES, Tally
from raygate.decode.values import kept
from raygate.errors import DecodeError
from raygate.span import NO_SPAN_ID, Attributes, Event, Link, Resource, Scope, Span

if TYPE_CHECKING:
    from raygate.settings import Settings

T = TypeVar("T")

KINDS: Final = {
    "SPAN_KIND_UNSPECIFIED": 0,
    "SPAN_KIND_INTERNAL": 1,
    "SPAN_KIND_SERVER": 2,
    "SPAN_KIND_CLIENT": 3,
    "SPAN_KIND_PRODUCER": 4,
    "SPAN_KIND_CONSUMER": 5,
}
STATUS_CODES: Final = {"STATUS_CODE_UNSET": 0, "STATUS_CODE_OK": 1, "STATUS_CODE_ERROR": 2}

NO_STATUS: Final = (0, "")

OTHERS: Final = frozenset({"resourceLogs", "resourceMetrics", "resourceProfiles"})
"""What the exports of other signals have: unknown here, and worth a warning."""

# Levels of nesting: each object and each list is one.
_REQUEST, _RESOURCE_SPANS, _SCOPE_SPANS, _SPAN, _PART = 1, 3, 5, 7, 9


def read(body: bytes, settings: "Settings") -> Decoded:
    """Every span of the request, in its order."""
    Tally(settings).values(body.count(b"{") + body.count(b"["))  # at least so many: before memory is spent on them
    try:
        return _read(json_text.read(body), len(body), settings)
    except InexactError:
        return _read(json_text.read_exactly(body), len(body), settings)


def _read(document: object, size: int, settings: "Settings") -> Decoded:
    notes = Notes()
    spans = _Reader(notes, Tally(settings)).request(document)
    return Decoded(spans, range(len(spans)), [], notes.warnings(), size)


class _Reader:
    """One request being read. Equal resources become one object."""

    def __init__(self, notes: Notes, tally: Tally) -> None:
        self._notes = notes
        self._tally = tally
        self._resources: dict[bytes, Resource] = {}
        self._spans: list[Span] = []

    def request(self, document: object) -> list[Span]:
        if document is None:
            raise DecodeError("the body is null, not an object")
        found = members(document, REQUEST, _REQUEST)
        self._parts(found, "resourceSpans", self._resource_spans)
        others = OTHERS & found.keys()
        if others:
            self._notes.add(OTHER_SIGNALS, len(others))
        return self._spans

    def _resource_spans(self, value: object) -> None:
        found = members(value, RESOURCE_SPANS, _RESOURCE_SPANS)
        text(found, "schemaUrl", self._notes)
        resource = _at("resource", self._shared_resource, found.get("resource"))

        def scope_spans(value: object) -> None:
            self._scope_spans(value, resource)

        self._parts(found, "scopeSpans", scope_spans)
        self._parts(found, "instrumentationLibrarySpans", scope_spans)

    def _scope_spans(self, value: object, resource: Resource) -> None:
        found = members(value, SCOPE_SPANS, _SCOPE_SPANS)
        text(found, "schemaUrl", self._notes)
        name = "instrumentationLibrary" if found.get("scope") is None else "scope"
        scope = _at(name, self._scope, found.get(name))
        spans = objects(found, "spans")
        self._tally.spans(len(spans))
        self._spans += _each(spans, "spans", lambda value: self._span(value, resource, scope))

    def _span(self, value: object, resource: Resource, scope: Scope) -> Span:
        # Most spans lack some members, and to look for each of them takes longer than to see that it is not there.
        notes = self._notes
        found = members(value, SPAN, _SPAN)
        attributes, first, missing = self._attributes(found, _SPAN)
        parent_span_id = identifier(found, "parentSpanId") if "parentSpanId" in found else ""
        status_code, status_message = _at("status", self._status, found["status"]) if "status" in found else NO_STATUS
        return Span(
            identifier(found, "traceId"),
            identifier(found, "spanId"),
            "" if parent_span_id == NO_SPAN_ID else parent_span_id,
            text(found, "name", notes),
            enum(found, "kind", KINDS),
            integer(found, "startTimeUnixNano", UINT64),
            integer(found, "endTimeUnixNano", UINT64),
            attributes,
            first,
            self._parts(found, "events", self._event) if "events" in found else (),
            self._parts(found, "links", self._link) if "links" in found else (),
            status_code,
            status_message,
            resource,
            scope,
            text(found, "traceState", notes) if "traceState" in found else "",
            integer(found, "flags", UINT32) if "flags" in found else 0,
            missing,
            integer(found, "droppedEventsCount", UINT32) if "droppedEventsCount" in found else 0,
            integer(found, "droppedLinksCount", UINT32) if "droppedLinksCount" in found else 0,
        )

    def _event(self, value: object) -> Event:
        found = members(value, EVENT, _PART)
        _, attributes, missing = self._attributes(found, _PART)
        time_ns = integer(found, "timeUnixNano", UINT64)
        return Event(text(found, "name", self._notes), time_ns, attributes, missing)

    def _link(self, value: object) -> Link:
        found = members(value, LINK, _PART)
        attributes, _, missing = self._attributes(found, _PART)
        return Link(
            identifier(found, "traceId"),
            identifier(found, "spanId"),
            text(found, "traceState", self._notes),
            attributes,
            integer(found, "flags", UINT32),
            missing,
        )

    def _status(self, value: object) -> tuple[int, str]:
        found = members(value, STATUS, _SPAN + 1)
        return enum(found, "code", STATUS_CODES), text(found, "message", self._notes)

    def _scope(self, value: object) -> Scope:
        found = members(value, SCOPE, _SCOPE_SPANS + 1)
        attributes, _, _ = self._attributes(found, _SCOPE_SPANS + 1)
        return Scope(text(found, "name", self._notes), text(found, "version", self._notes), attributes)

    def _shared_resource(self, value: object) -> Resource:
        try:
            written = orjson.dumps(value, option=orjson.OPT_PASSTHROUGH_SUBCLASS)
        except orjson.JSONEncodeError:  # nested deep, or numbers with exact digits: nothing to share
            return self._resource(value)
        if written not in self._resources:
            self._resources[written] = self._resource(value)
        return self._resources[written]

    def _resource(self, value: object) -> Resource:
        found = members(value, RESOURCE, _RESOURCE_SPANS + 1)
        return Resource(*self._attributes(found, _RESOURCE_SPANS + 1))

    def _attributes(self, found: Members, level: int) -> tuple[Attributes, Attributes, int]:
        missing = integer(found, "droppedAttributesCount", UINT32) if "droppedAttributesCount" in found else 0
        if "attributes" not in found:
            attributes: Attributes = {}
            return attributes, attributes, missing
        items = objects(found, "attributes")
        most = _at("attributes", pairs, items, MOST_ATTRIBUTES, self._notes, level + 1)
        attributes = first = dict(most)
        if len(attributes) != len(items):
            attributes, first, more = kept(most, len(items), self._notes)
            missing += more
        return attributes, first, missing

    def _parts(self, found: Members, name: str, read_one: Callable[[object], T]) -> Sequence[T]:
        values = objects(found, name)
        self._tally.parts(len(values))
        return _each(values, name, read_one) or ()


def _at(place: str, read_one: Callable[..., T], *arguments: Any) -> T:
    """What `read_one` says; an error says that it was here."""
    try:
        return read_one(*arguments)
    except DecodeError as error:
        raise within(error, place) from error.__cause__


def _each(values: list[Any], name: str, read_one: Callable[[object], T]) -> list[T]:
    """All elements of a list, in order; an error says which one it was."""
    results: list[T] = []
    try:
        results.extend(map(read_one, values))
    except DecodeError as error:
        raise within(error, f"{name}[{len(results)}]") from error.__cause__
    return results
