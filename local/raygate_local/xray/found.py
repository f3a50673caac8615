"""Traces of a span of time, with what is worth knowing about each: looked up by the hundred, when it is asked for.

Takes   the rows that were found, and how to look up more about some of them.
Gives   `Found`: times, counts, and the trace's summary, facts and part of the service graph.
Note    What has been looked up is let go when the reader is past it: ten thousand traces in a list are only ten
        thousand rows.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from raygate_local.xray.about import About
from raygate_local.xray.filters import Facts
from raygate_local.xray.graph.sightings import Sightings

LookUp: TypeAlias = Callable[[Sequence[int]], Mapping[int, About]]

AT_ONCE: Final = 200
CHUNKS: Final = 4
"""That are kept: readers of one list may be several."""


class Lookups:
    """What is known about the traces of one list."""

    def __init__(self, numbers: Sequence[int], look_up: LookUp) -> None:
        self._numbers = numbers
        self._look_up = look_up
        self._chunks: dict[int, Mapping[int, About]] = {}

    def about(self, place: int) -> About:
        """The one at that place in the list."""
        chunk, chunks = place // AT_ONCE, self._chunks
        known = chunks.get(chunk)
        if known is None:
            known = self._look_up(self._numbers[chunk * AT_ONCE : (chunk + 1) * AT_ONCE])
            self._chunks = dict([*list(chunks.items())[1 - CHUNKS :], (chunk, known)])
        return known[self._numbers[place]]


@dataclass(slots=True)  # not frozen: a list makes one for each of its traces, and that would take four times as long
class Found:
    """One trace of a list."""

    trace_id: str
    start_s: float
    end_s: float
    updated_s: float
    revision: int
    documents: int
    """How many."""
    _place: int = field(repr=False)
    _lookups: Lookups = field(repr=False, compare=False)

    @property
    def summary(self) -> dict[str, Any]:
        """As GetTraceSummaries gives it."""
        return self._lookups.about(self._place).summary

    @property
    def facts(self) -> Facts:
        """What filters ask."""
        return self._lookups.about(self._place).facts

    @property
    def kept_facts(self) -> bytes:
        """The same as they are kept."""
        return self._lookups.about(self._place).kept_facts

    @property
    def graph(self) -> Sightings:
        """What the service graph is drawn from."""
        return self._lookups.about(self._place).graph
