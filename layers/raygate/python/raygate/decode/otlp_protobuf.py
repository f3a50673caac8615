"""OTLP's protobuf → spans.

Takes   one ExportTraceServiceRequest as bytes; several of them joined are one.
Gives   `Decoded` with every span, identifiers unchecked.
Raises  `DecodeError` for bytes that are not OTLP, wherever they are; `TooLargeError` for too many spans.
Source  opentelemetry-proto; the protobuf encoding guide.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, TypeVar

from raygate.decode.decoded import OLD_SPANS_IGNORED, Decoded, Notes, within
from raygate.decode.key_values import KeyValues, remembering
from raygate.decode.limits import MOST_ATTRIBUTES, Tally
from raygate.decode.schema import (
    parse_event,
    parse_link,
    parse_request,
    parse_resource,
    parse_resource_spans,
    parse_scope,
    parse_scope_spans,
    parse_span,
    parse_status,
)
from raygate.decode.values import kept, text
from raygate.errors import DecodeError, TooLargeError
from raygate.span import NO_SPAN_ID, Attributes, Event, Link, Resource, Scope, Span

if TYPE_CHECKING:
    from raygate.settings import Settings

T = TypeVar("T")

NO_STATUS = (0, "")


def read(body: bytes, settings: "Settings") -> Decoded:
    """Every span of the request, in its order."""
    notes, tally = Notes(), Tally(settings)
    with remembering(notes, tally) as key_values:
        spans = _Reader(key_values, notes, tally).request(body)
    return Decoded(spans, range(len(spans)), [], notes.warnings(), len(body))


class _Reader:
    """One request being read. What is equal byte for byte within it is read once and shared."""

    def __init__(self, key_values: KeyValues, notes: Notes, tally: Tally) -> None:
        self._key_values = key_values
        self._notes = notes
        self._tally = tally
        self._resources: dict[bytes, Resource] = {}
        self._scopes: dict[bytes, Scope] = {}
        self._statuses: dict[bytes, tuple[int, str]] = {}
        self._spans: list[Span] = []

    def request(self, body: bytes) -> list[Span]:
        self._parts(parse_request(body, self._tally).resource_spans, self._resource_spans, "resourceSpans")
        return self._spans

    def _resource_spans(self, raw: bytes) -> None:
        message = parse_resource_spans(raw, self._tally)
        raw_resource = b"".join(message.resource[:])
        resource = self._resources.get(raw_resource) or self._key_values.resource(raw_resource, self._resource)
        self._resources[raw_resource] = resource

        def scope_spans(raw: bytes) -> None:
            self._scope_spans(raw, resource)

        self._parts(message.scope_spans[:], scope_spans, "scopeSpans")
        for old in message.old_scope_spans:
            self._old_scope_spans(old, resource)

    def _old_scope_spans(self, raw: bytes, resource: Resource) -> None:
        """Strictly these are unknown fields, which nobody refuses whatever they hold."""
        before = len(self._spans)
        self._tally.parts(1)
        try:
            self._scope_spans(raw, resource)
        except TooLargeError:
            raise
        except DecodeError:
            del self._spans[before:]
            self._notes.add(OLD_SPANS_IGNORED)

    def _scope_spans(self, raw: bytes, resource: Resource) -> None:
        message = parse_scope_spans(raw, self._tally)
        scope = _once(self._scopes, message.scope[:], self._scope)
        self._tally.spans(len(message.spans))
        self._read_spans(message.spans[:], resource, scope)

    def _read_spans(self, raws: Sequence[bytes], resource: Resource, scope: Scope) -> None:
        # The hot loop. A slice is a list, made at once; going through the runtime's own sequences takes twice the time.
        # Each attribute of a message costs Python a call into the runtime, so each is read once; what
        # nearly every span has is done here, in one place, without calls of our own; the rest is in small functions.
        notes, tally, key_value = self._notes, self._tally, self._key_values.__getitem__
        before = len(self._spans)
        try:
            for raw in raws:
                message = parse_span(raw, tally)
                parent_span_id = message.parent_span_id.hex()
                pairs = list(map(key_value, message.attributes[:]))
                missing = message.dropped_attributes_count
                attributes = first = dict(pairs)
                if len(attributes) != len(pairs) or len(pairs) > MOST_ATTRIBUTES:
                    attributes, first, more = kept(pairs, len(pairs), notes)
                    missing += more
                raw_events = message.events[:]
                raw_links = message.links[:]
                raw_status = message.status[:]
                status_code, status_message = (
                    _once(self._statuses, raw_status, self._status) if raw_status else NO_STATUS
                )
                trace_state = message.trace_state
                self._spans.append(
                    Span(
                        message.trace_id.hex(),
                        message.span_id.hex(),
                        "" if parent_span_id == NO_SPAN_ID else parent_span_id,
                        text(message.name, notes),
                        message.kind,
                        message.start_time_unix_nano,
                        message.end_time_unix_nano,
                        attributes,
                        first,
                        self._parts(raw_events, self._event, "events") if raw_events else [],
                        self._parts(raw_links, self._link, "links") if raw_links else [],
                        status_code,
                        status_message,
                        resource,
                        scope,
                        text(trace_state, notes) if trace_state else "",
                        message.flags,
                        missing,
                        message.dropped_events_count,
                        message.dropped_links_count,
                    )
                )
        except DecodeError as error:
            raise within(error, f"spans[{len(self._spans) - before}]") from error.__cause__

    def _attributes(self, raws: Sequence[bytes]) -> tuple[Attributes, Attributes, int]:
        pairs = [self._key_values[raw] for raw in raws]
        return kept(pairs, len(pairs), self._notes)

    def _parts(self, raws: Sequence[bytes], read_one: Callable[[bytes], T], name: str) -> list[T]:
        """All parts of one name, in order; an error says which one it was."""
        self._tally.parts(len(raws))
        results: list[T] = []
        try:
            results.extend(map(read_one, raws))
        except DecodeError as error:
            raise within(error, f"{name}[{len(results)}]") from error.__cause__
        return results

    def _event(self, raw: bytes) -> Event:
        message = parse_event(raw, self._tally)
        attributes, _, more = self._attributes(message.attributes[:])
        missing = message.dropped_attributes_count + more
        return Event(text(message.name, self._notes), message.time_unix_nano, attributes, missing)

    def _link(self, raw: bytes) -> Link:
        message = parse_link(raw, self._tally)
        attributes, _, more = self._attributes(message.attributes[:])
        return Link(
            message.trace_id.hex(),
            message.span_id.hex(),
            text(message.trace_state, self._notes),
            attributes,
            message.flags,
            message.dropped_attributes_count + more,
        )

    def _resource(self, raw: bytes) -> Resource:
        message = parse_resource(raw, self._tally)
        attributes, first, more = self._attributes(message.attributes[:])
        return Resource(attributes, first, message.dropped_attributes_count + more)

    def _scope(self, raw: bytes) -> Scope:
        message = parse_scope(raw, self._tally)
        attributes, _, _ = self._attributes(message.attributes[:])
        return Scope(text(message.name, self._notes), text(message.version, self._notes), attributes)

    def _status(self, raw: bytes) -> tuple[int, str]:
        message = parse_status(raw, self._tally)
        return message.code, text(message.message, self._notes)


def _once(known: dict[bytes, T], raws: Iterable[bytes], read_one: Callable[[bytes], T]) -> T:
    """The same bytes, the same object. What a message holds twice is joined, which is how protobuf merges."""
    raw = b"".join(raws)
    if raw not in known:
        known[raw] = read_one(raw)
    return known[raw]
