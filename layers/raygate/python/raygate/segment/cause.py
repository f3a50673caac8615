"""`fault`, `error`, `throttle`, and `cause` with its exceptions.

Takes   the span's status, HTTP status code and events; the language of its resource for stack traces.
Gives   `Flags`, always three booleans; `cause` as {"exceptions": [{"id", "type", "message", "remote", "cause",
        "stack"}]}, empty when events of failures told nothing, None when nothing failed.
        `http.status_text` is accounted for where it was read.
Source  xray-conversion.md, sections 10 and 11.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from raygate.segment import ids, stacktrace
from raygate.segment.naming import is_aws_sdk
from raygate.segment.stacktrace import Part
from raygate.segment.values import integer, plain_text, text
from raygate.span import CLIENT, PRODUCER, STATUS_ERROR, Event, Span

STATUS_TEXT = frozenset({"http.status_text"})

AWS_FAILURE = "HTTP request failure"

MOST_EXCEPTIONS = 1_000
MOST_FRAMES = 2_100
"""Of one span: no document has room for more, and a stack trace of empty lines would take a hundred times its size."""


class Flags(NamedTuple):
    """X-Ray's three marks."""

    fault: bool
    error: bool
    throttle: bool


NO_FLAGS = Flags(fault=False, error=False, throttle=False)
FAULT = Flags(fault=True, error=False, throttle=False)
ERROR = Flags(fault=False, error=True, throttle=False)
THROTTLE = Flags(fault=False, error=True, throttle=True)


def flags(span: Span, status_key: str) -> Flags:
    """The marks: from the HTTP status code where it tells of a failure, else from the span's status."""
    if status_key:
        code = integer(span.first[status_key])
        if 400 <= code < 600:
            return FAULT if code >= 500 else THROTTLE if code == 429 else ERROR
    return FAULT if span.status_code == STATUS_ERROR else NO_FLAGS


def build(span: Span, language: str) -> tuple[dict[str, Any] | None, frozenset[str]]:
    """The cause, and the attributes that it accounts for."""
    if span.events and _tells_of_failure(span):
        exceptions = (exception for event in span.events for exception in _of_event(event, span, language))
        return _with_ids(_bounded(exceptions), span), frozenset()
    if span.status_code != STATUS_ERROR:
        return None, frozenset()
    message = span.status_message or text(span.attributes, "http.status_text")
    return (_with_ids([{"type": "", "message": message}], span) if message else None), STATUS_TEXT


def _tells_of_failure(span: Span) -> bool:
    names = {event.name for event in span.events}
    return "exception" in names or (AWS_FAILURE in names and is_aws_sdk(span.first))


def _of_event(event: Event, span: Span, language: str) -> Iterator[dict[str, Any]]:
    """The exceptions of one event; a cause that the stack trace tells of follows the exception that it caused."""
    if event.name == "exception":
        remote = span.kind in (CLIENT, PRODUCER)
        first, *causes = stacktrace.parse(text(event.attributes, "exception.stacktrace"), language)
        attributes = event.attributes
        known = Part(text(attributes, "exception.type"), text(attributes, "exception.message"), first.frames)
        for position, part in enumerate((known, *causes)):
            yield _exception(part, remote=remote) | ({"cause": ""} if position < len(causes) else {})
    elif event.name == AWS_FAILURE and is_aws_sdk(span.first):
        attributes = event.attributes
        if "http.response.status_code" in attributes and "aws.http.error_message" in attributes:
            yield {"type": "aws.http.error.event", "message": _failure(event), "remote": True}


def _bounded(exceptions: Iterator[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that there may be room for."""
    kept: list[dict[str, Any]] = []
    room = MOST_FRAMES
    for exception in exceptions:
        if len(kept) == MOST_EXCEPTIONS:
            kept[-1].pop("cause", None)
            break
        stack = exception.get("stack", ())
        if len(stack) > room:
            exception |= {"stack": stack[:room], "truncated": len(stack) - room}
        room -= min(room, len(stack))
        kept.append(exception)
    return kept


def _exception(part: Part, *, remote: bool) -> dict[str, Any]:
    exception: dict[str, Any] = {"type": part.type, "message": part.message, "remote": remote}
    if part.frames:
        exception["stack"] = part.frames
    return exception


def _failure(event: Event) -> str:
    code = plain_text(event.attributes["http.response.status_code"])
    # The exporter's clock is signed: from the year 2262 on it is before 1970.
    nanoseconds = event.time_ns - 2**64 if event.time_ns >= 2**63 else event.time_ns
    message = text(event.attributes, "aws.http.error_message")
    return f"{code}@{nanoseconds // 1000 / 1e6:.6f}@{message}"


def _with_ids(exceptions: list[dict[str, Any]], span: Span) -> dict[str, Any]:
    """Give each exception its id, and each that has a cause the id of the next."""
    made = [ids.derived(span.trace_id, span.span_id, f"exception {index}") for index in range(len(exceptions))]
    for index, exception in enumerate(exceptions):
        exception["id"] = made[index]
        if "cause" in exception:
            exception["cause"] = made[index + 1]
    return {"exceptions": exceptions} if exceptions else {}
