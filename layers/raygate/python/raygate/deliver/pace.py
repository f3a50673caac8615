"""How fast a replay or a worker sends: at most so many segments a second, and less while X-Ray throttles anybody.

Takes   the rate that was asked for; `put`, which is watched: each call that X-Ray throttles is counted.
Gives   `due_s`, how long to wait, by what `put` has sent; `learn`, after a group.
Rules   Every segment counts, also one that is sent once more to find out whom X-Ray refused. A throttled call, and a
        group that got nothing through, halve the rate; a clean group gives a twentieth of the whole back: what X-Ray
        cannot take of everybody's traffic together is taken from this. Below the least rate nothing is gained
        by less. After a group that got nothing through comes a pause, which doubles, and of which a random part is
        taken.
"""

import random
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from raygate.deliver.fate import CALL_FAILED, Put, of_error

LEAST: Final = 5.0
FIRST_PAUSE_S: Final = 1.0
LONGEST_PAUSE_S: Final = 30.0


class Pace:
    """The pace of one sender."""

    def __init__(
        self,
        most: int,
        put: Put,
        *,
        clock: Callable[[], float],
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._most, self.rate = float(most), float(most)
        self._put, self._clock, self._jitter = put, clock, jitter
        self._free_s = clock()
        self._pause_s = FIRST_PAUSE_S
        self._seen = 0
        self._lock = threading.Lock()  # calls are side by side
        self.throttled = 0

    def put(self, texts: list[str]) -> Mapping[str, Any]:
        """PutTraceSegments, watched."""
        with self._lock:
            self._free_s = max(self._free_s, self._clock()) + len(texts) / self.rate
        try:
            answer = self._put(texts)
        except CALL_FAILED as error:
            self._count(is_throttled=of_error(error).state == "throttled")
            raise
        entries = answer.get("UnprocessedTraceSegments") or ()
        self._count(is_throttled=any("throttl" in str(entry.get("ErrorCode")).lower() for entry in entries))
        return answer

    def _count(self, *, is_throttled: bool) -> None:
        with self._lock:
            self.throttled += is_throttled

    @property
    def most_at_once(self) -> int:
        """A fifth of a second's worth, so that no second sees much more than its own."""
        return max(1, int(self.rate / 5))

    def due_s(self) -> float:
        """Seconds until the next segments may go."""
        return max(0.0, self._free_s - self._clock())

    def learn(self, *, is_stuck: bool) -> None:
        """What the last group tells; `is_stuck` when nothing of it got through."""
        if is_stuck or self.throttled > self._seen:
            self._seen = self.throttled
            self.rate = max(min(LEAST, self._most), self.rate / 2)
        else:
            self.rate = min(self._most, self.rate + self._most / 20)
        if is_stuck:
            self._free_s = max(self._free_s, self._clock() + self._pause_s * (0.5 + self._jitter() / 2))
            self._pause_s = min(LONGEST_PAUSE_S, 2 * self._pause_s)
        else:
            self._pause_s = FIRST_PAUSE_S


def paced(put: Put, rate: int) -> tuple[Put, Pace | None]:
    """`put` at that rate; as it is for 0."""
    if not rate:
        return put, None
    pace = Pace(rate, put, clock=time.monotonic)
    return pace.put, pace
