"""What becomes of a message: done, moved, given up, or left with its carrier.

Takes   a message and what became of its documents, or why nothing can be made of it.
Gives   `Settled`.
Rules   What X-Ray refused for good is parked. What it did not take stays in the message, which comes again. Where a
        part of the message is done, that would send it twice: a new message takes the rest, and the old one is done
        when the queue has confirmed the new one. On the last try, and at once when it cannot be read, a message goes to
        the dead-letter queue with the reason, since the queue's own redrive tells none. What cannot be moved stays.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from raygate.deliver import Budget, Fate
from raygate.keep import Packed, Queue, Stores, Undelivered, pack
from raygate.keep.keeping import Keeper, enqueue
from raygate.records import dataclass
from raygate.request import Outcome
from raygate.tally import tally
from raygate.worker.arrived import Arrived, Habit, Settled, Word
from raygate.worker.sending import Ended

REASON: Final = "raygate-reason"
"""The attribute of a dead letter that says why it is one."""
MOST_REASON: Final = 256


@dataclass(frozen=True, slots=True)
class Settling:
    """What is the same for all messages of a batch."""

    stores: Stores
    dead_letters: Queue | None
    max_receives: int
    habit: Habit
    now_ms: int
    budget: Budget

    def settle(self, message: Arrived, sent: Sequence[Ended]) -> Settled:
        """Its documents were sent."""
        ended = [self._park(one) for one in sent]
        fates = [one.fates[at] for one in ended for at in one.open_positions]
        if not fates:
            return Settled(message, outcomes=_outcomes(ended))
        reason = f"{len(fates)} documents not delivered: {fates[0].reason}"
        is_begun = any(one.part.rejected or len(one.open_positions) < len(one.fates) for one in ended)
        if self._is_last_try(message):
            letters = [_rest(one) for one in ended if one.open_positions] if is_begun else [message.packed]
            word: Word = "dead" if self._bury(letters, reason) else "failed"
            return Settled(message, word, reason, _outcomes(ended))
        if self.habit.moves == "all" or (self.habit.moves == "rest" and is_begun):
            ended = [self._move(one) for one in ended]
        is_moved = all(fate.state == "queued" for one in ended for at in one.open_positions for fate in [one.fates[at]])
        return Settled(message, "done" if is_moved else "failed", "" if is_moved else reason, _outcomes(ended))

    def leave(self, message: Arrived, reason: str, *, is_final: bool = False) -> Settled:
        """Nothing of it was sent; finally so, when nothing can be made of it."""
        may_bury = self.habit.buries and is_final
        if (may_bury or self._is_last_try(message)) and self._bury([message.packed], reason):
            return Settled(message, "dead", reason)
        return Settled(message, "failed", reason)

    def _is_last_try(self, message: Arrived) -> bool:
        return self.habit.buries and 0 < self.max_receives <= message.receives

    def _park(self, ended: Ended) -> Ended:
        return replace(ended, fates=[_unparked(fate) for fate in self._kept(ended, Stores(bucket=self.stores.bucket))])

    def _move(self, ended: Ended) -> Ended:
        return replace(ended, fates=self._kept(ended, self.stores))

    def _kept(self, ended: Ended, stores: Stores) -> list[Fate]:
        return Keeper(stores, ended.part.origin, self.now_ms, self.budget).keep(ended.texts, ended.fates).fates

    def _bury(self, letters: Sequence[Packed], reason: str) -> bool:
        if self.dead_letters is None:
            return False
        told = [Packed(one.body, {**one.attributes, REASON: reason[:MOST_REASON]}) for one in letters]
        stores = Stores(self.dead_letters, self.stores.bucket)
        return all(enqueue(told, stores, self.now_ms, self.budget.left_s()))


def _unparked(fate: Fate) -> Fate:
    """A refused document that lies nowhere is the message's still."""
    if fate.state != "refused":
        return fate
    return Fate("unavailable", f"X-Ray refused the document: {fate.reason}; there is no bucket to park it in")


def _rest(ended: Ended) -> Packed:
    texts = tuple(ended.texts[at] for at in ended.open_positions)
    return pack(Undelivered(texts, *ended.part.origin))


def _outcomes(ended: Sequence[Ended]) -> list[tuple[str, Outcome]]:
    parts = [(one.part, tally(one.part.owners, one.fates, one.part.rejected)) for one in ended]
    return [(part.origin.tenant, Outcome(part.spans, **states)) for part, states in parts]
