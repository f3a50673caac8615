"""Spans a minute, for each key: a bucket that fills all the time and is emptied by requests.

Takes   a clock in seconds that only goes forward.
Gives   `Quotas.of`: an `Admit` for a key. A request comes in while a span's worth is in the bucket, and is then
        taken in full, which may leave a debt. So a request larger than the whole quota comes in too, and is paid off
        by the time until the next; refused for its size it would never come in, however often it were sent.
Note    a bucket lives in one process. Over several instances each has its own: docs/keys.md says how exact that is.
"""

from collections.abc import Callable
from dataclasses import field
from threading import Lock
from typing import Final

from raygate.records import dataclass
from raygate.request import Admit, unlimited

MINUTE_S: Final = 60.0
ONE_SPAN: Final = 1 - 1e-6
"""Who waits as long as told comes in, however the seconds were rounded."""


@dataclass(slots=True)
class Bucket:
    """The quota of one key: a minute's worth of spans at most."""

    quota: int
    level: float
    at_s: float

    def take(self, spans: int, now_s: float) -> float:
        """Take the spans, or say in how many seconds there will be one to take."""
        rate = self.quota / MINUTE_S
        self.level = min(float(self.quota), self.level + (now_s - self.at_s) * rate)
        self.at_s = now_s
        if spans and self.level < ONE_SPAN:
            return (1 - self.level) / rate
        self.level -= spans
        return 0.0


@dataclass(slots=True)
class Quotas:
    """The buckets of all keys that have a quota: as many as were registered, at most."""

    now_s: Callable[[], float]
    buckets: dict[str, Bucket] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def of(self, key: str, quota: int | None) -> Admit:
        """The quota of one key."""
        if quota is None:
            return unlimited

        def admit(spans: int) -> float:
            with self.lock:
                now_s = self.now_s()
                bucket = self.buckets.get(key)
                if bucket is None or bucket.quota != quota:
                    bucket = self.buckets[key] = Bucket(quota, float(quota), now_s)
                return bucket.take(spans, now_s)

        return admit
