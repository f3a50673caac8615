"""The queue with its workers: batches, a window to gather them, visibility, redrive.

Takes   messages: how many segments they hold, and whether they are requests that have to be converted first.
Rules   A worker takes what is visible as soon as it is a full batch, or has waited for the window. What X-Ray did not
        take stays hidden until the visibility ends, and is a dead letter when it was taken too often.
"""

from collections import deque
from dataclasses import dataclass

from raygate_local.costing.figures import FIGURES
from simulation.world import World
from simulation.xray import Xray


@dataclass(slots=True)
class Message:
    """What waits."""

    segments: int
    is_request: bool
    since: float
    receives: int = 0


class Queue:
    """SQS, and the event source that starts the workers."""

    def __init__(self, world: World, xray: Xray) -> None:
        self._scenario, self._clock, self._counts, self._xray = world.scenario, world.clock, world.counts, xray
        self._visible: deque[tuple[float, Message]] = deque()
        self._working = 0

    def put(self, segments: int, *, is_request: bool) -> None:
        """Take a message in."""
        self._counts.queued += segments
        self._counts.deepest = max(self._counts.deepest, self._counts.queued)
        self._show(Message(segments, is_request, self._clock.now))

    def _show(self, message: Message) -> None:
        self._visible.append((self._clock.now, message))
        self._clock.after(self._scenario.window_s, self._look)
        self._look()

    def _look(self) -> None:
        """Start workers while there is a reason to."""
        while self._visible and self._working < self._scenario.deliver_concurrency:
            has_waited = self._clock.now - self._visible[0][0] >= self._scenario.window_s - 1e-9
            if len(self._visible) < self._scenario.batch_size and not has_waited:
                return
            size = min(self._scenario.batch_size, len(self._visible))
            self._work([self._visible.popleft()[1] for _ in range(size)])

    def _work(self, batch: list[Message]) -> None:
        self._working += 1
        for message in batch:
            message.receives += 1
        converted = sum(message.segments for message in batch if message.is_request)
        cost_ms = FIGURES["request_ms"] + converted * FIGURES["span_ms"]
        took_s = cost_ms / 1000 / self._scenario.processor_share
        self._clock.after(took_s, self._deliver, batch, self._clock.now)

    def _deliver(self, batch: list[Message], began: float) -> None:
        total = sum(message.segments for message in batch)
        self._xray.deliver(total, lambda left: self._settle(batch, began, total, left))

    def _settle(self, batch: list[Message], began: float, total: int, left: int) -> None:
        self._working -= 1
        self._counts.queued -= total - left
        self._counts.deliver(total - left, self._clock.now)
        for message in reversed(batch):  # X-Ray was asked in the order of the batch
            stays = min(left, message.segments)
            left -= stays
            if stays:
                self._keep(message, stays, began)
            else:
                self._counts.oldest_s = max(self._counts.oldest_s, self._clock.now - message.since)
        self._look()

    def _keep(self, message: Message, stays: int, began: float) -> None:
        message.segments = stays
        if message.receives >= self._scenario.max_receives:
            self._counts.queued -= stays
            self._counts.dead += stays
            return
        hidden_s = max(0.0, began + self._scenario.visibility_s - self._clock.now)
        self._clock.after(hidden_s, self._show, message)
