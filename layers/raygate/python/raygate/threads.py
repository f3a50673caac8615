"""Threads that stay for the next job: starting one costs more than converting a span does.

Takes   jobs that take nothing, and give what is to be done next: to tell whoever waits. By then the thread is free,
        and whoever is told finds it so.
Rules   The thread that became free last has the next job: what it needs is in its processor's cache. With another one
        in turn the same request takes some hundredths more CPU.
Why     the standard library's pool takes the one that has waited longest, and makes a future, two conditions and a
        semaphore's round for each job.
Note    They are daemons: nobody waits at the end for a call that hangs.
"""

import sys
import traceback
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from threading import Lock, Thread
from typing import TypeAlias, TypeVar

T = TypeVar("T")
Tell: TypeAlias = Callable[[], object]
Job: TypeAlias = Callable[[], Tell | None]


class Threads:
    """So many at most; none before the first job."""

    def __init__(self, name: str, most: int) -> None:
        self._name, self._most = name, most
        self._count = 0
        self._free: list[SimpleQueue[Job]] = []
        """Where each free thread waits for its next job."""
        self._waiting: deque[Job] = deque()
        self._lock = Lock()

    def start(self, job: Job) -> None:
        """Do it, as soon as a thread is free."""
        with self._lock:
            if self._free:
                self._free.pop().put(job)
                return
            if self._count == self._most:
                self._waiting.append(job)
                return
            self._count += 1
            number = self._count
        own: SimpleQueue[Job] = SimpleQueue()
        own.put(job)
        Thread(target=self._work, args=(own,), name=f"{self._name}_{number}", daemon=True).start()

    def close(self) -> None:
        """Begin nothing that waits; what runs is left alone."""
        with self._lock:
            self._waiting.clear()

    def _work(self, own: SimpleQueue[Job]) -> None:
        while True:
            job: Job | None = own.get()
            while job:
                tell = _done(job)
                job = self._next(own)
                if tell:
                    _done(tell)
                    tell = None  # what it holds shall not wait for the next job

    def _next(self, own: SimpleQueue[Job]) -> Job | None:
        """A job that waits; else the thread is free."""
        with self._lock:
            if self._waiting:
                return self._waiting.popleft()
            self._free.append(own)
        return None


def _done(work: Callable[[], T]) -> T | None:
    try:
        return work()
    except BaseException:  # noqa: BLE001 - the next job needs this thread
        traceback.print_exc(file=sys.stderr)
        return None
