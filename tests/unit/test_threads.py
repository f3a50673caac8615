"""Threads that stay, and calls side by side in them."""

import threading
import time
import weakref
from collections.abc import Callable, Iterator
from functools import partial
from typing import NoReturn

import pytest

from raygate.lanes import SIDE_BY_SIDE, Lanes
from raygate.threads import Tell, Threads

PATIENCE_S = 5.0


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """What jobs wait for; open at the end."""
    event = threading.Event()
    yield event
    event.set()


def fails() -> NoReturn:
    """A job that nobody foresaw to fail."""
    raise LookupError


class Seen:
    """Which threads did something, and how often it was done."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.done = threading.Semaphore(0)

    def job(self) -> Tell:
        self.names.append(threading.current_thread().name)
        return self.done.release

    def wait(self, times: int) -> None:
        for _ in range(times):
            assert self.done.acquire(timeout=PATIENCE_S)


def test_whoever_is_told_finds_the_thread_free():
    seen, threads = Seen(), Threads("one after the other", 8)
    for _ in range(100):
        threads.start(seen.job)
        seen.wait(1)
    assert set(seen.names) == {"one after the other_1"}


def test_the_thread_that_was_free_last_has_the_next_job(gate):
    seen, threads = Seen(), Threads("some", 8)
    together = threading.Barrier(3)

    def meets() -> Tell:
        together.wait(PATIENCE_S)
        return seen.job()

    for _ in range(3):
        threads.start(meets)
    seen.wait(3)
    for _ in range(20):
        threads.start(seen.job)
        seen.wait(1)
    assert len(set(seen.names[3:])) == 1


def test_jobs_go_side_by_side_and_no_more_than_there_may_be(gate):
    begun, seen, threads = threading.Semaphore(0), Seen(), Threads("few", 2)

    def hangs() -> None:
        begun.release()
        gate.wait(PATIENCE_S)

    for _ in range(2):
        threads.start(hangs)
    threads.start(seen.job)
    assert begun.acquire(timeout=PATIENCE_S)
    assert begun.acquire(timeout=PATIENCE_S)
    assert not seen.done.acquire(timeout=0.05)
    gate.set()
    seen.wait(1)


@pytest.mark.parametrize("job", [fails, lambda: fails], ids=["itself", "what it tells"])
def test_a_job_that_fails_leaves_its_thread_to_the_next_one(job, capsys):
    seen, threads = Seen(), Threads("single", 1)
    threads.start(job)
    threads.start(seen.job)
    seen.wait(1)
    assert "LookupError" in capsys.readouterr().err


def test_what_has_not_begun_does_not_begin_after_the_end(gate):
    begun, seen, threads = threading.Event(), Seen(), Threads("single", 1)

    def hangs() -> None:
        begun.set()
        gate.wait(PATIENCE_S)

    threads.start(hangs)
    assert begun.wait(PATIENCE_S)
    threads.start(seen.job)
    threads.close()
    gate.set()
    assert not seen.done.acquire(timeout=0.05)


def test_a_job_that_is_done_holds_nothing():
    class Held:
        done = threading.Event()

        def job(self) -> None:
            self.done.set()

    held, threads = Held(), Threads("single", 1)
    reference = weakref.ref(held)
    threads.start(held.job)
    assert held.done.wait(PATIENCE_S)
    del held
    until = time.monotonic() + PATIENCE_S
    while reference() and time.monotonic() < until:
        time.sleep(0.001)
    assert reference() is None


def test_each_call_has_its_place():
    assert Lanes("some").run([partial(int, number) for number in range(40)], -1, PATIENCE_S) == list(range(40))


def test_no_calls_take_no_time():
    begin = time.monotonic()
    assert Lanes("some").run([], "late", PATIENCE_S) == []
    assert time.monotonic() - begin < 1


def test_calls_go_side_by_side():
    together = threading.Barrier(SIDE_BY_SIDE)
    assert sorted(Lanes("some").run([lambda: together.wait(PATIENCE_S)] * SIDE_BY_SIDE, -1, PATIENCE_S)) == [
        *range(SIDE_BY_SIDE)
    ]


def test_what_hangs_is_left_behind_and_what_was_to_follow_is_not_begun(gate):
    begun: list[int] = []

    def hangs(number: int) -> str:
        begun.append(number)
        gate.wait(PATIENCE_S)
        return "in time"

    jobs: list[Callable[[], str]] = [lambda: "in time", *(partial(hangs, number) for number in range(12))]
    begin = time.monotonic()
    assert Lanes("some").run(jobs, "late", 0.1) == ["in time", *["late"] * 12]
    assert time.monotonic() - begin < 2
    assert len(begun) <= SIDE_BY_SIDE


def ends() -> NoReturn:
    """A job that is told to end, as no exception tells."""
    raise SystemExit


@pytest.mark.parametrize(("job", "raised"), [(fails, LookupError), (ends, SystemExit)])
def test_what_a_call_raises_is_raised(job, raised):
    with pytest.raises(raised):
        Lanes("some").run([lambda: "fine", job], "late", PATIENCE_S)
    with pytest.raises(raised):
        Lanes("some").begin(job).result(PATIENCE_S)
