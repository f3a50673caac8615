"""A steady load: so many spans a second, for so long, over a few connections.

Takes   a `Sender`, the rate, the seconds, and chance; `told` is called with the counts as they grow.
Gives   `Counts`: what was sent and what became of it.
Rules   Requests leave by the clock, not when the one before is answered: a slow endpoint is seen as a growing number
        of requests under way, up to `SIDE_BY_SIDE`; what could not leave in time is sent late, never left out.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Any, Final

from raygate_local.sending.post import Answer, Parcel, Sender, SendError
from raygate_local.sending.sample import STEPS, sample, together

SIDE_BY_SIDE: Final = 16
TICKS_A_SECOND: Final = 10
"""Requests a second, at most: spans are put together in between."""


@dataclass(slots=True)
class Counts:
    """What has become of the spans until now."""

    requests: int = 0
    spans: int = 0
    taken: int = 0
    rejected: int = 0
    failed: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    slowest_s: float = 0.0
    last_error: str = ""

    @property
    def rate(self) -> float:
        """Spans a second that were taken."""
        return self.taken / self.seconds if self.seconds else 0.0

    def as_json(self) -> dict[str, Any]:
        """All of it."""
        return {
            "requests": self.requests,
            "spans": self.spans,
            "taken": self.taken,
            "rejected": self.rejected,
            "failed": self.failed,
            "statuses": dict(self.statuses),
            "seconds": round(self.seconds, 3),
            "spans_a_second": round(self.rate, 1),
            "slowest_seconds": round(self.slowest_s, 6),
            "last_error": self.last_error,
        }


class Load:
    """One run."""

    def __init__(self, sender: Sender, random_bytes: Callable[[int], bytes], told: Callable[[Counts], None]) -> None:
        self.counts = Counts()
        self._sender = sender
        self._random_bytes = random_bytes
        self._told = told
        self._lock = Lock()
        self._stopped = Event()

    def run(self, rate: int, seconds: float) -> Counts:
        """Send until the time is up, and wait for the answers."""
        began = time.monotonic()
        waiting: list[Future[None]] = []
        with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            try:
                for at, spans in schedule(rate, seconds):
                    self._stopped.wait(max(0.0, began + at - time.monotonic()))
                    waiting = [one for one in waiting if not one.done()]
                    waiting.append(pool.submit(self._send, spans, began))
                    self._told(self.counts)
            except BaseException:  # Ctrl-C: what is under way ends, nothing more begins
                pool.shutdown(cancel_futures=True)
                raise
        for one in waiting:
            one.result()
        self.counts.seconds = time.monotonic() - began
        self._told(self.counts)
        return self.counts

    def _send(self, spans: int, began: float) -> None:
        body = request_of(spans, self._random_bytes, time.time_ns())
        try:
            answer: Answer | str = self._sender.post(Parcel(body))
        except SendError as error:
            answer = str(error)
        with self._lock:
            self._count(spans, answer)
            self.counts.seconds = time.monotonic() - began

    def _count(self, spans: int, answer: Answer | str) -> None:
        counts = self.counts
        counts.requests += 1
        counts.spans += spans
        if isinstance(answer, str):
            counts.failed += spans
            counts.statuses["no answer"] += 1
            counts.last_error = answer
            return
        counts.statuses[str(answer.status)] += 1
        counts.slowest_s = max(counts.slowest_s, answer.seconds)
        counts.rejected += answer.rejected
        counts.taken += spans - answer.rejected if answer.is_taken else 0
        counts.failed += 0 if answer.is_taken else spans
        counts.last_error = answer.message or counts.last_error


def schedule(rate: int, seconds: float) -> Iterator[tuple[float, int]]:
    """When to send, in seconds from the beginning, and how many spans: all together rate times seconds."""
    total = round(rate * seconds)
    requests = max(1, min(total, round(TICKS_A_SECOND * seconds)))
    for number in range(requests):
        yield seconds * number / requests, total * (number + 1) // requests - total * number // requests


def request_of(spans: int, random_bytes: Callable[[int], bytes], now_ns: int) -> bytes:
    """So many spans, in as many traces as it takes."""
    whole, rest = divmod(spans, len(STEPS))
    sizes = [len(STEPS)] * whole + ([rest] if rest else [])
    return together([sample(random_bytes, now_ns, size) for size in sizes])
