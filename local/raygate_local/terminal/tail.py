"""Traces as they arrive, each once, when it seems to be complete.

Takes   an X-Ray, a filter expression, how often to look.
Gives   `arrivals`: trace ids with their documents, without end.
Rules   Looked at is what X-Ray indexed lately, with an overlap: summaries come late. A trace is given when two looks
        found the same documents; later ones are not waited for.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from raygate_local.terminal.xray import Xray

OVERLAP_S: Final = 60
MOST_KNOWN: Final = 100_000
"""Trace ids that were given and are remembered."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A trace that has come."""

    trace_id: str
    documents: list[dict[str, Any]]


def arrivals(
    asked: Xray,
    expression: str,
    every_s: float,
    clock: Callable[[], float] = time.time,
    pause: Callable[[float], None] = time.sleep,
) -> Iterator[Arrival]:
    """From now on."""
    began = clock()
    before = {one["Id"] for one in asked.summaries(began - OVERLAP_S, began, expression)}
    known = dict.fromkeys(before)
    growing: dict[str, int] = {}
    while True:
        pause(every_s)
        now = clock()
        fresh = [one["Id"] for one in asked.summaries(now - OVERLAP_S, now, expression) if one["Id"] not in known]
        for trace_id, documents in asked.documents(fresh).items() if fresh else ():
            if growing.get(trace_id) != len(documents):
                growing[trace_id] = len(documents)
                continue
            growing.pop(trace_id)
            known[trace_id] = None
            yield Arrival(trace_id, documents)
        while len(known) > MOST_KNOWN:
            known.pop(next(iter(known)))
