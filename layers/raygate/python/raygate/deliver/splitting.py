"""Which documents of a call X-Ray refused, also when it does not say.

Takes   a `Batch` and X-Ray's answer to it.
Gives   settles fates, and returns the batches that have to be sent to know more. `cut`: what one try sends.
Rules   Each answer speaks of its own call and of no other: a document is delivered when a call with it had no refusal
        that could be its own, and refused when a call had as many refusals as documents. So it does not matter whether
        X-Ray says the same thing twice. Anything between is sent again in smaller groups, and what X-Ray stored of it
        already it overwrites.
Sizes   Of 50 documents with 4 nameless refusals each has to be sent once more at least. Groups of about the root of
        documents over refusals, and those that are refused again one by one, send 1.2 times as many; halves of halves
        send three times as many, in about as many calls. Of a call that was refused as a whole nothing was stored, and
        nobody knows how many are to blame: there halves take the fewest calls.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import ceil, isqrt
from typing import Any, Final, TypeAlias

from raygate.deliver.fate import DELIVERED, Fate, of_entry

Answer: TypeAlias = Mapping[str, Any] | Fate
"""X-Ray's response, or the fate of a call that failed as a whole."""

Batch: TypeAlias = Sequence[int]
"""Documents to be sent in one call, by position."""

MOST_DOCUMENTS: Final = 50
FEW: Final = 8
"""So many are sent one by one: groups of them would save a call and send half of them twice."""

UNKNOWN: Final = Fate("unavailable", "too many refusals to tell apart")


class Splitting:
    """What is known of some documents: their fates, and with how many others each of them is best sent."""

    def __init__(self, ids: Sequence[str], fates: list[Fate]) -> None:
        self.fates = fates
        self._ids = ids
        self._sizes = [MOST_DOCUMENTS] * len(fates)

    def cut(self, most_more: int) -> list[Batch]:
        """Whatever is worth another try, in at most so many calls more than with full ones."""
        waiting = [position for position, fate in enumerate(self.fates) if fate.is_retryable]
        least = 1
        while len(batches := list(self._cut(waiting, least))) > full_calls(len(waiting)) + most_more:
            least *= 2  # with `MOST_DOCUMENTS` there are none more
        return batches

    def settle(self, batch: Batch, answer: Answer) -> list[Batch]:
        """Write down what the answer tells, return what is to be sent at once."""
        if isinstance(answer, Fate):
            if answer.state == "refused" and len(batch) > 1:
                return _groups(batch, ceil(len(batch) / 2))
            self._settle_all(batch, answer)
            return []
        entries = answer.get("UnprocessedTraceSegments")
        if not entries:  # nearly always
            self._settle_all(batch, DELIVERED)
            return []
        named, nameless = self._refusals(batch, entries)
        again = self._settle_part([position for position in batch if self._ids[position] not in named], nameless)
        for name, refusals in named.items():
            again += self._settle_part([position for position in batch if self._ids[position] == name], refusals)
        return again

    def give_up(self, batch: Batch) -> None:
        """Look no further: X-Ray refused something here, so nothing of it is called delivered, and nothing refused."""
        self._settle_all(batch, UNKNOWN)

    def _cut(self, waiting: Iterable[int], least: int) -> Iterator[Batch]:
        alike: dict[int, list[int]] = defaultdict(list)
        for position in waiting:
            alike[min(MOST_DOCUMENTS, max(least, self._sizes[position]))].append(position)
        for size, positions in alike.items():
            yield from _groups(positions, size)

    def _settle_part(self, positions: Batch, refusals: Sequence[Fate]) -> list[Batch]:
        """So many refusals are somewhere among these documents."""
        if not refusals:
            self._settle_all(positions, DELIVERED)
            return []
        passing = next((refusal for refusal in refusals if refusal.is_retryable), None)
        size = _size(len(positions), len(refusals))
        if passing:
            self._settle_all(positions, passing)
            self._remember(positions, size)
        elif size:
            return _groups(positions, size)
        else:
            for position, refusal in zip(positions, refusals, strict=False):
                self.fates[position] = refusal
        return []

    def _remember(self, positions: Batch, size: int) -> None:
        """Another try is for later, and then in such groups."""
        for position in positions:
            self._sizes[position] = size or self._sizes[position]

    def _settle_all(self, positions: Batch, fate: Fate) -> None:
        for position in positions:
            self.fates[position] = fate

    def _refusals(self, batch: Batch, entries: Iterable[Mapping[str, Any]]) -> tuple[dict[str, list[Fate]], list[Fate]]:
        known = {self._ids[position] for position in batch}
        named: dict[str, list[Fate]] = defaultdict(list)
        nameless: list[Fate] = []
        for entry in entries:
            refusals = named[entry["Id"]] if entry.get("Id") in known else nameless
            refusals.append(of_entry(entry))
        return named, nameless


def full_calls(documents: int) -> int:
    """How many calls they take at least."""
    return ceil(documents / MOST_DOCUMENTS)


def _size(documents: int, refusals: int) -> int:
    """How many go together to find so many culprits among them; 0 when all of them are."""
    if refusals >= documents:
        return 0
    return max(1, isqrt(documents // refusals)) if documents > FEW else 1


def _groups(positions: Batch, size: int) -> list[Batch]:
    return [positions[start : start + size] for start in range(0, len(positions), size)]
