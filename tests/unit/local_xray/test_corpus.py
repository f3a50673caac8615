"""Everything that real senders sent, in one local X-Ray: nothing is lost, and the map counts what the documents say."""

import json
from collections import Counter
from contextlib import closing
from functools import cache
from typing import Any

import pytest

from raygate.errors import DecodeError
from raygate.settings import Settings
from raygate_local.conversion import Body, convert_body
from raygate_local.xray.operations import call
from raygate_local.xray.store import Store
from tests.corpus import captured

EVER = {"StartTime": 0, "EndTime": 10_000_000_000}
AT_ONCE = 50


@cache
def texts():
    """The documents of all captured requests, as the pipeline makes them."""
    found = []
    for capture in captured():
        body = Body(capture.body, capture.header("content-type"), capture.header("content-encoding"))
        try:
            found += convert_body(body, Settings()).lines
        except DecodeError:
            continue  # metrics, logs, and what is broken on purpose
    return tuple(found)


@pytest.fixture(scope="module")
def store():
    with closing(Store.open()) as one:
        for first in range(0, len(texts()), AT_ONCE):
            assert one.put(texts()[first : first + AT_ONCE]) == {"UnprocessedTraceSegments": []}
        yield one


@cache
def documents():
    """The last text of each, by trace and id; a late in-progress one does not count."""
    found = {}
    for text in texts():
        document = json.loads(text)
        key = document["trace_id"], document["id"]
        if not (document.get("in_progress") and key in found):
            found[key] = text
    return found


def test_every_trace_opens_and_has_every_document_as_it_was_sent(store):
    wanted: dict[str, dict[str, str]] = {}
    for (trace_id, document_id), text in documents().items():
        wanted.setdefault(trace_id, {})[document_id] = text
    assert len(wanted) > 200
    assert {one.trace_id for one in store.find(0, 1e10)} == set(wanted)
    for trace_id, kept in wanted.items():
        trace = store.trace(trace_id)
        assert {document_id: one.text for document_id, one in trace.stored.items()} == kept
        (answer,) = call(store, "/Traces", {"TraceIds": [trace_id]})["Traces"]
        assert {one["Id"]: one["Document"] for one in answer["Segments"]} == kept
    counts = store.counts()
    assert (counts.traces, counts.documents, counts.evicted) == (len(wanted), len(documents()), 0)


def test_every_trace_has_a_summary(store):
    found: list[Any] = []
    more: dict[str, Any] = {}
    while True:
        answer = call(store, "/TraceSummaries", EVER | more)
        found += answer["TraceSummaries"]
        if "NextToken" not in answer:
            break
        more = {"NextToken": answer["NextToken"]}
    assert sorted(one["Id"] for one in found) == sorted({trace_id for trace_id, _ in documents()})
    assert all(one["EntryPoint"]["Name"] and one["Duration"] >= 0 for one in found)


def flag_of(document):
    return next((flag for flag in ("fault", "throttle", "error") if document.get(flag) is True), "ok")


def key_of(document):
    return document["name"], document.get("origin"), (document.get("aws") or {}).get("account_id")


def test_the_nodes_of_the_map_count_the_segments_and_the_calls_that_nobody_answered(store):
    read = {key: json.loads(text) for key, text in documents().items()}
    answered = {(trace_id, one.get("parent_id")) for (trace_id, _), one in read.items() if one.get("type") is None}
    segments: Counter[Any] = Counter()
    calls: Counter[str] = Counter()
    for key, document in read.items():
        if document.get("type") is None:
            segments[key_of(document), flag_of(document)] += 1
        elif document.get("namespace") and key not in answered:
            calls[flag_of(document)] += 1
    services = call(store, "/ServiceGraph", EVER)["Services"]
    active: Counter[Any] = Counter()
    inferred: Counter[str] = Counter()
    for one in services:
        summary = one["SummaryStatistics"]
        by_flag = {
            "ok": summary["OkCount"],
            "throttle": summary["ErrorStatistics"]["ThrottleCount"],
            "error": summary["ErrorStatistics"]["OtherCount"],
            "fault": summary["FaultStatistics"]["OtherCount"],
        }
        assert sum(by_flag.values()) == summary["TotalCount"]
        for flag, count in by_flag.items():
            if one["State"] == "active":
                active[(one["Name"], one.get("Type"), one.get("AccountId")), flag] += count
            else:
                inferred[flag] += count
    assert +active == segments
    assert +inferred == calls
    assert len(segments) > 50
    assert calls.total() > 50


def test_the_edges_of_the_map_count_the_calls_between_segments(store):
    read = {key: json.loads(text) for key, text in documents().items()}
    pairs: Counter[Any] = Counter()
    calls = set()
    for (trace_id, _), document in read.items():
        parent = read.get((trace_id, document.get("parent_id")))
        if document.get("type") is not None:
            continue
        if not parent:
            pairs["client", key_of(document)] += 1
        elif parent.get("type") and parent.get("namespace"):
            calls.add((trace_id, document["parent_id"], key_of(document)))
        elif owner := owner_of(read, trace_id, document):
            pairs[key_of(owner), key_of(document)] += 1
    for trace_id, parent_id, target in calls:
        owner = owner_of(read, trace_id, read[trace_id, parent_id])
        if owner:
            pairs[key_of(owner), target] += 1
    assert drawn(call(store, "/ServiceGraph", EVER)["Services"]) == pairs


def drawn(services):
    """The edges that end at a service that sent segments, without links."""
    by_id = {one["ReferenceId"]: one for one in services}
    keys = {number: (one["Name"], one.get("Type"), one.get("AccountId")) for number, one in by_id.items()}
    found: Counter[Any] = Counter()
    for one in services:
        source = "client" if one.get("Type") == "client" else keys[one["ReferenceId"]]
        for edge in one["Edges"]:
            if by_id[edge["ReferenceId"]]["State"] == "active" and "EdgeType" not in edge:
                found[source, keys[edge["ReferenceId"]]] += edge["SummaryStatistics"]["TotalCount"]
    return found


def owner_of(read, trace_id, document):
    """The nearest segment above; none when the way up ends before."""
    seen = set()
    while document and document["id"] not in seen:
        seen.add(document["id"])
        document = read.get((trace_id, document.get("parent_id")))
        if document and document.get("type") is None:
            return document
    return None
