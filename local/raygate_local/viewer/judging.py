"""What was found out about traces once, by revision: a filter's answer, a status.

Takes   a function of a found trace.
Gives   `Judged`: the same function; a trace is looked at again only when it has changed. Ten thousand traces of which
        three have changed cost as much as three.
Note    What is known about traces that are gone is let go when it is more than what is known about those that are here.
"""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from raygate_local.xray.store import Found

T = TypeVar("T")


class Judged(Generic[T]):
    """A function that remembers."""

    def __init__(self, judge: Callable[[Found], T]) -> None:
        self._judge = judge
        self._known: dict[str, tuple[int, T]] = {}

    def all(self, found: Sequence[Found]) -> list[T]:
        """The answer for each."""
        answers = [self._one(one) for one in found]
        if len(self._known) > 2 * len(found) + 1000:
            self._known = {one.trace_id: self._known[one.trace_id] for one in found}
        return answers

    def _one(self, found: Found) -> T:
        known = self._known.get(found.trace_id)
        if known is None or known[0] != found.revision:
            known = self._known[found.trace_id] = (found.revision, self._judge(found))
        return known[1]
