"""The queue in the file behaves as SQS does for the worker, and what it confirmed is there when it is opened again."""

import threading
from pathlib import Path

import pytest

from raygate.keep import KeepError, Packed
from raygate_local.kept import queue as kept_queue
from raygate_local.kept.database import Database
from raygate_local.kept.queue import DEAD, KeptQueue, Waiting
from tests.fake_xray import Clock


@pytest.fixture
def database(tmp_path: Path):
    with Database(tmp_path) as one:
        yield one


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def queue(database, clock):
    return KeptQueue(database, visibility_s=30, clock=clock)


def bodies(records) -> list[str]:
    return [record["body"] for record in records]


def test_what_was_sent_is_received_with_its_attributes(queue):
    assert queue.send([Packed("one", {"content-type": "text"}), Packed("two")], 1) == [True, True]
    first, second = queue.receive(10)
    assert (first["body"], second["body"]) == ("one", "two")
    assert first["messageAttributes"] == {"content-type": {"stringValue": "text", "dataType": "String"}}
    assert first["attributes"] == {
        "ApproximateReceiveCount": "1",
        "SentTimestamp": "1000000",
        "ApproximateFirstReceiveTimestamp": "1000000",
    }
    assert first["eventSource"] == "aws:sqs"


def test_a_received_message_is_hidden_until_its_time_is_up(queue, clock):
    queue.send([Packed("one")], 1)
    assert bodies(queue.receive(10)) == ["one"]
    assert queue.receive(10) == []
    clock.sleep(30)
    (again,) = queue.receive(10)
    assert again["attributes"]["ApproximateReceiveCount"] == "2"
    assert again["attributes"]["ApproximateFirstReceiveTimestamp"] == "1000000"


def test_a_deleted_message_never_comes_again(queue, clock):
    queue.send([Packed("one"), Packed("two")], 1)
    queue.delete([queue.receive(1)[0]["receiptHandle"]])
    clock.sleep(60)
    assert bodies(queue.receive(10)) == ["two"]


def test_a_released_message_comes_again_when_it_was_said(queue, clock):
    queue.send([Packed("one")], 1)
    queue.release([queue.receive(1)[0]["receiptHandle"]], 5)
    assert queue.receive(10) == []
    clock.sleep(5)
    assert bodies(queue.receive(10)) == ["one"]


def test_a_message_that_was_received_too_often_is_a_dead_letter_with_its_reason(database, clock):
    queue, dead = (
        KeptQueue(database, visibility_s=1, max_receives=2, clock=clock),
        KeptQueue(database, DEAD, clock=clock),
    )
    queue.send([Packed("one", {"a": "b"})], 1)
    for _ in range(2):
        assert bodies(queue.receive(10)) == ["one"]
        clock.sleep(1)
    assert queue.receive(10) == []
    (letter,) = dead.receive(10)
    named = {name: value["stringValue"] for name, value in letter["messageAttributes"].items()}
    assert named == {"a": "b", "raygate-reason": "received 2 times"}
    assert letter["attributes"]["ApproximateReceiveCount"] == "1"


def test_a_batch_holds_no_more_messages_and_bytes_than_an_event(queue, monkeypatch):
    monkeypatch.setattr(kept_queue, "BATCH_BYTES", 10)
    queue.send([Packed("123456")] * 5, 1)
    assert [len(queue.receive(10)) for _ in range(3)] == [2, 2, 1]
    queue.send([Packed("1")] * 5, 1)
    assert [len(queue.receive(3)) for _ in range(2)] == [3, 2]


def test_what_was_confirmed_is_there_when_the_file_is_opened_again(tmp_path, clock):
    with Database(tmp_path) as file:
        queue = KeptQueue(file, clock=clock)
        queue.send([Packed("one"), Packed("two")], 1)
        queue.delete([queue.receive(1)[0]["receiptHandle"]])
        queue.receive(1)
    with Database(tmp_path) as file:
        queue = KeptQueue(file, clock=clock)
        assert queue.waiting() == Waiting(1, 1_000_000)
        assert queue.receive(1) == [], "it is hidden for whoever was killed"
        queue.reclaim()
        assert bodies(queue.receive(1)) == ["two"]


def test_whoever_waits_is_woken_by_a_message(queue):
    received: list[str] = []
    waiting = threading.Thread(target=lambda: received.extend(bodies(queue.receive(1, wait_s=60))))
    waiting.start()
    queue.send([Packed("one")], 1)
    waiting.join(60)
    assert received == ["one"]


def test_a_message_is_confirmed_only_when_it_was_written(queue, database):
    with database.writing() as file:
        file.execute("DROP TABLE messages")
    assert queue.send([Packed("one")], 1) == [False]
    with pytest.raises(KeepError, match="the queue on this machine"):
        queue.receive(1)


def test_who_gets_no_turn_in_time_is_not_confirmed(queue, database):
    answers: list[bool] = []
    with database.writing():
        other = threading.Thread(target=lambda: answers.extend(queue.send([Packed("one")], 0.01)))
        other.start()
        other.join(60)
    assert answers == [False]


def test_queues_of_one_file_know_nothing_of_each_other(database, queue):
    KeptQueue(database, DEAD).send([Packed("dead")], 1)
    assert queue.receive(10) == []
    assert queue.waiting() == Waiting()
