"""The worker's thread feeds it as the event source mapping feeds the function."""

import threading
from typing import Any

import pytest

from raygate.keep import Packed
from raygate_local.kept.database import Database
from raygate_local.kept.polling import Polling
from raygate_local.kept.queue import KeptQueue
from tests.fake_xray import Clock

PATIENCE_S = 60


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def queue(tmp_path, clock):
    with Database(tmp_path) as file:
        yield KeptQueue(file, clock=clock)


class Worker:
    """One that notes what it gets, and fails what it is told."""

    def __init__(self, *failing: str) -> None:
        self.failing = set(failing)
        self.batches: list[list[str]] = []
        self.worked = threading.Event()

    def __call__(self, event: Any, context: Any) -> dict[str, Any]:
        """One batch."""
        assert 0 < context.get_remaining_time_in_millis() <= 60_000
        self.batches.append([one["body"] for one in event["Records"]])
        self.worked.set()
        failed = [one["messageId"] for one in event["Records"] if one["body"] in self.failing]
        return {"batchItemFailures": [{"itemIdentifier": one} for one in failed]}


def polling(queue: KeptQueue, worker: Any, told: list[str] | None = None) -> Polling:
    return Polling(queue, worker, (told if told is not None else []).append, jitter=lambda: 1.0)


def sent(queue: KeptQueue, *bodies: str) -> None:
    assert all(queue.send([Packed(body) for body in bodies], 1))


def test_what_is_done_is_deleted_and_what_failed_comes_again_later_each_time(queue, clock):
    worker = Worker("b")
    sent(queue, "a", "b", "c")
    one = polling(queue, worker)
    assert one.once() == 3
    assert queue.waiting().messages == 1
    waits = []
    for _ in range(8):
        assert one.once() == 0
        begin = clock.now_s
        while not one.once():
            clock.sleep(1)
        waits.append(clock.now_s - begin)
    assert worker.batches == [["a", "b", "c"], *[["b"]] * 8]
    assert waits == [2, 4, 8, 16, 32, 60, 60, 60]


@pytest.mark.parametrize(("max_receives", "first"), [(3, 7_200), (60, 360), (20_000, 2)])
def test_the_fewer_tries_a_queue_gives_the_longer_is_the_first_wait(max_receives, first, queue, clock):
    sent(queue, "a")
    one = Polling(queue, Worker("a"), print, max_receives, jitter=lambda: 1.0)
    one.once()
    clock.sleep(first - 1)
    assert one.once() == 0
    clock.sleep(1)
    assert one.once() == 1


@pytest.mark.parametrize("max_receives", [3, 60])
def test_the_tries_that_a_queue_gives_outlast_six_hours(max_receives, queue, clock):
    sent(queue, "a")
    one = Polling(queue, Worker("a"), print, max_receives, jitter=lambda: 1.0)
    begin = clock.now_s
    while clock.now_s - begin < 6 * 3_600 - 60:
        one.once()
        clock.sleep(30)
    assert receives_of(queue) <= max_receives


def receives_of(queue: KeptQueue) -> int:
    with queue.database.reading() as file:
        (number,) = file.execute("SELECT max(receives) FROM messages").fetchone()
    return int(number)


def test_a_worker_that_fails_itself_costs_nothing(queue, clock, capsys):
    def broken(_event: Any, _context: Any) -> dict[str, Any]:
        raise ZeroDivisionError

    sent(queue, "a", "b")
    assert polling(queue, broken).once() == 2
    assert "ZeroDivisionError" in capsys.readouterr().err
    clock.sleep(2)
    worker = Worker()
    assert polling(queue, worker).once() == 2
    assert queue.waiting().messages == 0


def test_a_batch_has_its_size(queue):
    worker = Worker()
    sent(queue, *map(str, range(250)))
    one = polling(queue, worker)
    assert [one.once() for _ in range(4)] == [100, 100, 50, 0]


def test_the_thread_delivers_what_comes_and_at_the_end_what_is_there(queue):
    worker = Worker()
    one = polling(queue, worker)
    one.start()
    sent(queue, "a")
    assert worker.worked.wait(PATIENCE_S)
    sent(queue, *map(str, range(150)))
    one.stop(PATIENCE_S)
    assert queue.waiting().messages == 0
    assert sum(map(len, worker.batches)) == 151


def test_the_end_does_not_wait_for_a_worker_that_hangs(queue):
    hung = threading.Event()

    def hanging(_event: Any, _context: Any) -> dict[str, Any]:
        hung.wait(PATIENCE_S)
        return {"batchItemFailures": []}

    sent(queue, "a")
    one = polling(queue, hanging)
    one.start()
    one.stop(0.2)
    assert queue.waiting().messages == 1
    hung.set()
    one.stop(PATIENCE_S)
    assert queue.waiting().messages == 0


def test_trouble_with_the_queue_is_told_once_and_outlived(queue):
    told: list[str] = []
    with queue.database.writing() as file:
        file.execute("ALTER TABLE messages RENAME TO gone")
    worker = Worker()
    one = polling(queue, worker, told)
    one.start()
    with queue.database.writing() as file:
        file.execute("ALTER TABLE gone RENAME TO messages")
    sent(queue, "a")
    assert worker.worked.wait(PATIENCE_S)
    one.stop(PATIENCE_S)
    assert len(told) <= 1
    assert all(text.startswith("the queue on this machine: ") for text in told)
