"""The waterfall of a trace, in reading order.

Takes   the X-Ray documents of one trace, each as X-Ray takes it: `id`, `name` and `start_time` are there.
Gives   `Waterfall`: rows in the order of a tree, what is equal among them, and what is incomplete. The documents
        themselves are not changed. 50,000 rows take about a second.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from raygate_local.waterfall.critical import add_critical_path
from raygate_local.waterfall.faults import add_inheritance
from raygate_local.waterfall.folds import Fold, folds
from raygate_local.waterfall.nodes import rows_by_id
from raygate_local.waterfall.row import Json, NoteKind, Row
from raygate_local.waterfall.times import add_self_times, add_skews
from raygate_local.waterfall.tree import in_order

REMARKS: dict[NoteKind, tuple[str, str]] = {
    "in_progress": ("{} is in progress", "{} are in progress"),
    "ring": ("{} is its own ancestor", "{} are their own ancestors"),
    "ends_before_start": ("{} ends before it starts", "{} end before they start"),
    "sent_twice": ("{} id came twice", "{} ids came twice"),
}


@dataclass(frozen=True, slots=True)
class Waterfall:
    """A trace, ready to be shown."""

    rows: list[Row]
    folds: list[Fold]
    start_s: float
    end_s: float

    @property
    def duration_s(self) -> float:
        """From the first start to the last end."""
        return self.end_s - self.start_s

    @property
    def skew_s(self) -> float:
        """The largest difference between two clocks that was seen."""
        return max((note.seconds for row in self.rows for note in row.notes if note.kind == "clock_skew"), default=0.0)

    def remarks(self) -> list[str]:
        """What is not as it should be with the trace, one sentence each; none when all of it is here."""
        return list(_remarks(self))


def waterfall(documents: Sequence[Json]) -> Waterfall:
    """The rows of these documents."""
    rows = in_order(rows_by_id(documents))
    add_self_times(rows)
    add_skews(rows)
    add_inheritance(rows)
    add_critical_path(rows)
    start_s = min((row.start_s for row in rows), default=0.0)
    end_s = max((max(row.start_s, row.end_s) for row in rows), default=start_s)
    return Waterfall(rows, folds(rows), start_s, end_s)


def _remarks(trace: Waterfall) -> Iterator[str]:
    missing = sum(row.kind == "missing" for row in trace.rows)
    if missing:
        yield f"{missing} parent has not come" if missing == 1 else f"{missing} parents have not come"
    counts = Counter(note.kind for row in trace.rows for note in row.notes)
    for kind, (one, several) in REMARKS.items():
        if counts[kind]:
            yield (one if counts[kind] == 1 else several).format(counts[kind])
    if trace.skew_s:
        yield f"clocks differ by {trace.skew_s * 1000:,.1f} ms or more"
