"""The replay cases for queues and streams, through the function as it is deployed, moto for AWS."""

import gzip
import json
from base64 import b64decode
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from moto import mock_aws

from functions.deliver import app
from raygate.deliver import Budget
from tests.corpus import golden
from tests.project.deliver_events import PROTOBUF

DATA = Path(__file__).parents[1] / "data"
CASES = {one["id"]: one for one in json.loads((DATA / "otlp-http-cases.json").read_bytes())["event_cases"]}
MINE = ("RP-02", "RP-03", "RP-04", "RP-06", "RP-07", "RP-12")
TRACE_ID = "1-5b8efff7-98038103d269b633813fc60c"
EXPORT = b64decode(CASES["RP-02"]["event"]["Records"][0]["body"])


@pytest.fixture(autouse=True)
def aws() -> Iterator[None]:
    """Nothing of AWS is there yet."""
    with mock_aws():
        boto3.client("xray").batch_get_traces(TraceIds=[])  # moto's first answer is slow
        yield


def unavailable(_texts: list[str]) -> Mapping[str, Any]:
    raise EndpointConnectionError(endpoint_url="https://xray.eu-west-1.amazonaws.com")


def stored_objects(reads: list[dict[str, str]]) -> None:
    s3 = boto3.client("s3")
    for one in reads:
        s3.create_bucket(Bucket=one["bucket"], CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        s3.put_object(Bucket=one["bucket"], Key=one["key"], Body=gzip.compress(EXPORT))


def accepted_spans() -> int:
    traces = boto3.client("xray").batch_get_traces(TraceIds=[TRACE_ID])["Traces"]
    return sum(len(trace["Segments"]) for trace in traces)


def agrees(shape: Any, value: Any) -> bool:
    """Whether it has that shape; `base64` stands for any text of it."""
    if shape == "base64":
        return isinstance(value, str) and b64decode(value, validate=True) is not None
    if isinstance(shape, dict):
        return shape.keys() == value.keys() and all(agrees(shape[name], value[name]) for name in shape)
    if isinstance(shape, list):
        return len(shape) == len(value) and all(map(agrees, shape, value))
    return bool(shape == value)


@pytest.mark.parametrize("name", MINE)
def test_the_answer_is_the_expected_one(name, monkeypatch):
    case = CASES[name]
    expected = case["expect"]
    stored_objects(expected.get("reads", []))
    if case.get("fault"):
        assert case["fault"] == "store-unavailable"
        monkeypatch.setattr(app.handler, "put", unavailable)
        monkeypatch.setattr(app.handler, "budget", partial(Budget.of, jitter=lambda: 0.0))
    answer = app.handler(case["event"], None)
    allowed = expected.get("returns_any") or [expected.get("returns") or expected["returns_shape"]]
    assert any(agrees(one, answer) for one in allowed), answer
    if "accepted_spans" in expected:
        assert accepted_spans() == expected["accepted_spans"]
    assert accepted_spans() >= max(expected.get("accepted_spans_min", 0), len(expected.get("reads", [])))
    assert "fault" in case or accepted_spans() == 1


def test_the_cases_are_those_for_queues_and_streams():
    carried = {name for name, case in CASES.items() if name.startswith("RP") and _is_carried(case["event"])}
    assert carried == set(MINE)


def _is_carried(event: Mapping[str, Any]) -> bool:
    records = event.get("Records") or event.get("records") or [{}]
    return "recordId" in records[0] or records[0].get("eventSource") in {"aws:sqs", "aws:kinesis"}


@pytest.mark.parametrize(
    ("name", "failed"),
    [("deliver_queue", "batchItemFailures"), ("deliver_kinesis", "batchItemFailures"), ("deliver_firehose", "records")],
)
def test_of_a_sample_everything_is_read_back_but_what_nobody_can_read(name, failed):
    event = json.loads((DATA.parents[1] / "events" / f"{name}.json").read_bytes())
    answer = app.handler(event, None)
    ids = [one.get("itemIdentifier") or one["recordId"] for one in answer[failed] if one.get("result") != "Ok"]
    assert len(ids) == (2 if name == "deliver_firehose" else 1), "a transformation drops what is empty"
    trace_id = golden()[PROTOBUF].documents[0]["trace_id"]
    (trace,) = boto3.client("xray").batch_get_traces(TraceIds=[trace_id])["Traces"]
    assert len(trace["Segments"]) == len(golden()[PROTOBUF].documents)
