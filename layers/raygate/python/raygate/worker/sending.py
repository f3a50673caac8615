"""Documents of many messages in full calls, and back to each message its own.

Takes   the parts of some messages, `put`, the time there is, and the pace, where one is set.
Gives   `Sent`: for each part the texts as they were sent last, and their fates.
Rules   What is in a batch twice, word for word, is sent once: a sender that had no answer in time has sent its request
        again. With a pace no more goes at once than that allows; what time does not suffice for stays in its message.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from raygate.deliver import Budget, Delivery, Fate, Put, deliver
from raygate.deliver.fate import LATE
from raygate.deliver.pace import Pace
from raygate.keep.keeping import UNDELIVERED
from raygate.records import dataclass
from raygate.segment.refit import refit
from raygate.worker.parts import Part

OVER: Final = frozenset({"delivered", "parked"})
"""Fates of a document that nobody has to care for any more."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A part after the last try."""

    part: Part
    texts: list[str]
    fates: list[Fate]

    @property
    def open_positions(self) -> list[int]:
        """Documents that are neither with X-Ray nor parked."""
        return [at for at, fate in enumerate(self.fates) if fate.state not in OVER]


class Sent(NamedTuple):
    """What became of the parts, by position."""

    parts: list[Ended]
    documents: int
    calls: int
    mended: int


def send(parts: Sequence[Part], put: Put, budget: Budget, pace: Pace | None = None) -> Sent:
    """Deliver all documents of all parts together."""
    places: dict[str, int] = {}
    ids: list[str] = []
    for part in parts:
        for text, document_id in zip(part.texts, part.ids, strict=True):
            if places.setdefault(text, len(places)) == len(ids):
                ids.append(document_id)
    texts = list(places)
    delivery = _paced(texts, ids, put, budget, pace) if pace else deliver(texts, ids, put, budget, refit)
    ended = []
    for part in parts:
        own = [places[text] for text in part.texts]
        ended.append(Ended(part, [delivery.texts[at] for at in own], [delivery.fates[at] for at in own]))
    return Sent(ended, len(places), delivery.calls, delivery.mended)


def _paced(texts: list[str], ids: Sequence[str], put: Put, budget: Budget, pace: Pace) -> Delivery:
    """Turn by turn. `put` is the pace's own."""
    fates, sent, calls, mended, start = [LATE] * len(texts), list(texts), 0, 0, 0
    while start < len(texts) and _waits(pace, budget):
        turn = slice(start, start + pace.most_at_once)
        one = deliver(texts[turn], ids[turn], put, budget, refit)
        fates[turn], sent[turn] = one.fates, one.texts
        calls, mended, start = calls + one.calls, mended + one.mended, turn.stop
        pace.learn(is_stuck=all(fate.state in UNDELIVERED for fate in one.fates))
    return Delivery(fates, calls, sent, mended)


def _waits(pace: Pace, budget: Budget) -> bool:
    """Sleep until the next turn; false when there is none in time."""
    due_s = pace.due_s()
    if due_s >= budget.left_s():
        return False
    if due_s:
        budget.sleep(due_s)
    return True
