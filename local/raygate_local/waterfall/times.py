"""Self time, and clocks that do not agree.

Takes   rows in order, with their parents.
Gives   `self_s`: how long a row ran while none of its children did. Notes on clock skew, with its amount: nothing is
        moved, since nobody knows which of the two clocks was wrong.
Rules   A child cannot start before its parent. An answered request cannot end after the call that waited for it: where
        both say that they are HTTP and the child would have fitted, its clock is ahead. What ends after a parent that
        did not wait is no skew. Differences up to a millisecond are the resolution of many clocks and are left alone.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from raygate_local.waterfall.row import NO_ROW, Note, Row

RESOLUTION_S: Final = 0.001


def add_self_times(rows: Sequence[Row]) -> None:
    """The row's time less what its children cover of it."""
    covered: list[float] = [0.0] * len(rows)
    reached: defaultdict[int, float] = defaultdict(lambda: float("-inf"))
    for number in sorted(range(len(rows)), key=lambda one: rows[one].start_s):
        row, at = rows[number], rows[number].parent
        if at == NO_ROW:
            continue
        start_s, end_s = max(row.start_s, rows[at].start_s, reached[at]), min(row.end_s, rows[at].end_s)
        if end_s > start_s:
            covered[at] += end_s - start_s
            reached[at] = end_s
    for row, seconds in zip(rows, covered, strict=True):
        row.self_s = 0.0 if row.kind == "missing" else max(0.0, row.duration_s - seconds)


def add_skews(rows: Sequence[Row]) -> None:
    """A note on each row whose clock differs from its parent's."""
    for row in rows:
        parent = rows[row.parent] if row.parent != NO_ROW else None
        if parent is None or parent.kind == "missing":
            continue
        early_s, late_s = parent.start_s - row.start_s, row.end_s - parent.end_s
        if early_s > RESOLUTION_S:
            text = f"It starts {_milliseconds(early_s)} before its parent: their clocks differ by that much at least."
            row.notes.append(Note("clock_skew", text, early_s))
        elif late_s > RESOLUTION_S and _waited_for(parent, row):
            text = f"It ends {_milliseconds(late_s)} after the call that waited for it: its clock is ahead."
            row.notes.append(Note("clock_skew", text, late_s))


def _waited_for(parent: Row, child: Row) -> bool:
    return (
        parent.namespace == "remote"
        and child.kind == "segment"
        and not (parent.in_progress or child.in_progress)
        and child.duration_s <= parent.duration_s
        and "http" in parent.document
        and "http" in child.document
    )


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:,.1f} ms"
