"""How many traces there were when, by how they went.

Takes   start and status of each, newest first; the span of time, or None where what there is bounds it; at most how
        many steps.
Gives   {"start", "step", "ok", "error", "throttle", "fault"}: the first step's start and each one's length in seconds,
        and a count for each step. Steps are of lengths that people count in.
"""

import math
from collections.abc import Sequence
from typing import Any, Final

from raygate_local.viewer.row import WORST_FIRST

STEPS_S: Final = (
    *(
        0.001,
        0.005,
        0.01,
        0.05,
        0.1,
        0.5,
        1,
        2,
        5,
        10,
        15,
        30,
        60,
        120,
        300,
        600,
        900,
        1800,
        3600,
        7200,
        10_800,
        21_600,
    ),
    *(43_200, 86_400, 7 * 86_400, 30 * 86_400, 365 * 86_400),
)
STATUSES: Final = ("ok", *reversed(WORST_FIRST))
SHORTEST_S: Final = 0.05
"""A span of time without length is this long."""


def histogram(
    moments: Sequence[tuple[float, str]], from_s: float | None, to_s: float | None, steps: int
) -> dict[str, Any]:
    """Counts of all of them."""
    if not moments and (from_s is None or to_s is None):
        return {"start": 0.0, "step": 1.0} | {status: [] for status in STATUSES}
    first = moments[-1][0] if from_s is None else from_s
    last = max(first, moments[0][0] if to_s is None and moments else to_s or first)
    step = _step(max(SHORTEST_S, last - first), steps)
    start = math.floor(first / step) * step
    counts = {status: [0] * (int((last - start) / step) + 1) for status in STATUSES}
    for start_s, status in moments:
        counts[status][min(len(counts[status]) - 1, max(0, int((start_s - start) / step)))] += 1
    return {"start": start, "step": step, **counts}


def _step(length_s: float, steps: int) -> float:
    return next((step for step in STEPS_S if length_s / step <= steps), length_s / steps)
