"""Requests with spans that are told apart, from senders that note which of them were acknowledged."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count

from tests.fake_xray import FakeXRay
from tests.process.serving import TIMEOUT_S, Connection, Running, post

SPANS = 3
TRACE_ID = "69b31a5e000000000000000000000001"


@dataclass
class Traffic:
    """Ids that were sent, by what their senders know."""

    acknowledged: set[str] = field(default_factory=set)
    returned: set[str] = field(default_factory=set)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ids(self) -> list[str]:
        """Of a new request."""
        with self._lock:
            return [f"{next(self._numbers):016x}" for _ in range(SPANS)]

    def send(self, server: Running, ids: list[str]) -> int:
        """One request; its status, and 0 when the server was gone before it answered."""
        status = 0
        with suppress(OSError, IndexError, ValueError), Connection(server.address) as connection:
            connection.send(post(a_body(ids)))
            status = connection.read().status
        with self._lock:
            (self.acknowledged if status == 200 else self.returned).update(ids)
        return status

    @contextmanager
    def flowing(self, server: Running, senders: int = 3) -> Iterator[None]:
        """Senders that send as long as the server is there, or until this ends."""
        ended = threading.Event()

        def sender() -> None:
            while not ended.is_set() and self.send(server, self.ids()):
                pass

        threads = [threading.Thread(target=sender) for _ in range(senders)]
        for thread in threads:
            thread.start()
        yield
        ended.set()
        for thread in threads:
            thread.join(TIMEOUT_S)

    def has_acknowledged(self, enough: int) -> bool:
        """Whether so many spans are."""
        return len(self.acknowledged) >= enough

    def missing(self, xray: FakeXRay) -> set[str]:
        """Acknowledged, and not at X-Ray."""
        with self._lock, xray.lock:
            return self.acknowledged - xray.store.stored.keys()


def a_body(ids: list[str]) -> bytes:
    """A request with a span for each id, each of which becomes one document."""
    times = {"startTimeUnixNano": "1773342238000000000", "endTimeUnixNano": "1773342239000000000"}
    spans = [{"traceId": TRACE_ID, "spanId": one, "name": "op", "kind": 2, **times} for one in ids]
    return json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]}).encode()


def wait_until(holds: Callable[[], object]) -> bool:
    """Whether it holds in the end."""
    until_s = time.monotonic() + TIMEOUT_S
    while not holds():
        if time.monotonic() > until_s:
            return False
        time.sleep(0.02)
    return True
