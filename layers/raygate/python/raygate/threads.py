"""Threads that stay for the next job: starting one costs more than converting a span does.

Takes   jobs that take nothing, and tell by themselves what they give and what went wrong.
Why     the standard library's pool makes a future, two conditions and a semaphore's round for each job: five times as
        much as a queue alone, and a request needs several jobs.
Note    They are daemons: nobody waits at the end for a call that hangs.
"""

import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import TypeAlias

Job: TypeAlias = Callable[[], object]


class Threads:
    """So many at most; none before the first job."""

    def __init__(self, name: str, most: int) -> None:
        self._name, self._most = name, most
        self._jobs: SimpleQueue[Job] = SimpleQueue()
        self._lock = Lock()
        self._count = self._idle = 0

    def start(self, job: Job) -> None:
        """Do it, as soon as a thread is free."""
        self._jobs.put(job)
        with self._lock:
            if self._idle:
                self._idle -= 1
                return
            if self._count == self._most:
                return
            self._count += 1
            number = self._count
        Thread(target=self._work, name=f"{self._name}_{number}", daemon=True).start()

    def close(self) -> None:
        """Begin nothing more; what runs is left alone."""
        with suppress(Empty):
            while True:
                self._jobs.get_nowait()

    def _work(self) -> None:
        while True:
            job = self._jobs.get()
            try:
                job()
            except BaseException:  # noqa: BLE001 - the next job needs this thread
                traceback.print_exc(file=sys.stderr)
            del job  # and what it holds: the next one may take hours
            with self._lock:
                self._idle += 1
