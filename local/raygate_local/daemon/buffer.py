"""Documents that have arrived and are not delivered yet: in memory, within bounds.

Takes   texts from one thread; several others take batches of them.
Gives   `Buffer`: `put` is false when it is full. `take` waits for a batch: 50 documents, or what came within half a
        second. `put_back` is for those that nobody took. After `close` a batch is whatever is there.
Why     nobody can be told to wait: who sends by UDP does not listen.
"""

import threading
import time
from collections import deque
from collections.abc import Iterable
from typing import Final

MOST_DOCUMENTS: Final = 20_000
MOST_BYTES: Final = 64 * 1024 * 1024
BATCH: Final = 50
"""Of a PutTraceSegments."""
WINDOW_S: Final = 0.5


class Buffer:
    """Oldest first."""

    def __init__(self, most: int = MOST_DOCUMENTS, most_bytes: int = MOST_BYTES, window_s: float = WINDOW_S) -> None:
        self._most, self._most_bytes, self._window_s = most, most_bytes, window_s
        self._texts: deque[str] = deque()
        self._bytes = 0
        self._is_closed = False
        self._changed = threading.Condition()

    def __len__(self) -> int:
        """How many wait."""
        return len(self._texts)

    def put(self, text: str) -> bool:
        """One more, if there is room."""
        with self._changed:
            if not self._has_room(text):
                return False
            self._texts.append(text)
            self._bytes += len(text)
            self._changed.notify()
            return True

    def put_back(self, texts: Iterable[str]) -> int:
        """These again, before the others; how many there was no room for."""
        dropped = 0
        with self._changed:
            for text in reversed(list(texts)):
                if self._has_room(text):
                    self._texts.appendleft(text)
                    self._bytes += len(text)
                else:
                    dropped += 1
            self._changed.notify()
        return dropped

    def take(self) -> list[str]:
        """A batch; none when it is closed and empty."""
        with self._changed:
            self._changed.wait_for(lambda: self._texts or self._is_closed)
            until_s = time.monotonic() + self._window_s
            while len(self._texts) < BATCH and not self._is_closed:
                if not self._changed.wait(max(0.0, until_s - time.monotonic())):
                    break
            batch = [self._texts.popleft() for _ in range(min(BATCH, len(self._texts)))]
            self._bytes -= sum(map(len, batch))
            return batch

    def close(self) -> None:
        """Nobody waits any more."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def _has_room(self, text: str) -> bool:
        return len(self._texts) < self._most and self._bytes + len(text) <= self._most_bytes
