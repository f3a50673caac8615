"""From the gateway's event to the trace read back from X-Ray: the function as it is deployed, moto for AWS."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from functions.ingest import app
from raygate import reporting
from raygate.deliver import Budget
from raygate.errors import KeyStoreError
from raygate.keep import Stores
from raygate.keys import Presented, Principal
from tests.corpus import golden
from tests.fake_stores import MemoryBucket, MemoryQueue
from tests.project.make_events import SOURCES

EVENTS = Path(__file__).parents[2] / "events"


@pytest.fixture(autouse=True)
def xray() -> Iterator[Any]:
    """X-Ray's own client."""
    with mock_aws():
        client = boto3.client("xray")
        client.batch_get_traces(TraceIds=[])  # moto's first answer is slow, and the handler has 8 s
        yield client


@pytest.fixture
def log(monkeypatch) -> io.StringIO:
    """What the function writes to its log."""
    stream = io.StringIO()
    monkeypatch.setattr(reporting.log.registered_handler, "stream", stream)
    return stream


def an_event(name: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_bytes())
    return event


def ids_at(xray: Any, trace_ids: list[str]) -> set[str]:
    """The ids of the documents of these traces."""
    traces = [trace for one in trace_ids for trace in xray.batch_get_traces(TraceIds=[one])["Traces"]]
    return {segment["Id"] for trace in traces for segment in trace["Segments"]}


@pytest.mark.parametrize("name", ["traces_protobuf", "traces_json_gzip", "traces_multi"])
def test_every_span_of_an_event_is_read_back(name, xray):
    result = app.handler(an_event(name), None)
    assert (result["statusCode"], result["body"]) == (200, "" if result["isBase64Encoded"] else "{}")
    recorded = golden()[SOURCES[name]].documents
    stored = ids_at(xray, sorted({document["trace_id"] for document in recorded}))
    assert len(stored) == len(recorded)
    assert stored >= {document["id"] for document in recorded if "{{" not in document["id"]}


def test_the_same_event_twice_is_one_copy(xray):
    trace_id = golden()[SOURCES["traces_protobuf"]].documents[0]["trace_id"]
    app.handler(an_event("traces_protobuf"), None)
    once = ids_at(xray, [trace_id])
    app.handler(an_event("traces_protobuf"), None)
    assert ids_at(xray, [trace_id]) == once


def test_a_malformed_event_is_refused_and_says_where():
    result = app.handler(an_event("traces_malformed"), None)
    assert result["statusCode"] == 400
    assert json.loads(result["body"])["code"] == 3


def test_a_request_is_one_line_in_the_log_and_its_spans_add_up(log, capsys):
    app.handler(an_event("traces_multi"), None)
    (line,) = map(json.loads, log.getvalue().splitlines())
    assert line["message"] == "exported"
    assert line["spans"] == line["delivered"] == golden()[SOURCES["traces_multi"]].spans
    assert (line["rejected"], line["returned"], line["unaccounted"]) == (0, 0, 0)
    assert (line["status"], line["encoding"], line["coding"]) == (200, "protobuf", "none")
    metrics = json.loads(capsys.readouterr().out)
    assert metrics["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "Raygate"
    assert metrics["SpansReceived"] == metrics["SpansDelivered"] == [line["spans"]]
    assert metrics["SpansUnaccounted"] == [0]
    assert metrics["XRayCalls"] == [line["calls"]]


def refuses_one_and_throttles_the_rest(texts: list[str]) -> dict[str, Any]:
    ids = [json.loads(text)["id"] for text in texts]
    culprit = min(document["id"] for document in golden()[SOURCES["traces_multi"]].documents)
    codes = {one: "InvalidTraceId" if one == culprit else "ThrottledException" for one in ids}
    return {"UnprocessedTraceSegments": [{"Id": one, "ErrorCode": code} for one, code in codes.items()]}


def test_what_is_kept_is_in_the_line_and_in_the_metrics_and_the_spans_add_up(log, capsys, monkeypatch):
    monkeypatch.setattr(app.handler, "put", refuses_one_and_throttles_the_rest)
    monkeypatch.setattr(app.handler, "stores", Stores(MemoryQueue(), MemoryBucket()))
    monkeypatch.setattr(app.handler, "budget", lambda _: Budget.of(60, jitter=lambda: 0.0))
    app.handler(an_event("traces_multi"), None)
    (line,) = map(json.loads, log.getvalue().splitlines())
    spans = golden()[SOURCES["traces_multi"]].spans
    assert (line["spans"], line["queued"], line["parked"], line["unaccounted"]) == (spans, spans - 1, 1, 0)
    assert line["refusals"] == {"InvalidTraceId": 1}
    assert line["request_id"] == "JKJaXmPLvHcESHA="
    metrics, refused = map(json.loads, capsys.readouterr().out.splitlines())
    assert (metrics["SpansQueued"], metrics["SpansParked"], metrics["SpansUnaccounted"]) == ([spans - 1], [1], [0])
    assert (refused["SpansRefused"], refused["code"]) == ([1], "InvalidTraceId")


def test_a_store_of_keys_that_fails_is_counted(capsys, monkeypatch):
    def unreachable(_: Presented) -> Principal:
        raise KeyStoreError("keys cannot be checked now")

    monkeypatch.setattr(app.handler, "guard", unreachable)
    assert app.handler(an_event("traces_protobuf"), None)["statusCode"] == 503
    metrics = json.loads(capsys.readouterr().out)
    assert (metrics["KeyStoreFailed"], metrics["RequestsFailed"]) == ([1], [1])


def test_an_accident_leaves_its_stack_trace_in_the_log_and_nowhere_else(log, capsys, monkeypatch):
    nothing: dict[str, Any] = {}
    monkeypatch.setattr(app.handler, "put", lambda _: nothing["nobody foresaw this"])
    result = app.handler(an_event("traces_json_gzip"), None)
    (line,) = map(json.loads, log.getvalue().splitlines())
    assert (line["message"], line["level"], line["status"]) == ("failed", "ERROR", 503)
    assert line["exception_name"] == "KeyError"
    assert "in run" in line["exception"], "the places are missing"
    assert "nobody foresaw this" not in str(result)
    assert json.loads(capsys.readouterr().out)["RequestsFailed"] == [1]


def test_a_health_check_is_not_counted(log, capsys):
    event = an_event("traces_protobuf") | {"rawPath": "/health"}
    event["requestContext"]["http"]["method"] = "GET"
    assert app.handler(event, None)["statusCode"] == 200
    assert (log.getvalue(), capsys.readouterr().out) == ("", "")


def test_a_refusal_is_one_line_that_says_why(log, capsys):
    app.handler(an_event("traces_malformed"), None)
    (line,) = map(json.loads, log.getvalue().splitlines())
    assert (line["message"], line["level"], line["status"]) == ("refused", "WARNING", 400)
    assert line["why"]
    assert json.loads(capsys.readouterr().out)["RequestsRefused"] == [1]
