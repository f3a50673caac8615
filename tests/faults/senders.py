"""Senders as real SDKs are: again on 429, 502, 503 and 504 and when nobody answers, drop on anything else, give up.

Takes   requests, and `post`: one of them to an endpoint.
Gives   `Ledger`: what the senders know in the end. Spans of a request that was given up are not acknowledged.
Rules   `Retry-After` is looked at, and not waited for: so is the time of a test.
"""

import json
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from tests.faults.load import Export
from tests.faults.xray import Key

AGAIN: Final = frozenset({429, 502, 503, 504})
TRIES: Final = 5
PAUSE_S: Final = 0.05
SENDERS: Final = 12
"""Most of the time they wait."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a sender sees."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def rejected(self) -> int:
        """Spans that the answer says are not stored."""
        if self.headers.get("content-type") == "application/json":
            return int(json.loads(self.body).get("partialSuccess", {}).get("rejectedSpans", 0))
        return ExportTraceServiceResponse.FromString(self.body).partial_success.rejected_spans


NOBODY: Final = Answer(0)
"""The connection ended without an answer."""


@dataclass
class Ledger:
    """What happened to the requests, as their senders saw it."""

    exports: list[Export] = field(default_factory=list)
    acknowledged: set[int] = field(default_factory=set)
    tries: Counter[int] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    retry_after: set[str] = field(default_factory=set)
    """Of the answers that ask to come again."""
    rejected: int = 0
    longest_s: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, number: int, answer: Answer, seconds: float) -> None:
        """One answer."""
        with self._lock:
            self.tries[number] += 1
            self.longest_s = max(self.longest_s, seconds)
            if answer.status == 400 and not self.exports[number].keys:
                return  # nothing of it can be stored
            self.statuses[answer.status] += 1
            if answer.status in AGAIN:
                self.retry_after.add(answer.headers.get("retry-after", ""))
            if answer.status == 200:
                self.acknowledged.add(number)
                self.rejected += answer.rejected

    @property
    def spans(self) -> int:
        """All that were sent."""
        return sum(one.spans for one in self.exports)

    @property
    def promised(self) -> set[Key]:
        """The documents that have to be somewhere."""
        return set[Key]().union(*(self.exports[number].keys for number in self.acknowledged))

    @property
    def times(self) -> Counter[Key]:
        """How many of the requests have this document: recorded senders repeat themselves."""
        return Counter(key for one in self.exports for key in one.keys)

    @property
    def repeated(self) -> set[Key]:
        """The documents that a sender sent again."""
        return {key for number, one in enumerate(self.exports) if self.tries[number] > 1 for key in one.keys}


def send_all(exports: Sequence[Export], post: Callable[[Export], Answer], senders: int = SENDERS) -> Ledger:
    """Every request, a few senders at a time."""
    ledger, waiting = Ledger(list(exports)), deque(range(len(exports)))
    accidents: list[Exception] = []

    def sender() -> None:
        try:
            while waiting and not accidents:
                send(ledger, waiting.popleft(), post)
        except IndexError:
            pass  # another one was quicker
        except Exception as error:  # noqa: BLE001 - told below, in the thread that somebody looks at
            accidents.append(error)

    threads = [threading.Thread(target=sender) for _ in range(senders)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if accidents:
        raise accidents[0]
    return ledger


def send(ledger: Ledger, number: int, post: Callable[[Export], Answer]) -> None:
    """One request, until it is answered for good or its sender gives up."""
    for _ in range(TRIES):
        begun_s = time.monotonic()
        answer = post(ledger.exports[number])
        ledger.note(number, answer, time.monotonic() - begun_s)
        if answer.status and answer.status not in AGAIN:
            return
        time.sleep(PAUSE_S)
