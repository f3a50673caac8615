"""The adapters for SQS and S3: moto behind a real socket, with faults before it."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import boto3
import pytest

from raygate.aws_session import aws_session
from raygate.keep import KeepError, Object, Packed, Stores, unpack
from raygate.keep.aws import stores_on_aws
from raygate.keep.keeping import enqueue
from raygate.keep.message import Accepted, pack
from raygate.keep.s3 import S3Bucket
from raygate.keep.sqs import MOST_BYTES, SqsQueue
from raygate.request import Request
from raygate.settings import Settings
from tests import fake_aws
from tests.fake_aws import FakeAws

BUCKET = "raygate-kept"
LONG_S = 20.0


class Aws(NamedTuple):
    server: FakeAws
    stores: Stores
    sqs: Any
    url: str

    @property
    def queue(self) -> SqsQueue:
        assert isinstance(self.stores.queue, SqsQueue)
        return self.stores.queue

    @property
    def bucket(self) -> S3Bucket:
        assert isinstance(self.stores.bucket, S3Bucket)
        return self.stores.bucket

    def received(self) -> list[Packed]:
        """Everything in the queue, which is empty afterwards."""
        found: list[Packed] = []
        while messages := self.sqs.receive_message(
            QueueUrl=self.url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
        ).get("Messages"):
            for message in messages:
                given = message.get("MessageAttributes", {})
                found.append(Packed(message["Body"], {name: one["StringValue"] for name, one in given.items()}))
                self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
        return found


@pytest.fixture(scope="module")
def running() -> Iterator[Aws]:
    with pytest.MonkeyPatch.context() as patch, fake_aws.serving() as server:
        patch.setenv("AWS_ENDPOINT_URL_SQS", server.url)
        patch.setenv("AWS_ENDPOINT_URL_S3", server.url)
        sqs = boto3.client("sqs")
        boto3.client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        url = sqs.create_queue(QueueName="spans", Attributes={"MaximumMessageSize": str(MOST_BYTES)})["QueueUrl"]
        settings = Settings(queue_url=url, bucket=BUCKET)
        yield Aws(server, stores_on_aws(settings, "eu-west-1", aws_session()), sqs, url)
        sqs.close()


@pytest.fixture
def aws(running) -> Iterator[Aws]:
    running.server.play()
    yield running
    running.server.play()
    running.received()


def messages(count: int, size: int = 10) -> list[Packed]:
    return [Packed(f"{number:06d}".ljust(size, "x"), {"content-type": "text/plain"}) for number in range(count)]


def test_messages_arrive_as_they_were_sent(aws):
    sent = [pack(Accepted(Request(b"\x00\xff", "protobuf", tenant="größe & co"), "request-1", 5)), Packed("plain")]
    assert aws.queue.send(sent, LONG_S) == [True, True]
    received = aws.received()
    assert sorted(received, key=str) == sorted(sent, key=str)
    assert {type(unpack(one)) for one in received if one.attributes} == {Accepted}


@pytest.mark.parametrize(
    ("count", "size", "calls"), [(0, 10, 0), (1, 10, 1), (10, 10, 1), (11, 10, 2), (3, 600_000, 3)]
)
def test_messages_go_in_as_few_calls_as_the_queue_allows(aws, count, size, calls):
    assert aws.queue.send(messages(count, size), LONG_S) == [True] * count
    assert aws.server.requests == calls
    assert len(aws.received()) == count


def test_a_message_over_the_limit_is_not_sent_and_costs_no_other(aws):
    assert aws.queue.send([*messages(2), Packed("x" * (MOST_BYTES + 1))], LONG_S) == [True, True, False]
    assert len(aws.received()) == 2


FAULTS = {
    "its own error": fake_aws.error(500, "InternalFailure"),
    "throttled": fake_aws.error(400, "RequestThrottled"),
    "a proxy's page": fake_aws.answers(502, b"<html>Bad gateway</html>"),
    "reset": fake_aws.resets,
    "reset after it was kept": fake_aws.keeps_and_resets,
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_of_the_queue_that_passes_costs_nothing(aws, fault):
    aws.server.play(fault)
    assert aws.queue.send(messages(3), LONG_S) == [True] * 3
    assert {one.body for one in aws.received()} == {one.body for one in messages(3)}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_of_the_queue_that_stays_leaves_nothing_called_kept(aws, fault):
    aws.server.play(*[fault] * 20)
    assert aws.queue.send(messages(3), LONG_S) == [False] * 3


@pytest.mark.parametrize("body", [b"", b"{}", b"<html>Welcome to the hotel</html>", b'{"Successful":[{"Id":"7"}]}'])
def test_an_answer_that_confirms_nothing_confirms_nothing(aws, body):
    aws.server.play(*[fake_aws.answers(200, body)] * 9)
    assert aws.queue.send(messages(2), LONG_S) == [False, False]


def test_what_the_queue_lists_as_failed_is_sent_once_more_and_no_other(aws):
    told = {
        "Successful": [{"Id": "0", "MessageId": "m", "MD5OfMessageBody": "x"}],
        "Failed": [{"Id": "1", "Code": "InternalError", "SenderFault": False}],
    }
    aws.server.play(fake_aws.answers(200, json.dumps(told).encode()))
    assert aws.queue.send(messages(2), LONG_S) == [True, True]
    assert [one.body for one in aws.received()] == [messages(2)[1].body]


def test_a_queue_without_an_answer_is_left_behind_in_time(aws):
    aws.server.play(*[fake_aws.hangs] * 9)
    assert aws.queue.send(messages(1), 0.6) == [False]


def test_an_object_is_what_was_stored(aws):
    stored = Object(b"\x00body", {"content-type": "application/x-protobuf", "content-encoding": "gzip", "other": "1"})
    aws.bucket.put("parked/a b~ü/x.json", stored, LONG_S)
    assert aws.bucket.get("parked/a b~ü/x.json") == stored
    aws.bucket.delete("parked/a b~ü/x.json")
    assert aws.bucket.get("parked/a b~ü/x.json") is None
    aws.bucket.delete("parked/a b~ü/x.json")


def test_keys_come_in_order_page_by_page_and_from_behind_one(aws, monkeypatch):
    keys = [f"archive/-/{number:04d}" for number in range(12)]
    for key in keys:
        aws.bucket.put(key, Object(b"x"), LONG_S)
    client = aws.bucket.client()
    paged = client.list_objects_v2
    monkeypatch.setattr(client, "list_objects_v2", lambda **given: paged(MaxKeys=5, **given))
    assert list(aws.bucket.keys("archive/")) == keys
    assert list(aws.bucket.keys("archive/", keys[6])) == keys[7:]
    assert list(aws.bucket.keys("parked/")) == []


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_of_the_bucket_that_stays_is_said(aws, fault):
    for ask in (
        lambda: aws.bucket.put("a", Object(b"x"), LONG_S),
        lambda: aws.bucket.get("a"),
        lambda: list(aws.bucket.keys("a")),
        lambda: aws.bucket.delete("a"),
    ):
        aws.server.play(*[fault] * 20)
        with pytest.raises(KeepError):
            ask()


@pytest.mark.parametrize("body", [b"", b"<html>Welcome to the hotel</html>"])
def test_a_success_that_is_not_the_buckets_own_is_none(aws, body):
    aws.server.play(fake_aws.answers(200, body))
    with pytest.raises(KeepError):
        aws.bucket.put("a", Object(b"x"), LONG_S)


def test_a_bucket_without_an_answer_is_left_behind_in_time(aws):
    aws.server.play(*[fake_aws.hangs] * 9)
    with pytest.raises(KeepError, match="in time"):
        aws.bucket.put("a", Object(b"x"), 0.5)


def test_a_request_that_is_too_large_for_the_queue_goes_by_way_of_the_bucket(aws):
    sent = Packed("x" * 2_000_000, {"content-type": "application/json"})
    assert enqueue([sent], aws.stores, 0, LONG_S) == [True]
    (received,) = aws.received()
    stored = aws.bucket.get(received.attributes["raygate-claim"])
    assert stored
    assert stored.body == b"x" * 2_000_000


def test_clients_are_made_at_the_first_need_and_once(monkeypatch):
    made: list[str] = []

    def create_client(name: str, **_: Any) -> object:
        made.append(name)
        return object()

    session = aws_session()
    monkeypatch.setattr(session, "create_client", create_client)
    stores = stores_on_aws(Settings(queue_url="https://x/q", bucket="b"), "eu-west-1", session)
    assert made == []
    assert isinstance(stores.queue, SqsQueue)
    assert stores.queue.client() is stores.queue.client()
    assert made == ["sqs"]


@pytest.mark.parametrize(
    ("settings", "made"),
    [
        (Settings(delivery="buffered", queue_url="https://x/q"), ["sqs"]),
        (Settings(archive=True, bucket="b"), ["s3"]),
        (Settings(), []),
    ],
)
def test_a_client_that_each_request_needs_is_made_at_the_start(monkeypatch, settings, made):
    found: list[str] = []
    session = aws_session()
    monkeypatch.setattr(session, "create_client", lambda name, **_: found.append(name))
    stores = stores_on_aws(settings, "eu-west-1", session)
    assert found == made
    assert (stores.queue is None, stores.bucket is None) == (not settings.queue_url, not settings.bucket)
