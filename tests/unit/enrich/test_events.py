"""Rows of events: exceptions and sizes that senders tell in another place or form."""

from typing import Any

import pytest

from raygate.enrich.rows import stacks
from raygate.span import STATUS_ERROR, STATUS_UNSET, Attributes, Event, Span
from tests.builders import END_NS, START_NS, a_resource, a_span, an_event, extended


def a_failed_span(attributes: Attributes | None = None, **fields: Any) -> Span:
    return a_span(attributes, **({"status_code": STATUS_ERROR} | fields))


def exceptions(span: Span) -> list[Attributes]:
    return [event.attributes for event in extended(span).events if event.name == "exception"]


MADE: list[tuple[str, Attributes, str, Attributes]] = [
    (
        "exception-attributes",
        {"exception.type": "TypeError", "exception.message": "boom", "exception.stacktrace": "TypeError: boom"},
        "boom",
        {"exception.type": "TypeError", "exception.message": "boom", "exception.stacktrace": "TypeError: boom"},
    ),
    (
        "exception-error-attributes",
        {"error.type": "ValueError", "error.message": "bad", "error.stack": "Traceback"},
        "",
        {"exception.type": "ValueError", "exception.message": "bad", "exception.stacktrace": "Traceback"},
    ),
    (
        "exception-error-attributes",
        {"error.stack": "Traceback"},
        "said by the status",
        {"exception.message": "said by the status", "exception.stacktrace": "Traceback"},
    ),
    (
        "exception-error-type",
        {"error.type": "*net.OpError"},
        "connection refused",
        {"exception.type": "*net.OpError", "exception.message": "connection refused"},
    ),
    (
        "exception-error-type",
        {"error.type": "timeout", "http.status_text": "Failed to fetch"},
        "",
        {"exception.type": "timeout", "exception.message": "Failed to fetch"},
    ),
    (
        "exception-rpc-status",
        {"rpc.response.status_code": "NOT_FOUND"},
        "unknown service",
        {"exception.type": "NOT_FOUND", "exception.message": "unknown service"},
    ),
    (
        "exception-rpc-status",
        {"rpc.grpc.status_code": 14},
        "",
        {"exception.type": "UNAVAILABLE", "exception.message": ""},
    ),
]


@pytest.mark.parametrize(("row", "given", "message", "expected"), MADE)
def test_an_exception_that_is_told_by_attributes_becomes_an_event(
    row: str, given: Attributes, message: str, expected: Attributes
) -> None:
    used: list[str] = []
    enriched = extended(a_failed_span(given, status_message=message), used)
    assert enriched.events == [Event("exception", END_NS, expected)]
    assert used == [row]
    assert enriched.attributes == given


@pytest.mark.parametrize("given", [case[1] for case in MADE])
def test_an_event_that_tells_the_exception_stands_alone(given: Attributes) -> None:
    span = a_failed_span(given, events=[an_event("exception", {"exception.message": "told"})])
    assert exceptions(span) == [{"exception.message": "told"}]


@pytest.mark.parametrize(
    "given",
    [
        {"error.type": "500"},
        {"error.type": "_OTHER"},
        {"error.message": ""},
        {"rpc.grpc.status_code": 99},
        {"rpc.grpc.status_code": "5"},
        {"exception.message": ""},
    ],
)
def test_a_failure_without_a_name_makes_no_exception(given: Attributes) -> None:
    assert exceptions(a_failed_span(given)) == []


@pytest.mark.parametrize(
    "given",
    [{"error.type": "x"}, {"error.message": "x"}, {"rpc.response.status_code": "OK"}, {"rpc.grpc.status_code": 0}],
)
def test_a_span_that_did_not_fail_gets_no_exception(given: Attributes) -> None:
    span = a_span(given, status_code=STATUS_UNSET)
    assert extended(span) is span


@pytest.mark.parametrize(
    ("given", "size"),
    [
        ({"http.response.body.size": 330}, 330),
        ({"http.response_content_length": 2}, 2),
        ({"http.response.header.content-length": ["17"]}, 17),
        ({"response_size": "8"}, 8),
        ({"http.response.body.size": 0, "http.response_content_length": 5}, 5),
    ],
)
def test_the_size_of_a_response_is_told_as_the_mapping_reads_it(given: Attributes, size: int) -> None:
    (event,) = extended(a_span(given)).events
    assert event.attributes == {"message.type": "RECEIVED", "messaging.message_payload_size_bytes": size}


@pytest.mark.parametrize(
    "given",
    [
        {"http.response.body.size": 0},
        {"http.response.body.size": -1},
        {"response_size": "many"},
        {"response_size": "9" * 30},
        {"response_size": ["1", "2"]},
        {"response_size": 1.5},
        {"http.response.body.size": 5, "message.type": "RECEIVED"},
    ],
)
def test_a_size_that_says_nothing_new_is_left_alone(given: Attributes) -> None:
    span = a_span(given)
    assert extended(span) is span


def test_a_size_that_an_event_tells_stands() -> None:
    span = a_span({"http.response.body.size": 5}, events=[an_event("message", {"message.type": "SENT"})])
    assert extended(span) is span


def test_an_exception_under_another_name_is_one() -> None:
    span = a_span(events=[an_event("charge failed", {"exception.message": "declined", "level": "ERROR"})])
    assert exceptions(span) == [{"exception.message": "declined"}]


def test_a_log_line_and_an_exception_with_the_same_message_become_one() -> None:
    span = a_span(
        events=[
            an_event("charge failed", {"exception.message": "declined", "exception.stacktrace": "a\nb"}),
            an_event("exception", {"exception.message": "declined", "exception.type": "E"}),
        ]
    )
    assert exceptions(span) == [
        {"exception.message": "declined", "exception.stacktrace": "a\nb", "exception.type": "E"}
    ]


def test_a_list_of_causes_of_rust_becomes_an_exception_each() -> None:
    event = an_event("exception", {"exception.message": "declined", "exception.stacktrace": ["gateway gone", "io"]})
    span = a_span(events=[event], resource=a_resource(telemetry__sdk__language="rust"))
    assert exceptions(span) == [
        {"exception.message": "declined", "exception.stacktrace": "gateway gone\nio"},
        {"exception.message": "gateway gone"},
        {"exception.message": "io"},
    ]


def test_a_list_of_frames_of_any_other_language_becomes_text() -> None:
    event = an_event("exception", {"exception.stacktrace": ["Error: x", "    at f (/a.js:1:2)", 3]})
    other = an_event("retry", {"exception.stacktrace": ["left", "alone"]})
    span = a_span(events=[other, event], resource=a_resource(telemetry__sdk__language="nodejs"))
    assert exceptions(span) == [{"exception.stacktrace": "Error: x\n    at f (/a.js:1:2)"}]
    assert other in extended(span).events


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("f (file:///srv/app.mjs:5:7)", "f (/srv/app.mjs:5:7)"),
        ("file:///srv/app.mjs:5:7", "/srv/app.mjs:5:7"),
        ("async file:///srv/app.mjs:5:7", "async /srv/app.mjs:5:7"),
        ("o.f [as g] (https://shop.example:8080/app.js:2:9)", "o.f [as g] (/app.js:2:9)"),
        ("emit (node:internal/events:95:5)", "emit (internal/events:95:5)"),
        (r"f (C:\app\x.js:3:9)", r"f (\app\x.js:3:9)"),
        ("f (/srv/app.js:5:7)", "f (/srv/app.js:5:7)"),
        ("Promise.all (index 0)", "Promise.all (index 0)"),
    ],
)
def test_locations_of_javascript_have_no_colon_before_the_line(location: str, expected: str) -> None:
    assert stacks.javascript(f"Error: at file:///x\n    at {location}\n") == f"Error: at file:///x\n    at {expected}\n"


CHAINED = """\
Traceback (most recent call last):
  File "a.py", line 1, in f
    g(x) + h(y)
    ~~~~^^^^^^
KeyError: 'x'

{link}

Traceback (most recent call last):
  File "a.py", line 3, in f
    r()
  [Previous line repeated 7 more times]
ValueError: bad
"""


def test_a_python_trace_of_several_exceptions_loses_the_marks_and_keeps_the_rest() -> None:
    expected = CHAINED.format(link=stacks.DURING).replace("    ~~~~^^^^^^\n", "")
    expected = expected.replace("  [Previous line repeated 7 more times]\n", "")
    assert stacks.python(CHAINED.format(link=stacks.DURING)) == expected
    assert stacks.python(CHAINED.format(link=stacks.DIRECT_CAUSE)) == expected


def test_a_trace_that_needs_nothing_leaves_the_span_alone() -> None:
    for language, trace in (
        ("python", CHAINED.format(link="")),
        ("nodejs", "E\n    at /a.js"),
        ("java", "x"),
        ("go", ""),
    ):
        event = an_event("exception", {"exception.stacktrace": trace})
        span = a_span(events=[an_event("start"), event], resource=a_resource(telemetry__sdk__language=language))
        assert extended(span) is span


def test_an_event_keeps_its_time_and_what_else_it_tells() -> None:
    event = Event("exception", START_NS, {"exception.stacktrace": "E\n    at file:///a.js:1:2", "k": 1}, 3)
    span = a_span(events=[event], resource=a_resource(telemetry__sdk__language="nodejs"))
    (changed,) = extended(span).events
    assert changed == Event("exception", START_NS, {"exception.stacktrace": "E\n    at /a.js:1:2", "k": 1}, 3)
    assert event.attributes["exception.stacktrace"] == "E\n    at file:///a.js:1:2"
