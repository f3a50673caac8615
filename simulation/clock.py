"""Time that jumps from event to event.

Gives   `Clock`: `at` and `after` put a call on the list, `run` makes the calls in order; equal moments in the order in
        which they were put there.
"""

import heapq
from collections.abc import Callable
from typing import Any


class Clock:
    """Now, and what comes."""

    def __init__(self) -> None:
        self.now = 0.0
        self._events: list[tuple[float, int, Callable[..., None], tuple[Any, ...]]] = []
        self._count = 0

    def after(self, seconds: float, call: Callable[..., None], *arguments: Any) -> None:
        """Make this call so much later."""
        self._count += 1
        heapq.heappush(self._events, (self.now + seconds, self._count, call, arguments))

    def run(self, until: float) -> None:
        """Make all calls, also those that are added, up to a moment."""
        while self._events and self._events[0][0] <= until:
            self.now, _, call, arguments = heapq.heappop(self._events)
            call(*arguments)
