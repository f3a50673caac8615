"""How long a request may take, and the pauses between tries that fit in it.

Senders give up after about 10 s and then send the same batch again, so a request is answered within 8 s; and never
later than 1 s before the function's own limit, since passing that is a 500 for the sender, who then drops the batch.
"""

import random
import time
from collections.abc import Callable
from typing import Any, Final, NamedTuple

MOST_S: Final = 8.0
RESERVE_S: Final = 1.0
WORTHWHILE_S: Final = 0.2
"""With less than this left, nothing is begun any more."""


class Budget(NamedTuple):
    """Counts down from `seconds` at the moment it is made."""

    deadline_s: float
    clock: Callable[[], float]
    sleep: Callable[[float], None]
    jitter: Callable[[], float]
    """A random number from 0 to 1."""

    @classmethod
    def of(
        cls,
        seconds: float = MOST_S,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> "Budget":
        """So many seconds from now."""
        return cls(clock() + seconds, clock, sleep, jitter)

    def left_s(self) -> float:
        """Seconds until the answer has to be given; 0 when there is no use in beginning anything."""
        left = self.deadline_s - self.clock()
        return left if left >= WORTHWHILE_S else 0.0

    def sooner(self, seconds: float) -> "Budget":
        """The same, ended so much earlier: what comes afterwards needs time too. At most half of it is taken away."""
        half = max(0.0, self.deadline_s - self.clock()) / 2
        return self._replace(deadline_s=self.deadline_s - min(seconds, half))

    def pause(self, longest_s: float) -> bool:
        """Sleep a random part of `longest_s`; false, and no sleep, when nothing could follow."""
        pause_s = longest_s * self.jitter()
        if self.left_s() - pause_s < WORTHWHILE_S:
            return False
        if pause_s:
            self.sleep(pause_s)
        return True


def seconds_for(context: Any, most_s: float = MOST_S, reserve_s: float = RESERVE_S) -> float:
    """What the function's context leaves; a caller without a limit of its own gives no context."""
    remaining = getattr(context, "get_remaining_time_in_millis", None)
    return most_s if remaining is None else min(most_s, remaining() / 1_000 - reserve_s)
