"""Documents of many messages in full calls, and back to each message its own.

Takes   the parts of some messages, `put`, and the time there is.
Gives   `Sent`: for each part the texts as they were sent last, and their fates.
Rules   What is in a batch twice, word for word, is sent once: a sender that had no answer in time has sent its request
        again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from raygate.deliver import Budget, Fate, Put, deliver
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


def send(parts: Sequence[Part], put: Put, budget: Budget) -> Sent:
    """Deliver all documents of all parts together."""
    places: dict[str, int] = {}
    ids: list[str] = []
    for part in parts:
        for text, document_id in zip(part.texts, part.ids, strict=True):
            if places.setdefault(text, len(places)) == len(ids):
                ids.append(document_id)
    delivery = deliver(list(places), ids, put, budget, refit)
    ended = []
    for part in parts:
        own = [places[text] for text in part.texts]
        ended.append(Ended(part, [delivery.texts[at] for at in own], [delivery.fates[at] for at in own]))
    return Sent(ended, len(places), delivery.calls, delivery.mended)
