"""Equal siblings as one: a hundred times the same query is one row with a count and a sum.

Takes   rows in order, with their parents.
Gives   `Fold`s; in each row that is in one, `fold`: the number of the first of them.
Rules   Equal are siblings of one kind, name, namespace, method and status, with equal children below; at least
        three, since two save next to nothing.
"""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Final

from raygate_local.waterfall.row import Row

FEWEST: Final = 3


@dataclass(frozen=True, slots=True)
class Fold:
    """Equal siblings."""

    rows: tuple[int, ...]
    """Their numbers, by start."""
    sum_s: float
    """Their durations together; more than the time that passed when they ran side by side."""


def folds(rows: Sequence[Row]) -> list[Fold]:
    """Find them, and mark their rows."""
    shapes = _shapes(rows)
    groups: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        if row.kind != "missing":
            groups[row.parent, shapes[number]].append(number)
    found = []
    for numbers in groups.values():
        if len(numbers) >= FEWEST:
            for number in numbers:
                rows[number].fold = numbers[0]
            found.append(Fold(tuple(numbers), sum(rows[number].duration_s for number in numbers)))
    return found


def _shapes(rows: Sequence[Row]) -> list[int]:
    """A number for each row, the same for equal ones: from the leaves up, so that each row is looked at once."""
    known: dict[Hashable, int] = {}
    below: defaultdict[int, set[int]] = defaultdict(set)
    shapes = [0] * len(rows)
    for number in range(len(rows) - 1, -1, -1):
        row = rows[number]
        method = row.operation.partition(" ")[0]
        key = (row.kind, row.name, row.namespace, method, row.status, row.in_progress, frozenset(below.pop(number, ())))
        shapes[number] = known.setdefault(key, len(known))
        below[row.parent].add(shapes[number])
    return shapes
