"""From the buffer to X-Ray: batches side by side, and back into the buffer with what nobody took.

Takes   the buffer, the counts, and what delivers a batch: texts and seconds in, those out that nobody took.
Gives   `Sending`: threads between `start` and `stop`, which sends what is left and counts what stays.
Rules   While nobody takes anything the pauses grow. What cannot even be tried is dropped and counted: it would never
        go. What is still on its way at the end counts as dropped: nobody will know.
"""

import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from raygate.deliver.budget import MOST_S
from raygate_local.daemon.buffer import Buffer
from raygate_local.daemon.counts import Counts

Deliver: TypeAlias = Callable[[Sequence[str], float], Sequence[str]]

SIDE_BY_SIDE: Final = 4
LEAST_PAUSE_S: Final = 0.5
MOST_PAUSE_S: Final = 15.0
LATE_S: Final = 0.3
"""Of the end, for what is counted then."""


class Sending:
    """The other end of the buffer."""

    def __init__(self, buffer: Buffer, counts: Counts, deliver: Deliver) -> None:
        self._buffer, self._counts, self._deliver = buffer, counts, deliver
        self._stopping = threading.Event()
        self._until_s = 0.0
        self._in_hand = [0] * SIDE_BY_SIDE
        """Documents of each thread that it is trying to send."""
        self._threads = [
            threading.Thread(target=self._loop, args=(number,), name=f"daemon-{number}", daemon=True)
            for number in range(SIDE_BY_SIDE)
        ]

    def start(self) -> None:
        """Begin to send."""
        for thread in self._threads:
            thread.start()

    def stop(self, within_s: float) -> None:
        """Send what can be sent at once, and end; the rest is lost, and counted."""
        self._until_s = time.monotonic() + within_s
        self._stopping.set()
        self._buffer.close()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(max(0.0, self._until_s + LATE_S - time.monotonic()))
        self._counts.add("dropped", len(self._buffer) + sum(self._in_hand))

    def _loop(self, number: int) -> None:
        pause_s = LEAST_PAUSE_S
        while batch := self._buffer.take():
            self._in_hand[number] = len(batch)
            left = self._tried(batch)
            self._in_hand[number] = 0
            pause_s = min(MOST_PAUSE_S, 2 * pause_s) if left else LEAST_PAUSE_S
            if left and self._stopping.is_set():
                self._counts.add("dropped", len(left))
            elif left:
                self._counts.add("dropped", self._buffer.put_back(left))
                self._stopping.wait(pause_s)

    def _tried(self, batch: Sequence[str]) -> Sequence[str]:
        seconds = max(0.0, self._until_s - time.monotonic()) if self._stopping.is_set() else MOST_S
        try:
            return self._deliver(batch, seconds)
        except Exception:  # noqa: BLE001 - the thread has to go on, and the next batch may be better
            traceback.print_exc(file=sys.stderr)
            self._counts.add("dropped", len(batch))
            return ()
