"""Where the spans of a replay ended, and those that it has not got to.

Rules   found = delivered + parked + rejected + skipped + left. A document that was kept as such counts as one span.
        `skipped` were settled before this run began; `left` were read and are not settled. An object that was not read
        yet is in `objects_left`: how many spans are in there, only a dry run knows. Nothing is ever queued: what X-Ray
        does not take now stays where it is kept.
"""

from collections import Counter
from dataclasses import field
from typing import Any

from raygate.records import dataclass


@dataclass(slots=True)
class Counts:
    """What one run did."""

    found: int = 0
    """Spans that were read."""
    delivered: int = 0
    parked: int = 0
    """Refused for good, and stored; or still stored, when they were parked before."""
    rejected: int = 0
    """Refused for good with nowhere to park them, or no valid spans."""
    skipped: int = 0
    left: int = 0
    requests: int = 0
    """Requests, messages and parked documents that were read."""
    unreadable: int = 0
    """Those of them that nothing can be made of: they stay where they are."""
    documents: int = 0
    """Sent, each once."""
    calls: int = 0
    throttled: int = 0
    """Calls that X-Ray did not take for its rate, and that were repeated more slowly."""
    objects: int = 0
    objects_left: int = 0
    """Counted up to a bound, since a listing takes time too."""
    reasons: Counter[str] = field(default_factory=Counter)
    """Spans by why they were parked or rejected, and what is unreadable."""

    def read(self, is_new_object: bool, spans: int, problem: str) -> None:  # noqa: FBT001 - a fact about it
        """A request, a message or a parked document was read."""
        self.requests += 1
        self.objects += is_new_object
        self.found += spans
        if problem:
            self.unreadable += 1
            self.reasons[f"not readable: {problem}"] += 1

    def end(self, state: str, reason: str) -> None:
        """One span has come to its end."""
        if state == "delivered":
            self.delivered += 1
            return
        self.reasons[f"X-Ray refused the document: {reason}"] += 1
        if state == "parked":
            self.parked += 1
        else:
            self.rejected += 1

    def reject(self, reasons: Counter[str]) -> None:
        """Some spans were none to begin with."""
        self.reasons.update(reasons)
        self.rejected += reasons.total()

    @property
    def settled(self) -> int:
        """Spans that this run brought to their end."""
        return self.delivered + self.parked + self.rejected

    @property
    def unaccounted(self) -> int:
        """0, or there is a mistake."""
        return self.found - self.settled - self.skipped - self.left

    def as_json(self) -> dict[str, Any]:
        """For the log, the result and the checkpoint."""
        names = ("found", "delivered", "parked", "rejected", "skipped", "left", "unaccounted")
        more = ("requests", "unreadable", "documents", "calls", "throttled", "objects", "objects_left")
        told: dict[str, Any] = {name: getattr(self, name) for name in (*names, *more)}
        return told | ({"reasons": dict(self.reasons)} if self.reasons else {})
