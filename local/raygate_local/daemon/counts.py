"""What the daemon's port has seen: told by several threads."""

import threading
from collections import Counter


class Counts:
    """`documents` that came, `unreadable` datagrams, `dropped` documents, and `unread` ones: dropped by the system."""

    def __init__(self) -> None:
        self._counts = Counter(documents=0, unreadable=0, dropped=0, unread=0)
        self._lock = threading.Lock()

    def add(self, name: str, number: int = 1) -> int:
        """Count; how many that makes."""
        with self._lock:
            self._counts[name] += number
            return self._counts[name]

    def reach(self, name: str, number: int) -> None:
        """Somebody else counts it."""
        with self._lock:
            self._counts[name] = number

    def __getitem__(self, name: str) -> int:
        """How many."""
        return self._counts[name]

    def as_json(self) -> dict[str, int]:
        """All of them."""
        with self._lock:
            return dict(self._counts)
