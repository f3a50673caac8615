"""What a run counts.

Rules   offered = delivered + queued + dead + lost + with senders, in spans, at every moment.
"""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Counts:
    """Spans, unless it says otherwise."""

    offered: int = 0
    delivered: int = 0
    queued: int = 0
    """In the queue, or with a worker, now."""
    dead: int = 0
    """Given up by the queue."""
    lost: int = 0
    """Given up by their senders: after a 500 at once, after 429 and 503 when they have tried often enough."""
    with_senders: int = 0
    """On their way, in a request, or waiting for the next try."""
    throttled: int = 0
    """Answers 429 of the gateway."""
    failed: int = 0
    """Answers 500, since Lambda had no instance left."""
    xray_throttled: int = 0
    """Calls that X-Ray refused for its quota."""
    deepest: int = 0
    oldest_s: float = 0.0
    """How long a message was in the queue when it was delivered, at most."""
    instances: int = 0
    """Of the ingest function at once, at most."""
    last_delivery_s: float = 0.0
    answers_s: list[float] = field(default_factory=list)
    """How long an answer 200 took."""

    def deliver(self, spans: int, now: float) -> None:
        """X-Ray has them, and whoever sent them knows it."""
        self.delivered += spans
        if spans:
            self.last_delivery_s = now

    def settles(self) -> bool:
        """Whether each span is in one place."""
        return self.offered == self.delivered + self.queued + self.dead + self.lost + self.with_senders
