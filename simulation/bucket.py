"""A token bucket: the gateway's throttle, and X-Ray's quota."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Bucket:
    """`rate` a second, `burst` at most."""

    rate: float
    burst: float
    _left: float = field(init=False)
    _at: float = 0.0

    def __post_init__(self) -> None:
        """Begin full."""
        self._left = self.burst

    def take(self, wanted: float, now: float) -> bool:
        """All of it, or nothing."""
        self._left = min(self.burst, self._left + (now - self._at) * self.rate)
        self._at = now
        if self._left < wanted:
            return False
        self._left -= wanted
        return True
