"""SQS to X-Ray and to the dead letters, moto for AWS; the worker is fed as the event source mapping feeds it."""

import io
import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from raygate import telling
from raygate.keep import Accepted, KeepError, Packed, pack
from raygate.keep.sqs import SqsQueue
from raygate.request import Request
from raygate.worker import start
from raygate.worker.reporting import report
from raygate_local.kept.polling import Polling
from raygate_local.kept.queue import Waiting
from raygate_local.kept.sqs import Redrive, SqsSource
from tests.corpus import captured_one, golden

SOURCE = "otel-python/001-otel-python-generate.http.json"


@pytest.fixture(autouse=True)
def aws() -> Iterator[None]:
    """Nothing of AWS is there yet."""
    with mock_aws():
        boto3.client("xray").batch_get_traces(TraceIds=[])
        yield


@pytest.fixture
def sqs() -> Any:
    return boto3.client("sqs")


@pytest.fixture
def urls(sqs) -> tuple[str, str]:
    """A queue and the one behind it."""
    dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 2})
    live = sqs.create_queue(QueueName="live", Attributes={"RedrivePolicy": policy, "VisibilityTimeout": "120"})
    return live["QueueUrl"], dead


@pytest.fixture
def log(monkeypatch) -> io.StringIO:
    """What the function writes to its log."""
    stream = io.StringIO()
    monkeypatch.setattr(telling.log.registered_handler, "stream", stream)
    return stream


def a_request() -> Packed:
    request = captured_one(SOURCE)
    return pack(Accepted(Request(request.body, "protobuf", tenant="shop"), "request-1", 1))


def environ(urls: tuple[str, str]) -> dict[str, str]:
    return {
        "AWS_REGION": "eu-west-1",
        "RAYGATE_QUEUE_URL": urls[0],
        "RAYGATE_DEAD_LETTER_QUEUE_URL": urls[1],
        "RAYGATE_MAX_RECEIVES": "2",
    }


def test_a_request_of_the_queue_is_read_back_from_x_ray(sqs, urls, log, capsys):
    assert SqsQueue(urls[0], lambda: sqs).send([a_request(), Packed("AAAA", {"content-type": "x"})], 5) == [True, True]
    source = SqsSource(urls[0], sqs)
    Polling(source, start(environ(urls), report), print).once()
    recorded = golden()[SOURCE].documents
    traces = boto3.client("xray").batch_get_traces(TraceIds=[recorded[0]["trace_id"]])["Traces"]
    assert len(traces[0]["Segments"]) == len(recorded)
    assert source.waiting() == Waiting()
    (letter,) = sqs.receive_message(QueueUrl=urls[1], MessageAttributeNames=["All"])["Messages"]
    assert letter["Body"] == "AAAA"
    reason = letter["MessageAttributes"]["raygate-reason"]["StringValue"]
    given_up, batch = map(json.loads, log.getvalue().splitlines())
    assert (given_up["message"], given_up["level"], given_up["why"]) == ("message_given_up", "ERROR", reason)
    assert (batch["message"], batch["messages_done"], batch["messages_dead"]) == ("batch_delivered", 1, 1)
    assert (batch["received"], batch["unaccounted"]) == (batch["delivered"], 0)
    metrics = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["WorkerReceived"] for one in metrics] == [[batch["received"]]] * 2, "of all, and of the tenant"
    assert metrics[0]["WorkerUnaccounted"] == [0]
    assert metrics[1]["tenant"] == "shop"


def test_a_queue_says_where_its_dead_letters_go(sqs, urls):
    assert SqsSource(urls[0], sqs).redrive() == Redrive(urls[1], 2)
    assert SqsSource(urls[1], sqs).redrive() == Redrive()
    assert SqsSource(urls[0], sqs).name().endswith(":live")


def test_what_failed_is_seen_again_and_what_is_done_is_not(sqs, urls):
    source = SqsSource(urls[0], sqs)
    SqsQueue(urls[0], lambda: sqs).send([Packed("a", {"name": "value"}), Packed("b")], 5)
    records = sorted(source.receive(10), key=lambda record: str(record["body"]))
    assert [one["body"] for one in records] == ["a", "b"]
    assert records[0]["messageAttributes"] == {"name": {"stringValue": "value", "dataType": "String"}}
    assert records[0]["attributes"]["ApproximateReceiveCount"] == "1"
    assert source.receive(10) == []
    assert source.waiting().messages == 2
    source.delete([records[0]["receiptHandle"]])
    source.release([records[1]["receiptHandle"]], 0)
    (again,) = source.receive(10)
    assert (again["body"], again["attributes"]["ApproximateReceiveCount"]) == ("b", "2")


def test_a_queue_that_is_not_there_is_said(sqs, urls):
    source = SqsSource(urls[0] + "-none", sqs)
    for call in (lambda: source.receive(1), source.waiting, source.redrive, lambda: source.delete(["x"])):
        with pytest.raises(KeepError, match="the queue failed: "):
            call()
