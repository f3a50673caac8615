"""The worker beside the endpoint: a thread that feeds it, as the event source mapping feeds the function.

Takes   a queue seen from its other end, and the worker: `(event, context) → {"batchItemFailures": …}`.
Gives   `Polling`: batches by size, bytes and window; what the worker has done with is deleted, and only that; what
        failed is seen again later, and later each time, so that its tries outlast an X-Ray that is away.
Rules   Whatever goes wrong, a message stays in the queue until the worker said that it is done. `stop` lets the worker
        take what can be taken at once, for a bounded time.
Note    One run at a time: the one thread is the throttle.
"""

import random
import sys
import threading
import time
import traceback
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from raygate.keep import KeepError
from raygate.worker.worker import RESERVE_S
from raygate_local.kept.queue import BATCH_BYTES, Waiting

BATCH: Final = 100
WINDOW_S: Final = 0.1
"""How long a batch that is not full waits for more: people want to see their trace."""
POLL_S: Final = 1.0
RUN_S: Final = 60.0
"""What the worker believes to be the function's limit."""
LEAST_BACK_S: Final = 1.0
MOST_BACK_S: Final = 60.0
OUTAGE_S: Final = 6 * 3_600.0
"""What a message has to outlive, however few tries its queue gives it: in the cloud, sixty tries every six minutes."""

Record = dict[str, Any]


class Source(Protocol):
    """A queue seen from its other end. Raises `KeepError`."""

    def receive(self, most: int, wait_s: float = 0.0) -> list[Record]:
        """Records of an event of SQS, hidden from now on."""

    def delete(self, handles: Sequence[str]) -> None:
        """They are done."""

    def release(self, handles: Sequence[str], after_s: float) -> None:
        """They are seen again after a while."""

    def waiting(self) -> Waiting:
        """How much is in it."""

    def wake(self) -> None:
        """End a wait."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a worker asks its context."""

    deadline_s: float

    def get_remaining_time_in_millis(self) -> int:
        """Until the run has to be over."""
        return max(0, int((self.deadline_s - time.monotonic()) * 1_000))


@dataclass(slots=True)
class Polling:
    """The thread and what it works with."""

    source: Source
    worker: Callable[[Any, Any], dict[str, Any]]
    tell: Callable[[str], None]
    """For trouble with the queue itself, in a sentence."""
    max_receives: int = 0
    """How often the queue gives a message; 0 when nobody knows."""
    jitter: Callable[[], float] = random.random
    _stopping: threading.Event = field(default_factory=threading.Event)
    _until_s: float = 0.0
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to deliver."""
        self._thread = threading.Thread(target=self._loop, name="worker", daemon=True)
        self._thread.start()

    def stop(self, within_s: float) -> None:
        """Deliver what can be delivered at once, and end."""
        self._until_s = time.monotonic() + within_s
        self._stopping.set()
        self.source.wake()
        if self._thread:
            self._thread.join(within_s)

    def once(self, wait_s: float = 0.0) -> int:
        """One batch; how many messages were in it."""
        records = self._gather(wait_s)
        if records:
            failed = self._failures(records)
            self.source.delete([one["receiptHandle"] for one in records if one["messageId"] not in failed])
            again: dict[int, list[str]] = defaultdict(list)
            for one in records:
                if one["messageId"] in failed:
                    again[_receives(one)].append(one["receiptHandle"])
            for receives, handles in again.items():
                self.source.release(handles, self._back_s(receives))
        return len(records)

    def _loop(self) -> None:
        troubled = False
        while True:
            is_stopping = self._stopping.is_set()
            try:
                count = self.once(0.0 if is_stopping else POLL_S)
                troubled = False
            except KeepError as error:
                if not troubled:
                    self.tell(str(error))
                troubled, count = True, 0
                self._stopping.wait(POLL_S)
            except Exception:  # noqa: BLE001 - the messages are where they were, and the next may be better
                traceback.print_exc(file=sys.stderr)
                count = 0
                self._stopping.wait(POLL_S)
            if is_stopping and (not count or time.monotonic() >= self._until_s):
                return

    def _gather(self, wait_s: float) -> list[Record]:
        records = self.source.receive(BATCH, wait_s)
        until_s = time.monotonic() + WINDOW_S
        while records and len(records) < BATCH and sum(len(one["body"]) for one in records) < BATCH_BYTES:
            more = self.source.receive(BATCH - len(records), max(0.0, until_s - time.monotonic()))
            if not more:
                break
            records += more
        return records

    def _failures(self, records: Sequence[Record]) -> set[str]:
        """The ids that the worker names; all of them when it fails itself."""
        end_s = time.monotonic() + RUN_S
        if self._stopping.is_set():
            end_s = min(end_s, self._until_s + RESERVE_S)
        try:
            answer = self.worker({"Records": list(records)}, Context(end_s))
            return {one["itemIdentifier"] for one in answer["batchItemFailures"]}
        except Exception:  # noqa: BLE001 - as the mapping does: the whole batch comes again
            traceback.print_exc(file=sys.stderr)
            return {one["messageId"] for one in records}

    def _back_s(self, receives: int) -> float:
        longest: float = min(MOST_BACK_S, LEAST_BACK_S * 2 ** min(receives, 10))
        least = OUTAGE_S / self.max_receives if self.max_receives else 0.0
        return max(least, longest * (0.5 + self.jitter() / 2))


def _receives(record: Record) -> int:
    return int(record["attributes"].get("ApproximateReceiveCount", "1"))
