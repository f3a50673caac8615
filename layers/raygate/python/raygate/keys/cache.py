"""Look-ups remembered for a while, so that a store is not asked for every request.

Takes   `find`, and a clock in seconds that only goes forward.
Gives   `find` again. What was found is kept for 60 s, which is how long a revoked key still works; what was not, for
        10 s, which is how long a new key may be refused. What fails is not kept.
Note    both are bounded, apart from each other: guessed keys do not push out the real ones.
"""

from collections.abc import Callable
from dataclasses import field
from threading import Lock
from typing import Final

from raygate.keys.check import Find
from raygate.keys.record import Record
from raygate.records import dataclass

FOUND_S: Final = 60.0
NOT_FOUND_S: Final = 10.0
MOST: Final = 4_096


@dataclass(slots=True)
class Shelf:
    """Answers of one kind, the oldest first."""

    lifetime_s: float
    kept: dict[str, tuple[Record | None, float]] = field(default_factory=dict)

    def put(self, digest: str, record: Record | None, now_s: float) -> None:
        """Keep the answer, in place of the oldest when there is no room."""
        self.kept.pop(digest, None)
        if len(self.kept) >= MOST:
            del self.kept[next(iter(self.kept))]
        self.kept[digest] = (record, now_s + self.lifetime_s)


def cached(find: Find, now_s: Callable[[], float]) -> Find:
    """Put a cache before a store."""
    found, missing, lock = Shelf(FOUND_S), Shelf(NOT_FOUND_S), Lock()

    def remembered(digest: str) -> Record | None:
        started_s = now_s()
        for shelf in (found, missing):
            record, until_s = shelf.kept.get(digest, (None, started_s))
            if started_s < until_s:
                return record
        record = find(digest)
        with lock:
            (found if record else missing).put(digest, record, started_s)
            (missing if record else found).kept.pop(digest, None)
        return record

    return remembered
