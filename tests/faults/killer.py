"""Ends a process in the middle of a request that it makes: the n-th, before or after that request was done.

It is asked by the servers that stand in for AWS. The process itself knows nothing of it.
"""

import os
import signal
import threading
from dataclasses import dataclass, field
from typing import Literal

When = Literal["before", "after"]


@dataclass
class Killer:
    """Counts requests; strikes once."""

    at: int = 0
    """The number of the request, from 1; 0 for never."""
    when: When = "before"
    pid: int = 0
    seen: list[str] = field(default_factory=list)
    """What was asked for, in order."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, what: str) -> int:
        """A request came; its number."""
        with self._lock:
            self.seen.append(what)
            return len(self.seen)

    def strikes(self, number: int, when: When) -> bool:
        """Whether this is the moment; then the process is no more."""
        if (number, when) != (self.at, self.when) or not self.pid:
            return False
        os.kill(self.pid, signal.SIGKILL)
        return True
