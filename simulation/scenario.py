"""One situation: a load, and the sizes of what it meets.

Gives   `Scenario`; `rate_at`, the requests a second at a moment; `is_away`, whether X-Ray answers nobody then.
"""

from dataclasses import dataclass
from typing import Literal

Window = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Scenario:
    """Seconds, spans and calls; the defaults are those of the template and of a new AWS account."""

    spans_per_second: float
    spans_per_request: int = 100
    seconds: float = 300
    """How long there is load. The run goes on until the queue is empty."""
    delivery: Literal["direct", "buffered"] = "direct"
    spike: Window | None = None
    spike_factor: float = 1
    outage: Window | None = None
    api_rate: float = 50
    api_burst: float = 100
    ingest_concurrency: int = 500
    deliver_concurrency: int = 2
    batch_size: int = 50
    window_s: float = 2
    visibility_s: float = 360
    max_receives: int = 60
    quota: float = 2_600
    """Segments a second that the account may send; unused ones are kept for a second."""
    processor_share: float = 1024 / 1769
    call_s: float = 0.025
    seed: int = 1

    def rate_at(self, at: float) -> float:
        """Requests a second."""
        in_spike = self.spike is not None and self.spike[0] <= at < self.spike[1]
        return self.spans_per_second / self.spans_per_request * (self.spike_factor if in_spike else 1)

    def is_away(self, at: float) -> bool:
        """Whether X-Ray fails."""
        return self.outage is not None and self.outage[0] <= at < self.outage[1]
