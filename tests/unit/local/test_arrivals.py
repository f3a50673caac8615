"""The lines for a person."""

import json
from collections import Counter
from typing import Any

from raygate.ingest import Report
from raygate.request import Outcome
from raygate_local.arrivals import Arrivals

TRACE, OTHER = "1-6921c8f0-4b7a3e5d9c1f2a8b6d4e0f37", "1-6921c8f0-000000000000000000000001"


def a_document(number: int, trace_id: str = TRACE, **fields) -> str:
    document = {"name": f"service {number}", "id": f"{number:016x}", "trace_id": trace_id} | fields
    return json.dumps(document, separators=(",", ":"))


def lines(*texts: str, unprocessed: tuple[dict[str, Any], ...] = (), page: str = "") -> list[str]:
    arrivals = Arrivals()
    arrivals.through(lambda _: {"UnprocessedTraceSegments": list(unprocessed)})(list(texts))
    return arrivals.traces(page)


def test_each_trace_of_a_request_has_a_line():
    assert lines(a_document(1), a_document(2, OTHER), a_document(3)) == [
        f"trace {TRACE}  2 documents  service 1",
        f"trace {OTHER}  1 document  service 2",
    ]


def test_a_trace_is_named_by_its_root():
    inner = a_document(1, type="subsegment", parent_id="a")
    remote = a_document(2, parent_id="b")
    assert lines(inner, remote, a_document(3))[0].endswith("  service 3")
    assert lines(inner, remote)[0].endswith("  service 2")
    assert lines(inner)[0].endswith("  service 1")


def test_a_line_says_where_to_look():
    (line,) = lines(a_document(1), page="http://127.0.0.1:8080")
    assert line.endswith(f"  http://127.0.0.1:8080/traces/{TRACE}")


def test_a_line_says_what_xray_refused():
    refused = {"Id": f"{2:016x}", "ErrorCode": "InvalidName", "Message": "…"}
    (line,) = lines(a_document(1), a_document(2), unprocessed=(refused,))
    assert line == f"trace {TRACE}  2 documents  service 1  1 refused by X-Ray: InvalidName"


def test_a_document_that_is_sent_again_is_counted_once():
    arrivals = Arrivals()
    put = arrivals.through(lambda _: {})
    put([a_document(1)])
    put([a_document(1)])
    assert "  1 document  " in arrivals.traces()[0]


def test_names_cannot_play_with_the_terminal():
    (line,) = lines(a_document(1, name="\x1b[2Jshop\n"))
    assert line == f"trace {TRACE}  1 document  ?[2Jshop?"


def test_a_request_that_is_not_kept_has_a_line_with_the_reason():
    report = Report(415, refusal="the Content-Type has to be one of two")
    assert list(Arrivals().lines(report)) == ["answered 415: the Content-Type has to be one of two"]


def test_what_else_there_is_to_say_comes_after_the_traces():
    assert list(Arrivals().lines(Report(503, refusal="later"), ["trace 1"])) == ["trace 1", "answered 503: later"]


def test_what_is_kept_for_later_or_parked_has_its_lines():
    outcome = Outcome(4, queued=3, parked=Counter({"InvalidSegment": 1}))
    assert list(Arrivals().lines(Report(200, outcome=outcome))) == [
        "3 spans kept in the queue, to be delivered",
        "1 span parked, refused by X-Ray: InvalidSegment",
    ]
