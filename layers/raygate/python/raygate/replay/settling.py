"""What became of a group: which spans are over, which loads are done with, and what of them may be removed.

Takes   a group, its documents, and their fates once the refused ones were parked.
Rules   A span is over when all of its documents are; it is delivered when they all are, and else what the worst is. A
        load is removed from where it lies only when X-Ray has or the bucket keeps everything of it.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from raygate.deliver import Fate
from raygate.replay.counts import Counts
from raygate.replay.groups import Part
from raygate.replay.loads import Document

BADNESS: Final = {"delivered": 0, "parked": 1, "refused": 2}
"""States that are over."""


class Todo(NamedTuple):
    """A document of a group, and the span it belongs to."""

    part: int
    span: int
    document: Document


def todo(group: Sequence[Part]) -> list[Todo]:
    """The documents of a group."""
    return [
        Todo(at, span, document)
        for at, part in enumerate(group)
        for span in range(part.start, part.stop)
        for document in part.load.spans[span]
    ]


class Settled:
    """A group and its fates."""

    def __init__(self, group: Sequence[Part], todo: Sequence[Todo], fates: Sequence[Fate], *, in_order: bool) -> None:
        self._group = group
        self._worst: dict[tuple[int, int], Fate] = {}
        self._open: list[set[int]] = [set() for _ in group]
        self._marks: list[tuple[int, str]] = []
        for one, fate in zip(todo, fates, strict=True):
            if fate.state in BADNESS:
                self._end(one, fate)
            else:
                self._open[one.part].add(one.span)
        over = [at for at, spans in enumerate(self._open) if not spans]
        first_open = next((at for at, spans in enumerate(self._open) if spans), len(group))
        self._passed = [at for at in over if at < first_open or not in_order]

    def _end(self, one: Todo, fate: Fate) -> None:
        place, load = (one.part, one.span), self._group[one.part].load
        self._marks.append((one.part, one.document.mark))
        self._worst[place] = max(self._worst.get(place, fate), fate, key=lambda fate: BADNESS[fate.state])
        load.stays = load.stays or fate.state == "refused" or (fate.state == "parked" and load.item.parked is not None)

    @property
    def is_over(self) -> bool:
        """Whether nothing of the group is left."""
        return not any(self._open)

    @property
    def passed(self) -> list[Part]:
        """The parts that need not be looked at again: nothing of them is left, nor, in order, of those before them."""
        return [self._group[at] for at in self._passed]

    @property
    def marks(self) -> list[str]:
        """Of the documents that are over, in parts that have to be looked at again."""
        return [mark for part, mark in self._marks if part not in self._passed]

    @property
    def removable(self) -> list[str]:
        """The keys of loads of which nothing is left anywhere."""
        ended = [part.load for part, spans in zip(self._group, self._open, strict=True) if part.is_last and not spans]
        return [load.item.key for load in ended if not load.stays]

    def count(self, counts: Counts) -> None:
        """Count the spans that are over, and those that are left of what was read."""
        for (at, span), fate in self._worst.items():
            if span not in self._open[at]:
                counts.end(fate.state, fate.reason)
        counts.left = 0
        for at, part in enumerate(self._group):
            counts.left += len(self._open[at]) + sum(map(bool, part.load.spans[part.stop :]))
            if at in self._passed and part.is_last:
                counts.reject(part.load.rejected)
            else:
                counts.left += part.load.rejected.total()
