"""A queue in the file: what SQS does for the worker in the cloud, with the same words.

Takes   messages, as `Packed`.
Gives   `KeptQueue`: `send` confirms what is on the disk; `receive` gives records as the function's events hold them,
        and hides them for the visibility timeout; `delete` what is done; `release` what failed, to be seen again
        later. What was received as often as allowed goes to the dead letters in place of being received once more.
Raises  `KeepError` when the file cannot be read or written.
Note    There is no limit of age: nothing that was acknowledged is forgotten.
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from raygate.keep import KeepError, Packed
from raygate_local.kept.database import Database
from raygate_local.kept.records import record

LIVE: Final = "live"
DEAD: Final = "dead"

MOST_BYTES: Final = 16 * 1024 * 1024
"""More than a message of ours weighs as a rule; the body of a larger one lies in the bucket, as in the cloud."""
BATCH_BYTES: Final = 6 * 1024 * 1024
"""A batch ends with the message that passes this: an event of a function holds no more."""

INSERT: Final = "INSERT INTO messages (queue, body, attributes, sent_ms, visible_ms) VALUES (?, ?, ?, ?, ?)"
EXHAUSTED: Final = """
    UPDATE messages SET queue = ?, attributes = json_set(attributes, '$."raygate-reason"', ?), receives = 0
    WHERE queue = ? AND visible_ms <= ? AND receives >= ?
"""
VISIBLE: Final = """
    SELECT id, body, attributes, sent_ms, first_ms, receives FROM messages
    WHERE queue = ? AND visible_ms <= ? ORDER BY visible_ms, id LIMIT ?
"""
TAKE: Final = """
    UPDATE messages
    SET receives = receives + 1, visible_ms = ?, first_ms = CASE first_ms WHEN 0 THEN ? ELSE first_ms END
    WHERE id = ?
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is in a queue."""

    messages: int = 0
    oldest_ms: int = 0
    """When the oldest was sent, in milliseconds since 1970; 0 without any."""


@dataclass(slots=True)
class KeptQueue:
    """One of the queues in the file, by its name."""

    database: Database
    name: str = LIVE
    visibility_s: float = 180.0
    """How long a received message is hidden: a run of the worker has to end before."""
    max_receives: int = 0
    """A message that was received so often goes to the dead letters; 0 for never."""
    clock: Callable[[], float] = time.time
    most_bytes: int = MOST_BYTES
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def send(self, messages: Sequence[Packed], timeout_s: float) -> list[bool]:
        """Confirmed when they are on the disk, all of them or none."""
        now = self._now_ms()
        rows = [(self.name, one.body, orjson.dumps(dict(one.attributes)).decode(), now, now) for one in messages]
        try:
            with self.database.writing(timeout_s) as file:
                file.executemany(INSERT, rows)
        except sqlite3.Error:
            return [False] * len(messages)
        self.wake()
        return [True] * len(messages)

    def receive(self, most: int, wait_s: float = 0.0) -> list[dict[str, Any]]:
        """Up to so many records; when there are none, waits that long for a change and looks once more."""
        with self._changed:
            records = self._take(most)
            if records or wait_s <= 0:
                return records
            self._changed.wait(min(wait_s, self._next_s()))
        return self._take(most)

    def delete(self, handles: Sequence[str]) -> None:
        """These are done."""
        self._write("DELETE FROM messages WHERE id = ?", [(handle,) for handle in handles])

    def release(self, handles: Sequence[str], after_s: float) -> None:
        """These failed, and are seen again after a while."""
        visible = self._now_ms() + int(after_s * 1_000)
        self._write("UPDATE messages SET visible_ms = ? WHERE id = ?", [(visible, handle) for handle in handles])
        self.wake()

    def reclaim(self) -> None:
        """What is hidden for somebody who is gone is seen at once. Only the owner of the folder may say so."""
        query = "UPDATE messages SET visible_ms = ? WHERE queue = ? AND receives > 0"
        self._write(query, [(self._now_ms(), self.name)])
        self.wake()

    def waiting(self) -> Waiting:
        """How much is in it, hidden or not."""
        query = "SELECT count(*), coalesce(min(sent_ms), 0) FROM messages WHERE queue = ?"
        with _failing(), self.database.reading() as file:
            return Waiting(*file.execute(query, (self.name,)).fetchone())

    def wake(self) -> None:
        """Whoever waits looks again."""
        with self._changed:
            self._changed.notify_all()

    def _take(self, most: int) -> list[dict[str, Any]]:
        now, records, room = self._now_ms(), [], BATCH_BYTES
        hidden = now + int(self.visibility_s * 1_000)
        with _failing(), self.database.writing() as file:
            if self.max_receives:
                reason = f"received {self.max_receives} times"
                file.execute(EXHAUSTED, (DEAD, reason, self.name, now, self.max_receives))
            for row in file.execute(VISIBLE, (self.name, now, most)):
                records.append(record(self.name, row, now))
                room -= len(row[1])
                if room <= 0:
                    break
            file.executemany(TAKE, [(hidden, now, one["messageId"]) for one in records])
        return records

    def _next_s(self) -> float:
        """Seconds until a hidden message is seen again."""
        query = "SELECT min(visible_ms) FROM messages WHERE queue = ?"
        with _failing(), self.database.reading() as file:
            (visible,) = file.execute(query, (self.name,)).fetchone()
        return threading.TIMEOUT_MAX if visible is None else max(0.0, (visible - self._now_ms()) / 1_000)

    def _write(self, query: str, rows: Sequence[tuple[Any, ...]]) -> None:
        with _failing(), self.database.writing() as file:
            file.executemany(query, rows)

    def _now_ms(self) -> int:
        return int(self.clock() * 1_000)


@contextmanager
def _failing() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise KeepError(f"the queue on this machine: {error}") from error
