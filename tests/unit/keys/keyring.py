"""Keys to test with, and a store that is a dict."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from raygate.errors import KeyStoreError
from raygate.keys.check import Find, Keys
from raygate.keys.presented import Presented
from raygate.keys.quota import Quotas
from raygate.keys.record import Record, hash_of

TOKEN = "test-token-1"
NOW = 1_800_000_000


def a_record(token: str = TOKEN, **given: Any) -> Record:
    """A key that may send."""
    values: dict[str, Any] = {
        "hash": hash_of(token),
        "id": "a-key",
        "tenant": "shop",
        "scopes": ("traces:write",),
        "created": NOW - 10,
    }
    return Record(**(values | given))


@dataclass
class Ring:
    """A store, and what it was asked."""

    records: dict[str, Record]
    asked: list[str] = field(default_factory=list)
    is_down: bool = False

    def find(self, digest: str) -> Record | None:
        """The record with this hash."""
        self.asked.append(digest)
        if self.is_down:
            raise KeyStoreError("the store is down")
        return self.records.get(digest)


def a_ring(*records: Record) -> Ring:
    """A store with these keys."""
    return Ring({record.hash: record for record in records})


def a_guard(find: Find, now_s: Callable[[], float] = lambda: 0.0) -> Keys:
    """The guard, with both of its clocks stopped."""
    return Keys(find, Quotas(now_s), lambda: float(NOW))


def showing(*tokens: str | None, origin: str = "") -> Presented:
    """A request with these credentials."""
    return Presented(tokens, origin)
