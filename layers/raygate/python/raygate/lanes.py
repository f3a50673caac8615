"""Calls side by side, and left behind when time is up.

Takes   jobs that wait for somebody else, such as a service of AWS.
Gives   what each gave, by position; `late` for those without an answer in time. What a job raises is raised.
Why     a call that hangs or drips cannot be stopped. Only by leaving it behind is an answer in time certain.
"""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Final, TypeVar

T = TypeVar("T")

SIDE_BY_SIDE: Final = 8
"""Of one request."""
MOST_THREADS: Final = 64
"""Of one kind for all requests together, calls that hang among them."""


class Lanes:
    """Threads that stay for the next request: starting one costs more than converting a span does."""

    def __init__(self, name: str) -> None:
        self._threads = ThreadPoolExecutor(MOST_THREADS, thread_name_prefix=name)  # no thread before the first job

    def begin(self, job: Callable[[], T]) -> "Future[T]":
        """Start one job."""
        return self._threads.submit(job)

    def run(self, jobs: Sequence[Callable[[], T]], late: T, timeout_s: float) -> list[T]:
        """Do all jobs, in as many lanes as there may be."""
        waiting = deque(enumerate(jobs))
        results = [late] * len(jobs)

        def lane() -> None:
            while waiting:
                try:
                    index, job = waiting.popleft()
                except IndexError:
                    return  # another lane was quicker
                results[index] = job()

        lanes = [self.begin(lane) for _ in range(min(SIDE_BY_SIDE, len(jobs)))]
        done, behind = wait(lanes, timeout=timeout_s)
        waiting.clear()
        for one in behind:
            one.cancel()
        for one in done:
            one.result()  # raises what nobody foresaw
        return list(results)  # who was left behind may still write to the first
