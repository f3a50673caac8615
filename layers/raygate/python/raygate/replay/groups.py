"""Loads → groups of documents that are sent together, settled together, and written down together.

Gives   `groups`: each of at most `MOST` documents, several small loads in one, or a part of a large one. Never a part
        of a span. The next load is not touched before the last group that holds something of this one is done.
"""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from raygate.replay.checkpoint import Place
from raygate.replay.loads import Load

MOST: Final = 250
"""Five calls side by side; and what is sent twice at most when the process is killed."""


class Part(NamedTuple):
    """Some of a load's spans."""

    load: Load
    start: int
    stop: int

    @property
    def is_first(self) -> bool:
        """Whether the load begins here."""
        return self.start == 0

    @property
    def is_last(self) -> bool:
        """Whether nothing of the load comes behind it."""
        return self.stop == len(self.load.spans)

    @property
    def behind(self) -> Place:
        """What comes next."""
        item = self.load.item
        return Place(item.key, item.at + 1) if self.is_last else Place(item.key, item.at, self.stop)


def groups(loads: Iterable[Load]) -> Iterator[list[Part]]:
    """The groups, in order."""
    group: list[Part] = []
    room = MOST
    for load in loads:
        start = load.start
        while True:
            stop = _stop(load, start, room)
            group.append(Part(load, start, stop))
            room -= sum(len(documents) for documents in load.spans[start:stop])
            if stop == len(load.spans):
                break
            yield group
            group, room, start = [], MOST, stop
        if room <= 0 or len(group) >= MOST:
            yield group
            group, room = [], MOST
    if group:
        yield group


def _stop(load: Load, start: int, room: int) -> int:
    """Up to which span there is room; at least for one when the group is empty."""
    stop = start
    while stop < len(load.spans):
        needed = len(load.spans[stop])
        if needed > room and not (room == MOST and stop == start):
            break
        room -= needed
        stop += 1
    return stop
