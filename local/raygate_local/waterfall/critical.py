"""The critical path: what the end of the trace was waiting for, at each moment.

Takes   rows in order, with their parents.
Gives   `critical`: the pieces of the path that are the row's own, the last one first. All together they are as long
        as the root; where there are several tops, at most as long as the trace.
Rules   Going back from a row's end: the child that ended last is what the row waited for, and from that child's start
        on back it is the one that had ended last by then. What lies between is the row's own. A child that was still
        running when the next one started did not decide when that was, so it is not on the path. Children are cut to
        their parent; what starts after the parent's end nobody waited for.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from raygate_local.waterfall.row import NO_ROW, Row

Window = tuple[int, float, float]

NOISE_S: Final = 2e-6
"""Times of today, as doubles, are exact to a quarter of a microsecond: shorter pieces are no time at all."""


def add_critical_path(rows: Sequence[Row]) -> None:
    """Share the time of the trace among the rows that it was waiting for."""
    if not rows:
        return
    children: defaultdict[int, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        children[row.parent].append(number)
    tops = [rows[number] for number in children[NO_ROW]]
    waiting: list[Window] = [(NO_ROW, min(top.start_s for top in tops), max(top.end_s for top in tops))]
    while waiting:
        number, start_s, end_s = waiting.pop()
        awaited = _awaited(rows, children.get(number, ()), start_s, end_s)
        waiting += awaited
        if number != NO_ROW:
            rows[number].critical = list(_own(awaited, start_s, end_s))


def _own(awaited: Sequence[Window], start_s: float, end_s: float) -> Iterator[tuple[float, float]]:
    """What of the window lies between the children."""
    for _, child_start_s, child_end_s in [*awaited, (NO_ROW, start_s, start_s)]:
        if end_s - child_end_s > NOISE_S:
            yield child_end_s, end_s
        end_s = child_start_s


def _awaited(rows: Sequence[Row], children: Sequence[int], start_s: float, end_s: float) -> list[Window]:
    """The children that were waited for within the window, the last one first."""
    cut = [(min(rows[one].end_s, end_s), -max(rows[one].start_s, start_s), one) for one in children]
    awaited: list[Window] = []
    cursor_s = end_s
    for child_end_s, backwards_s, number in sorted(cut, reverse=True):  # of equal ends the longest
        if -backwards_s < child_end_s <= cursor_s:
            cursor_s = -backwards_s
            awaited.append((number, cursor_s, child_end_s))
    return awaited
