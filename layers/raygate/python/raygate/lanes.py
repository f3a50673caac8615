"""Calls side by side, and left behind when time is up.

Takes   jobs that wait for somebody else, such as a service of AWS.
Gives   what each gave, by position; `late` for those without an answer in time. What a job raises is raised.
Why     a call that hangs or drips cannot be stopped. Only by leaving it behind is an answer in time certain.
"""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from itertools import count
from threading import Lock
from typing import Final, TypeVar

from raygate.threads import Tell, Threads

T = TypeVar("T")

SIDE_BY_SIDE: Final = 8
"""Of one request."""
MOST_THREADS: Final = 64
"""Of one kind for all requests together, calls that hang among them."""


class Lanes:
    """Threads for one kind of calls."""

    def __init__(self, name: str) -> None:
        self._threads = Threads(name, MOST_THREADS)

    def begin(self, job: Callable[[], T]) -> "Future[T]":
        """Start one job."""
        future: Future[T] = Future()

        def lane() -> Tell:
            try:
                return partial(future.set_result, job())
            except BaseException as error:  # noqa: BLE001 - for whoever waits
                return partial(future.set_exception, error)

        self._threads.start(lane)
        return future

    def run(self, jobs: Sequence[Callable[[], T]], late: T, timeout_s: float) -> list[T]:
        """Do all jobs, in as many lanes as there may be."""
        waiting = deque(enumerate(jobs))
        results = [late] * len(jobs)
        errors: list[BaseException] = []
        lanes = min(SIDE_BY_SIDE, len(jobs))
        ended, done = count(1), Lock()

        def lane() -> Tell | None:
            try:
                while mine := _next(waiting):
                    index, job = mine
                    results[index] = job()
            except BaseException as error:  # noqa: BLE001 - what nobody foresaw is raised by whoever waits
                errors.append(error)
            return done.release if next(ended) == lanes else None

        done.acquire()
        for _ in range(lanes):
            self._threads.start(lane)
        if lanes:
            done.acquire(timeout=timeout_s)
        waiting.clear()
        if errors:
            raise errors[0]
        return list(results)  # who was left behind may still write to the first


def _next(waiting: "deque[T]") -> T | None:
    try:
        return waiting.popleft()
    except IndexError:
        return None
