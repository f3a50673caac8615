"""X-Ray, and the tries of `raygate.deliver` against it: 50 documents a call, 8 calls side by side, five tries.

Takes   how many segments there are, and who is told in the end how many are left.
"""

from collections.abc import Callable
from math import ceil

from raygate.deliver.splitting import MOST_DOCUMENTS
from raygate.deliver.xray import PAUSES_S
from raygate.lanes import SIDE_BY_SIDE
from simulation.bucket import Bucket
from simulation.world import World


class Xray:
    """One account's."""

    def __init__(self, world: World) -> None:
        self._scenario, self._clock, self._counts, self._random = (
            world.scenario,
            world.clock,
            world.counts,
            world.random,
        )
        self._quota = Bucket(world.scenario.quota, world.scenario.quota)

    def deliver(self, segments: int, told: Callable[[int], None]) -> None:
        """Try as often as the code does, then tell how many segments are left."""
        self._try(segments, 0, told)

    def _try(self, segments: int, tried: int, told: Callable[[int], None]) -> None:
        left, calls = self._call(segments), ceil(segments / MOST_DOCUMENTS)
        took_s = self._scenario.call_s * ceil(calls / SIDE_BY_SIDE)
        if left and tried + 1 < len(PAUSES_S):
            pause_s = PAUSES_S[tried + 1] * self._random.random()
            self._clock.after(took_s + pause_s, self._try, left, tried + 1, told)
        else:
            self._clock.after(took_s, told, left)

    def _call(self, segments: int) -> int:
        """All calls of one try; the segments that X-Ray did not take."""
        left = segments
        for start in range(0, segments, MOST_DOCUMENTS):
            call = min(MOST_DOCUMENTS, segments - start)
            if self._scenario.is_away(self._clock.now):
                continue
            if self._quota.take(call, self._clock.now):
                left -= call
            else:
                self._counts.xray_throttled += 1
        return left
