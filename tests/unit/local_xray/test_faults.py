"""Faults that can be switched on."""

import json
import time

import pytest
import requests

from tests.unit.local_xray.documents import TRACE_ID, a_document, an_id, running


@pytest.fixture(scope="module")
def server():
    with running() as one:
        yield one


@pytest.fixture
def xray(server):
    server.store.clear()
    yield server
    assert switch(server).status_code == 200


def switch(xray, *faults):
    return requests.post(f"{xray.url}/local/faults", json={"faults": faults}, timeout=30)


def put(xray, *documents):
    body = {"TraceSegmentDocuments": [json.dumps(one) for one in documents or [a_document()]]}
    return requests.post(f"{xray.url}/TraceSegments", json=body, timeout=60)


def get(xray):
    return requests.post(f"{xray.url}/Traces", json={"TraceIds": [TRACE_ID]}, timeout=60)


@pytest.mark.parametrize(
    ("kind", "status", "name"), [("throttled", 429, "ThrottledException"), ("failed", 500, "InternalFailure")]
)
def test_calls_fail_as_often_as_wanted_and_nothing_is_kept(xray, kind, status, name):
    switch(xray, {"kind": kind, "operation": "PutTraceSegments", "times": 2})
    answers = [put(xray, a_document(number)) for number in range(3)]
    assert [one.status_code for one in answers] == [status, status, 200]
    assert answers[0].headers["x-amzn-errortype"] == name
    (trace,) = get(xray).json()["Traces"]
    assert [one["Id"] for one in trace["Segments"]] == [an_id(2)]


def test_a_share_of_the_calls_is_spread_evenly(xray):
    switch(xray, {"kind": "throttled", "share": 0.25})
    assert [get(xray).status_code for _ in range(8)] == [200, 200, 200, 429] * 2


def test_documents_that_are_not_processed_are_named_and_not_kept(xray):
    switch(xray, {"kind": "unprocessed", "share": 0.5, "code": "Mine"})
    answer = put(xray, *(a_document(number) for number in range(4)), a_document(5, name="?")).json()
    said = [(one.get("Id"), one["ErrorCode"]) for one in answer["UnprocessedTraceSegments"]]
    assert said == [(an_id(5), "InvalidName"), (an_id(1), "Mine"), (an_id(3), "Mine")]
    (trace,) = get(xray).json()["Traces"]
    assert [one["Id"] for one in trace["Segments"]] == [an_id(0), an_id(2)]


def test_a_text_that_is_no_document_has_no_id_to_be_named_by(xray):
    switch(xray, {"kind": "unprocessed"})
    body = {"TraceSegmentDocuments": ["{", "[]", '{"id": 3}']}
    answer = requests.post(f"{xray.url}/TraceSegments", json=body, timeout=60).json()
    assert [one["ErrorCode"] for one in answer["UnprocessedTraceSegments"]] == ["InternalFailure"] * 3
    assert not any("Id" in one for one in answer["UnprocessedTraceSegments"])


def test_answers_come_late_and_are_right(xray):
    switch(xray, {"kind": "slow", "seconds": 0.3, "times": 1})
    before = time.monotonic()
    assert put(xray).json() == {"UnprocessedTraceSegments": []}
    assert time.monotonic() - before >= 0.3
    assert len(get(xray).json()["Traces"]) == 1


def test_what_is_on_is_told_until_it_is_over(xray):
    fault = {"kind": "throttled", "times": 1}
    told = switch(xray, fault).json()["faults"]
    assert told == [fault | {"share": 1.0, "seconds": 1.0, "code": "InternalFailure"}]
    assert get(xray).status_code == 429
    assert requests.get(f"{xray.url}/local/faults", timeout=30).json() == {"faults": []}


@pytest.mark.parametrize("texts", [["{}"] * 51, [1], "{}", None])
def test_a_bad_request_is_refused_as_ever(xray, texts):
    switch(xray, {"kind": "unprocessed"})
    answer = requests.post(f"{xray.url}/TraceSegments", json={"TraceSegmentDocuments": texts}, timeout=60)
    assert (answer.status_code, answer.headers["x-amzn-errortype"]) == (400, "InvalidRequestException")


@pytest.mark.parametrize(
    "given",
    [
        {},
        [],
        {"faults": {}},
        {"faults": [{}]},
        {"faults": [{"kind": "fire"}]},
        {"faults": [{"kind": "slow", "seconds": "1"}]},
        {"faults": [{"kind": "slow", "seconds": 1e9}]},
        {"faults": [{"kind": "throttled", "share": 2}]},
        {"faults": [{"kind": "throttled", "share": True}]},
        {"faults": [{"kind": "throttled", "times": -1}]},
        {"faults": [{"kind": "throttled", "_due": 1.0}]},
    ],
)
def test_what_is_no_fault_is_refused_and_changes_nothing(xray, given):
    switch(xray, {"kind": "throttled", "share": 0.0})
    answer = requests.post(f"{xray.url}/local/faults", json=given, timeout=30)
    assert (answer.status_code, answer.headers["x-amzn-errortype"]) == (400, "InvalidRequestException")
    assert len(requests.get(f"{xray.url}/local/faults", timeout=30).json()["faults"]) == 1
