"""A bucket in the file: objects by key, as S3 has them.

Gives   `KeptBucket`. Keys come in the order of their bytes, as S3 lists them.
Raises  `KeepError` when the file cannot be read or written.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import orjson

from raygate.keep import KeepError, Object
from raygate_local.kept.database import Database

PAGE: Final = 1_000
"""Keys that are read at a time: whoever goes through them may write meanwhile."""
LAST: Final = "\U0010ffff"

PUT: Final = """
    INSERT INTO objects (key, body, metadata, stored_ms) VALUES (?, ?, ?, ?)
    ON CONFLICT (key) DO UPDATE SET body = excluded.body, metadata = excluded.metadata, stored_ms = excluded.stored_ms
"""
KEYS: Final = "SELECT key FROM objects WHERE key > ? AND key >= ? AND key < ? ORDER BY key LIMIT ?"


@dataclass(slots=True)
class KeptBucket:
    """All objects in the file."""

    database: Database
    clock: Callable[[], float] = time.time

    def put(self, key: str, stored: Object, timeout_s: float) -> None:
        """Store it; it is on the disk when this returns."""
        row = (key, stored.body, orjson.dumps(dict(stored.metadata)).decode(), int(self.clock() * 1_000))
        with _failing(), self.database.writing(timeout_s) as file:
            file.execute(PUT, row)

    def get(self, key: str) -> Object | None:
        """What lies there; None when nothing does."""
        with _failing(), self.database.reading() as file:
            row = file.execute("SELECT body, metadata FROM objects WHERE key = ?", (key,)).fetchone()
        return Object(row[0], orjson.loads(row[1])) if row else None

    def keys(self, prefix: str, after: str = "") -> Iterator[str]:
        """All keys that begin so, in order, from the first one behind `after`."""
        while True:
            with _failing(), self.database.reading() as file:
                page = [key for (key,) in file.execute(KEYS, (after, prefix, prefix + LAST, PAGE))]
            yield from page
            if len(page) < PAGE:
                return
            after = page[-1]

    def delete(self, key: str) -> None:
        """Remove it; nothing happens when nothing lies there."""
        with _failing(), self.database.writing() as file:
            file.execute("DELETE FROM objects WHERE key = ?", (key,))

    def expire(self, prefix: str, days: float) -> int:
        """Forget what was stored so long ago, as the bucket's lifecycle does in the cloud; how much that was."""
        before = int((self.clock() - days * 86_400) * 1_000)
        with _failing(), self.database.writing() as file:
            query = "DELETE FROM objects WHERE key >= ? AND key < ? AND stored_ms < ?"
            return file.execute(query, (prefix, prefix + LAST, before)).rowcount


@contextmanager
def _failing() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise KeepError(f"the bucket on this machine: {error}") from error
