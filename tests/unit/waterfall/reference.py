"""The critical path by its plainest reading, to compare with: who was waited for, at each single moment.

Time is cut at every start and end, so that between two cuts nothing changes, and each piece is asked for its owner
from the top down. It takes quadratic time and more; its only merit is that it is another way.
"""

from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from raygate_local.waterfall import Row

NOBODY = -1
Window = tuple[float, float]


def owners(rows: Sequence[Row]) -> dict[tuple[float, float], int]:
    """The row that each piece of time belongs to, for the pieces that belong to one."""
    tops = [number for number, row in enumerate(rows) if row.parent == NOBODY]
    whole = (min(rows[one].start_s for one in tops), max(rows[one].end_s for one in tops))
    cuts = sorted({time for row in rows for time in (row.start_s, row.end_s) if whole[0] <= time <= whole[1]})

    @cache
    def awaited(number: int, window: Window) -> tuple[tuple[int, Window], ...]:
        """The children that it waited for: before `limit`, whoever ended last, then the same before that one began."""
        found: list[tuple[int, Window]] = []
        limit = window[1]
        while True:
            candidates = []
            for child, row in enumerate(rows):
                cut = (max(row.start_s, window[0]), min(row.end_s, window[1]))
                taken = any(child == one for one, _ in found)
                if row.parent == number and not taken and cut[0] < cut[1] <= limit:
                    candidates.append((cut[1], cut[1] - cut[0], child, cut))
            if not candidates:
                return tuple(found)
            *_, last, cut = max(candidates)
            found.append((last, cut))
            limit = cut[0]

    def owner(number: int, window: Window, piece: Window) -> int:
        for child, cut in awaited(number, window):
            if cut[0] <= piece[0] and piece[1] <= cut[1]:
                return owner(child, cut, piece)
        return number

    asked = {piece: owner(NOBODY, whole, piece) for piece in pairwise(cuts)}
    return {piece: number for piece, number in asked.items() if number != NOBODY}


def seconds(rows: Sequence[Row]) -> list[float]:
    """How long the trace waited for each row itself."""
    shares = [0.0] * len(rows)
    for (start_s, end_s), number in owners(rows).items():
        shares[number] += end_s - start_s
    return shares
