"""Senders, the gateway before them, and the ingest function.

Rules   Requests come at random moments, at the scenario's rate. The gateway answers 429 above its throttle, 500 when no
        instance of the function is left. A sender comes again after 429, as OpenTelemetry's SDKs do: after about
        1, 2, 4, 8, 16 and 32 s, and then gives up; after 500 at once.
"""

from raygate_local.costing.figures import FIGURES
from simulation.bucket import Bucket
from simulation.queue import Queue
from simulation.world import World
from simulation.xray import Xray

PAUSES_S = (1, 2, 4, 8, 16, 32)


class Senders:
    """All of them."""

    def __init__(self, world: World, xray: Xray, queue: Queue) -> None:
        self._scenario, self._clock, self._counts, self._random = (
            world.scenario,
            world.clock,
            world.counts,
            world.random,
        )
        self._xray, self._queue = xray, queue
        self._throttle = Bucket(world.scenario.api_rate, world.scenario.api_burst)
        self._instances = 0

    def begin(self) -> None:
        """Send the first request, and all after it."""
        self._clock.after(self._random.expovariate(self._scenario.rate_at(0)), self._send)

    def _send(self) -> None:
        if self._clock.now >= self._scenario.seconds:
            return
        self._counts.offered += self._scenario.spans_per_request
        self._counts.with_senders += self._scenario.spans_per_request
        self._arrive(0)
        self._clock.after(self._random.expovariate(self._scenario.rate_at(self._clock.now)), self._send)

    def _arrive(self, tried: int) -> None:
        """A request at the gateway."""
        if not self._throttle.take(1, self._clock.now):
            self._counts.throttled += 1
            self._again(tried)
        elif self._instances >= self._scenario.ingest_concurrency:
            self._counts.failed += 1
            self._give_up()
        else:
            self._instances += 1
            self._counts.instances = max(self._counts.instances, self._instances)
            self._accept()

    def _again(self, tried: int) -> None:
        if tried == len(PAUSES_S):
            self._give_up()
        else:
            self._clock.after(PAUSES_S[tried] * self._random.uniform(0.8, 1.2), self._arrive, tried + 1)

    def _give_up(self) -> None:
        self._counts.with_senders -= self._scenario.spans_per_request
        self._counts.lost += self._scenario.spans_per_request

    def _accept(self) -> None:
        began, spans = self._clock.now, self._scenario.spans_per_request
        is_direct = self._scenario.delivery == "direct"
        span_ms = FIGURES["span_ms" if is_direct else "span_decoded_ms"]
        took_s = (FIGURES["request_ms"] + span_ms * spans) / 1000 / self._scenario.processor_share
        if is_direct:
            self._clock.after(took_s, self._xray.deliver, spans, lambda left: self._settle(began, left))
        else:
            self._clock.after(took_s, self._settle, began, spans)

    def _settle(self, began: float, left: int) -> None:
        """What X-Ray has not is queued, and that takes a call."""
        delivered = self._scenario.spans_per_request - left
        self._counts.with_senders -= delivered
        self._counts.deliver(delivered, self._clock.now)
        if left:
            self._clock.after(FIGURES["sqs_call_ms"] / 1000, self._enqueue, began, left)
        else:
            self._answer(began)

    def _enqueue(self, began: float, left: int) -> None:
        self._counts.with_senders -= left
        self._queue.put(left, is_request=self._scenario.delivery == "buffered")
        self._answer(began)

    def _answer(self, began: float) -> None:
        self._instances -= 1
        self._counts.answers_s.append(self._clock.now - began)
