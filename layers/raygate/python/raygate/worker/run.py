"""One batch from its first message to its last.

Takes   the messages, and who delivers, keeps and settles.
Gives   a `Settled` for each, in their order.
Rules   One message costs only itself, whatever is wrong with it. Messages are converted until their documents would
        fill memory, then these are sent together, and so on. Where the order counts, what is behind the first message
        that failed is not begun, and comes again with it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from typing import Final

from raygate.deliver import Budget, Put
from raygate.deliver.pace import Pace
from raygate.errors import DecodeError
from raygate.keep import KeepError, MessageError, Stores
from raygate.keep.message import MOST_INFLATED
from raygate.records import dataclass
from raygate.settings import Settings
from raygate.worker.arrived import Arrived, Batch, Settled
from raygate.worker.parts import Buckets, LateError, Part, is_notice, kept_in, part_of
from raygate.worker.sending import Ended, send
from raygate.worker.settling import Settling

MOST_TOGETHER: Final = 32 * 1024 * 1024
"""Characters of documents that are in memory at a time, and one message more."""
SETTLING_S: Final = 8.0
"""For queue, bucket and dead letters after the last call."""

LATE: Final = "no time was left for it"
BEHIND: Final = "it is behind a message that failed"


@dataclass(frozen=True, slots=True)
class Means:
    """What the worker works with."""

    settings: Settings
    put: Put
    stores: Stores
    buckets: Buckets
    pace: Pace | None = None


@dataclass(slots=True)
class Run:
    """One batch while it lasts."""

    means: Means
    batch: Batch
    settling: Settling
    budget: Budget
    counts: Counter[str] = field(default_factory=Counter)
    _settled: dict[int, Settled] = field(default_factory=dict)
    _pending: dict[int, list[Part]] = field(default_factory=dict)

    def settle(self) -> list[Settled]:
        """All messages."""
        for at, message in enumerate(self.batch.messages):
            if self._is_stopped():
                break
            if failed := self._read(at, message):
                self._settled[at] = failed
            elif self._size() > MOST_TOGETHER:
                self._flush()
        self._flush()
        return self._in_order()

    def _size(self) -> int:
        return sum(len(text) for parts in self._pending.values() for part in parts for text in part.texts)

    def _is_stopped(self) -> bool:
        return self.batch.habit.stops and any(not one.is_over for one in self._settled.values())

    def _read(self, at: int, message: Arrived) -> Settled | None:
        """Convert it; why it failed, if it did."""
        # What was accepted is never too large afterwards: redaction may have undone a better compression than ours.
        settings = replace(self.means.settings, max_wire_bytes=MOST_INFLATED)
        try:
            found = kept_in(message.packed, self.means.stores, settings, self.means.buckets)
            self._pending[at] = [part_of(kept, settings, self.budget) for kept in found]
            return None
        except (MessageError, DecodeError) as error:
            return self.settling.leave(message, str(error), is_final=True)
        except KeepError as error:
            return self.settling.leave(message, str(error))
        except LateError:
            return self.settling.leave(message, LATE)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is one message's
            return self._accident(message, error)

    def _flush(self) -> None:
        pending, self._pending = self._pending, {}
        if pending:
            self._send(pending)

    def _send(self, pending: Mapping[int, list[Part]]) -> None:
        """Send together; each by itself when something happens that nobody foresaw."""
        try:
            sent = send(
                [part for parts in pending.values() for part in parts], self.means.put, self.budget, self.means.pace
            )
        except Exception as error:  # noqa: BLE001 - the others must not pay for it
            if len(pending) > 1:
                for at, parts in pending.items():
                    self._send({at: parts})
            else:
                self._settled |= {at: self._accident(self.batch.messages[at], error) for at in pending}
            return
        self.counts.update(documents=sent.documents, calls=sent.calls, mended=sent.mended)
        ended = iter(sent.parts)
        for at, parts in pending.items():
            self._settled[at] = self._settle(self.batch.messages[at], [next(ended) for _ in parts])

    def _settle(self, message: Arrived, ended: Sequence[Ended]) -> Settled:
        try:
            settled = self.settling.settle(message, ended)
        except Exception as error:  # noqa: BLE001 - the same
            return self._accident(message, error)
        if settled.is_over and not is_notice(message.packed):
            settled.requests = [one.part.accepted for one in ended if one.part.accepted]
        return settled

    def _accident(self, message: Arrived, error: Exception) -> Settled:
        return replace(self.settling.leave(message, f"accident: {type(error).__name__}"), accident=error)

    def _in_order(self) -> list[Settled]:
        """With all that was not begun; and behind a failure everything failed, where the order counts."""
        settled = [self._settled.get(at, Settled(one, "failed", BEHIND)) for at, one in enumerate(self.batch.messages)]
        if self.batch.habit.stops:
            failures = [at for at, one in enumerate(settled) if not one.is_over]
            for one in settled[failures[0] + 1 :] if failures else ():
                _fail(one)
        return settled


def _fail(settled: Settled) -> None:
    if settled.is_over:
        settled.word, settled.reason, settled.requests = "failed", BEHIND, ()
