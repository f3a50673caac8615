"""Exceptions and sizes: what the exporter reads from events alone, where senders say it in another place or form.

Gives   further events on a span, or events that say the same in the exporter's form. An event leaves no other trace in
        a document than what the rows here name.
Source  xray-conversion.md, sections 11 to 13; OpenTelemetry conventions for exceptions and errors.
"""

from collections.abc import Hashable, Sequence

from raygate.enrich.row import SpanRow, first_text
from raygate.enrich.rows import stacks
from raygate.span import STATUS_ERROR, Attributes, Event, Span, Value

EXCEPTION = "exception"
TYPE, MESSAGE, STACK = "exception.type", "exception.message", "exception.stacktrace"
KIND, SIZE = "message.type", "messaging.message_payload_size_bytes"
WRITTEN = frozenset({TYPE, MESSAGE, STACK, KIND, SIZE})
"""Attributes of the events that rows add."""
SIZES = (
    "http.response.body.size",
    "http.response_content_length",
    "http.response.header.content-length",
    "http.response.header.content_length",
    "response_size",
)
GRPC_CODES = dict(
    enumerate(
        (
            "OK",
            "CANCELLED",
            "UNKNOWN",
            "INVALID_ARGUMENT",
            "DEADLINE_EXCEEDED",
            "NOT_FOUND",
            "ALREADY_EXISTS",
            "PERMISSION_DENIED",
            "RESOURCE_EXHAUSTED",
            "FAILED_PRECONDITION",
            "ABORTED",
            "OUT_OF_RANGE",
            "UNIMPLEMENTED",
            "INTERNAL",
            "UNAVAILABLE",
            "DATA_LOSS",
            "UNAUTHENTICATED",
        )
    )
)


def _add_event(span: Span, name: str, attributes: Attributes) -> bool:
    span.events = [*span.events, Event(name, span.end_ns, attributes)]
    return True


def _has_exception(span: Span) -> bool:
    return bool(span.events) and any(event.name == EXCEPTION for event in span.events)


def _from_attributes(span: Span) -> bool:
    if _has_exception(span):
        return False
    found = {key: span.attributes[key] for key in (TYPE, MESSAGE, STACK) if span.attributes.get(key)}
    return bool(found) and _add_event(span, EXCEPTION, found)


def _from_error_attributes(span: Span) -> bool:
    if span.status_code != STATUS_ERROR or _has_exception(span):
        return False
    read = span.attributes
    message, stack = first_text(read, ("error.message", "error.msg")), first_text(read, ("error.stack",))
    if not message and not stack:
        return False
    told = {TYPE: first_text(read, ("error.type",)), MESSAGE: message or span.status_message, STACK: stack}
    return _add_event(span, EXCEPTION, {key: value for key, value in told.items() if value})


def _from_error_type(span: Span) -> bool:
    kind = first_text(span.attributes, ("error.type",))
    return kind != "_OTHER" and not kind.isdigit() and _add_type(span, kind)


def _from_rpc_status(span: Span) -> bool:
    name = first_text(span.attributes, ("rpc.response.status_code",))
    code = span.attributes.get("rpc.grpc.status_code")
    if not name and type(code) is int:
        name = GRPC_CODES.get(code, "")
    return name not in ("OK", "0") and _add_type(span, name)


def _add_type(span: Span, kind: str) -> bool:
    if not kind or span.status_code != STATUS_ERROR or _has_exception(span):
        return False
    message = span.status_message or first_text(span.attributes, ("http.status_text",))
    return _add_event(span, EXCEPTION, {TYPE: kind, MESSAGE: message})


def _add_size(span: Span) -> bool:
    attributes = span.attributes
    size = 0
    for key in SIZES:
        if not size and key in attributes:
            size = _size(attributes[key])
    if not size or (span.events and any(KIND in event.attributes for event in span.events)):
        return False
    return _add_event(span, "message", {KIND: "RECEIVED", SIZE: size})


def _size(value: Value) -> int:
    if isinstance(value, list):
        value = value[0] if len(value) == 1 else None
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19:
        return int(value)
    return value if type(value) is int and value > 0 else 0


def _rename_events(span: Span) -> bool:
    """An exception under another event's name; where an event `exception` has the same message, the two are one."""
    if not any(_tells_exception(event) for event in span.events):
        return False
    told = [event for event in span.events if event.name == EXCEPTION]
    kept = [event for event in span.events if event.name != EXCEPTION]
    places: dict[Hashable, int] = {}
    for at, event in enumerate(told):
        places.setdefault(_message(event), at)
    for event in filter(_tells_exception, kept):
        found = {key: event.attributes[key] for key in (TYPE, MESSAGE, STACK) if key in event.attributes}
        at = places.setdefault(_message(event), len(told))
        if at == len(told):
            told.append(Event(EXCEPTION, event.time_ns, found))
        else:
            other = told[at]
            told[at] = Event(EXCEPTION, other.time_ns, {**found, **other.attributes})
    span.events = [*kept, *told]
    return True


def _message(event: Event) -> Hashable:
    """What events are compared by. A list or a map as a message is nobody's, but may be sent."""
    message = event.attributes.get(MESSAGE)
    return repr(message) if isinstance(message, list | dict) else message


def _tells_exception(event: Event) -> bool:
    return event.name != EXCEPTION and (MESSAGE in event.attributes or TYPE in event.attributes)


def _join_stacks(span: Span) -> bool:
    """A list is text by lines; of Rust it is the chain of causes, each an exception of its own."""
    if not any(type(event.attributes.get(STACK)) is list for event in span.events if event.name == EXCEPTION):
        return False
    is_rust = _language(span) == "rust"
    events: list[Event] = []
    for event in span.events:
        stack = event.attributes.get(STACK)
        if event.name != EXCEPTION or not isinstance(stack, list):
            events.append(event)
            continue
        lines = [line for line in stack if isinstance(line, str)]
        events.append(_with_stack(event, "\n".join(lines)))
        if is_rust:
            events.extend(Event(EXCEPTION, event.time_ns, {MESSAGE: line}) for line in lines)
    span.events = events
    return True


def _restate_stacks(span: Span) -> bool:
    """The text of stack traces in the form that the exporter's parsers understand."""
    readable = stacks.READABLE.get(_language(span))
    if readable is None or not _has_exception(span):
        return False
    events = [_with_stack(event, readable(first_text(event.attributes, (STACK,)))) for event in span.events]
    if all(new is old for new, old in zip(events, span.events, strict=True)):
        return False
    span.events = events
    return True


def _with_stack(event: Event, text: str) -> Event:
    if event.name != EXCEPTION or STACK not in event.attributes or event.attributes[STACK] == text or not text:
        return event
    return Event(event.name, event.time_ns, {**event.attributes, STACK: text}, event.dropped_attributes_count)


def _language(span: Span) -> str:
    return first_text(span.resource.first, ("telemetry.sdk.language",))


BY_ATTRIBUTE = (
    SpanRow(
        id="exception-attributes",
        reads=(TYPE, MESSAGE, STACK),
        writes=("event `exception`",),
        when="the span has no event `exception`",
        source="Deno 2.9, Honeycomb web 1.5: an exception as attributes of the span",
        effect="`cause` with type, message and stack",
        change=_from_attributes,
    ),
    SpanRow(
        id="exception-error-attributes",
        reads=("error.message", "error.msg", "error.stack"),
        writes=("event `exception`",),
        when="the status is ERROR and there is no event `exception`",
        source="Datadog's tracers in OTLP mode",
        effect="`cause` with type, message and stack",
        change=_from_error_attributes,
    ),
    SpanRow(
        id="exception-error-type",
        reads=("error.type",),
        writes=("event `exception`",),
        when="the status is ERROR, there is no event `exception`, and the type is a name and not a status code",
        source="the stable HTTP and database conventions",
        effect="the exception in `cause` has a type beside the status message",
        change=_from_error_type,
    ),
    SpanRow(
        id="exception-rpc-status",
        reads=("rpc.response.status_code", "rpc.grpc.status_code"),
        writes=("event `exception`",),
        when="the status is ERROR and there is no event `exception`",
        source="RPC conventions after 1.37 (text); OpenTelemetry Python, gRPC (number)",
        effect="the exception in `cause` has the status's name as type (`NOT_FOUND`). No HTTP status is made of it, "
        "so the call stays a fault",
        change=_from_rpc_status,
    ),
    SpanRow(
        id="http-response-size",
        reads=SIZES,
        writes=("event `message`",),
        unless=("message.type",),
        when="no event tells the size",
        source="HTTP conventions, before 1.21 `http.response_content_length`; otelhttp (Go), browsers, Envoy",
        effect="`http.response.content_length`",
        change=_add_size,
    ),
)
"""Rows that a span attribute starts."""

BY_EVENT = (
    SpanRow(
        id="exception-event-name",
        reads=(),
        writes=("event `exception`",),
        when="an event of another name has `exception.message` or `exception.type`; with one of the same message it "
        "becomes one",
        source="tracing-opentelemetry 0.34 (Rust): log lines with an error",
        effect="`cause`",
        change=_rename_events,
    ),
    SpanRow(
        id="stacktrace-list",
        reads=(),
        writes=("exception.stacktrace",),
        when="an event's stack trace is a list: its strings are joined by line breaks; of Rust each is a cause",
        source="tracing-opentelemetry 0.34 (Rust)",
        effect="`cause.exceptions` has the chain of causes, or frames where the language has a parser",
        composes=True,
        change=_join_stacks,
    ),
    SpanRow(
        id="stacktrace-text",
        reads=(),
        writes=("exception.stacktrace",),
        when="JavaScript with locations as URLs (`file:///app.mjs:5:7`, `node:internal`, `C:\\`), or a Python trace "
        "of several exceptions with marks under the source (`^^^^`) or a direct cause",
        source="Node's ES modules, Deno, browsers; Python 3.11 and newer, `raise … from …`",
        effect="frames have path and line; chained exceptions have their own type and frames",
        composes=True,
        change=_restate_stacks,
    ),
)
"""Rows that look at events."""


def called_for(span: Span) -> Sequence[SpanRow]:
    """Those that may have something to do, by one look at the events."""
    has_exception = has_list = False
    for event in span.events:
        attributes = event.attributes
        if event.name == EXCEPTION:
            has_exception = True
            has_list = has_list or type(attributes.get(STACK)) is list
        elif MESSAGE in attributes or TYPE in attributes:
            return BY_EVENT  # the other rows look at what the first one makes of it
    if has_list:
        return BY_EVENT[1:]
    return BY_EVENT[2:] if has_exception and _language(span) in stacks.READABLE else ()
