"""OTLP's protobuf → spans.

Takes   one ExportTraceServiceRequest as bytes; several of them joined are one.
Gives   `Decoded` with every span, identifiers unchecked.
Raises  `DecodeError` for bytes that are not OTLP, wherever they are; `TooLargeError` for too many spans.
Source  opentelemetry-proto; the protobuf encoding guide.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from google.protobuf.message import DecodeError as ProtobufError
from google.protobuf.unknown_fields import UnknownFieldSet

from raygate.decode.decoded import OLD_SPANS_IGNORED, Decoded, Notes, within
from raygate.decode.key_values import KeyValues, remembering
from raygate.decode.limits import MOST_ATTRIBUTES, Tally
from raygate.decode.schema import (
    LONGEST_PLAIN,
    RareFields,
    parse_event,
    parse_link,
    parse_request,
    parse_resource,
    parse_resource_spans,
    parse_scope,
    parse_scope_spans,
    parse_span,
    plain_span,
    rare_fields,
)
from raygate.decode.values import kept, text
from raygate.errors import DecodeError, TooLargeError
from raygate.redact import Redaction
from raygate.span import NO_SPAN_ID, Attributes, Event, Link, Resource, Scope, Span

if TYPE_CHECKING:
    from raygate.settings import Settings

T = TypeVar("T")
S = TypeVar("S", Resource, Scope)

NOTHING_RARE = ((), (), "")
NO_STATUS = (0, "")
EMPTY_STATUS = [b""]
"""As nearly every sender has it."""


def read(body: bytes, settings: "Settings") -> Decoded:
    """Every span of the request, in its order."""
    notes, tally = Notes(), Tally(settings)
    with remembering(notes, tally, Redaction.of(settings)) as key_values:
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
        self._secret_keys = key_values.redaction.keys if key_values.redaction else None
        self._spans: list[Span] = []

    def request(self, body: bytes) -> list[Span]:
        self._parts(parse_request(body, self._tally).resource_spans, self._resource_spans, "resourceSpans")
        return self._spans

    def _resource_spans(self, raw: bytes) -> None:
        message = parse_resource_spans(raw, self._tally)
        raw_resource = b"".join(message.resource[:])
        resource = self._known(self._resources, self._key_values.resources, raw_resource, self._resource)

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
        scope = self._known(self._scopes, self._key_values.scopes, b"".join(message.scope[:]), self._scope)
        self._tally.spans(len(message.spans))
        self._read_spans(message.spans[:], resource, scope)

    def _read_spans(self, raws: Sequence[bytes], resource: Resource, scope: Scope) -> None:
        # The hot loop. A slice is a list, made at once; going through the runtime's own sequences takes twice the time.
        # Each attribute of a message costs Python a call into the runtime, so what few spans have is not asked for.
        spans, names, secret_keys = self._spans, self._key_values.names, self._secret_keys
        key_values, key_value = self._key_values, self._key_values.__getitem__
        before = len(spans)
        key_values.has_secret = False  # that of a resource is another matter
        try:
            for raw in raws:
                message, rare = plain_span(raw), None
                unknown = UnknownFieldSet(message) if len(raw) <= LONGEST_PLAIN else None
                if unknown is None or len(unknown):
                    message, rare = self._with_rare(raw, message, unknown)
                raw_attributes = message.attributes[:]
                attributes = first = dict(map(key_value, raw_attributes))
                missing = message.dropped_attributes_count
                if len(attributes) != len(raw_attributes) or len(attributes) > MOST_ATTRIBUTES:
                    attributes, first, more = self._kept(raw_attributes)
                    missing += more
                    key_values.has_secret |= first is not attributes  # of repeated keys some have to go
                events, links, trace_state = self._rare(rare) if rare else NOTHING_RARE
                parent_span_id = message.parent_span_id.hex()
                raw_name = message.name
                name = names.get(raw_name) or key_values.name(raw_name)
                raw_status = message.status[:]
                is_empty = not raw_status or raw_status == EMPTY_STATUS
                status_code, status_message = NO_STATUS if is_empty else self._status(raw_status)
                spans.append(
                    Span(
                        message.trace_id.hex(),
                        message.span_id.hex(),
                        "" if parent_span_id == NO_SPAN_ID else parent_span_id,
                        name,
                        message.kind,
                        message.start_time_unix_nano,
                        message.end_time_unix_nano,
                        attributes,
                        first,
                        events,
                        links,
                        status_code,
                        status_message,
                        resource,
                        scope,
                        trace_state,
                        message.flags,
                        missing,
                        message.dropped_events_count,
                        message.dropped_links_count,
                        None if key_values.has_secret else secret_keys,
                        None,  # named, since with a default left out Python makes it in its slow way
                    )
                )
                key_values.has_secret = False
        except ProtobufError as error:
            raise DecodeError("not a valid Span message", f"spans[{len(spans) - before}]") from error
        except DecodeError as error:
            raise within(error, f"spans[{len(spans) - before}]") from error.__cause__

    def _with_rare(self, raw: bytes, plain: Any, unknown: UnknownFieldSet | None) -> tuple[Any, RareFields]:
        """The span's message, and what few spans have; read again where more than that is unknown to the plain one."""
        rare = None if unknown is None else rare_fields(unknown)
        if rare is not None:
            return plain, rare
        message = parse_span(raw, self._tally)
        return message, (message.events[:], message.links[:], message.trace_state)

    def _rare(self, rare: RareFields) -> tuple[Sequence[Event], Sequence[Link], str]:
        raw_events, raw_links, trace_state = rare
        events = self._parts(raw_events, self._event, "events") if raw_events else ()
        links = self._parts(raw_links, self._link, "links") if raw_links else ()
        return events, links, text(trace_state, self._notes) if trace_state else ""

    def _known(self, here: dict[bytes, S], remembered: dict[bytes, S], raw: bytes, read_one: Callable[[bytes], S]) -> S:
        """One object in this request whatever its size; one from an earlier request when it is remembered."""
        sender = here.get(raw)
        if sender is None:
            sender = here[raw] = self._key_values.known(remembered, raw, read_one)
        return sender

    def _attributes(self, raws: Sequence[bytes]) -> tuple[Attributes, Attributes, int]:
        attributes = dict(map(self._key_values.__getitem__, raws))
        if len(attributes) == len(raws) <= MOST_ATTRIBUTES:
            return attributes, attributes, 0
        return self._kept(raws)

    def _kept(self, raws: Sequence[bytes]) -> tuple[Attributes, Attributes, int]:
        """Of repeated keys or too many of them, which have all been read."""
        return kept(self._key_values.again(raws[:MOST_ATTRIBUTES]), len(raws), self._notes)

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
        _, attributes, more = self._attributes(message.attributes[:])
        missing = message.dropped_attributes_count + more
        return Event(self._key_values.name(message.name), message.time_unix_nano, attributes, missing)

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

    def _status(self, raws: Sequence[bytes]) -> tuple[int, str]:
        return self._key_values.status(b"".join(raws))  # what a message holds twice is joined: protobuf merges so
