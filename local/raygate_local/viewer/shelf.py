"""Where `Sources` keeps things: an embedded database, bounded in bytes.

Takes   requests as bytes, with the documents that each of their spans has; outcomes.
Gives   the newest request for a document, and its span's position; the outcomes of a trace.
Rules   The oldest requests go first. What another version wrote is thrown away: it is a memory, not a record.
"""

import sqlite3
import threading
import zlib
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import Final, Literal

VERSION: Final = 1
MOST_OUTCOMES: Final = 100_000
SCHEMA: Final = """
CREATE TABLE requests (number INTEGER PRIMARY KEY, request_id TEXT, received_ms INTEGER, body BLOB, bytes INTEGER);
CREATE TABLE documents (trace_id TEXT, id TEXT, request INTEGER, position INTEGER,
    PRIMARY KEY (trace_id, id, request)) WITHOUT ROWID;
CREATE INDEX documents_of ON documents (request);
CREATE TABLE outcomes (number INTEGER PRIMARY KEY, trace_id TEXT, id TEXT, state TEXT, code TEXT, reason TEXT,
    name TEXT, at_ms INTEGER);
CREATE INDEX outcomes_of ON outcomes (trace_id);
"""
TABLES: Final = ("requests", "documents", "outcomes")


@dataclass(frozen=True, slots=True)
class Entry:
    """A request to be kept."""

    request_id: str
    received_ms: int
    body: bytes
    documents: Sequence[tuple[str, str, int]]
    """Trace, document and position of the span."""


@dataclass(frozen=True, slots=True)
class Found:
    """A request, and which of its spans was asked for."""

    request_id: str
    received_ms: int
    body: bytes
    position: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a span or document that is not in X-Ray."""

    trace_id: str
    """W3C's form."""
    id: str
    state: Literal["rejected", "refused"]
    """`rejected`: it never became a document. `refused`: X-Ray did not take the document."""
    code: str
    """X-Ray's, when it was X-Ray."""
    reason: str
    name: str
    at_ms: int


class Shelf:
    """One connection, one at a time."""

    def __init__(self, file: str, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._database = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = NORMAL")
        self._prepare()
        self.bytes: int = self._one("SELECT coalesce(sum(bytes), 0) FROM requests")

    def _prepare(self) -> None:
        version = self._one("PRAGMA user_version")
        if version != VERSION:
            for table in TABLES:
                self._database.execute(f"DROP TABLE IF EXISTS {table}")
            self._database.executescript(SCHEMA)
            self._database.execute(f"PRAGMA user_version = {VERSION}")

    def _one(self, query: str) -> int:
        return int(self._database.execute(query).fetchone()[0])

    def put(self, entry: Entry, rejected: Sequence[Outcome]) -> None:
        """Keep it, and make room."""
        body = zlib.compress(entry.body, 1)
        with self._lock, self._database:
            self._database.execute("BEGIN")
            if entry.documents:
                size = len(body) + sum(len(trace_id) + len(one) for trace_id, one, _ in entry.documents)
                number = self._database.execute(
                    "INSERT INTO requests (request_id, received_ms, body, bytes) VALUES (?, ?, ?, ?)",
                    (entry.request_id, entry.received_ms, body, size),
                ).lastrowid
                self._database.executemany(
                    "INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?)",
                    [(trace_id, one, number, position) for trace_id, one, position in entry.documents],
                )
                self.bytes += size
            self._note(rejected)
            self._evict()

    def refuse(self, refused: Sequence[Outcome]) -> None:
        """Keep these outcomes."""
        with self._lock, self._database:
            self._database.execute("BEGIN")
            self._note(refused)

    def _note(self, outcomes: Sequence[Outcome]) -> None:
        if not outcomes:
            return
        self._database.executemany(
            "INSERT INTO outcomes (trace_id, id, state, code, reason, name, at_ms) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [astuple(one) for one in outcomes],
        )
        self._database.execute(
            "DELETE FROM outcomes WHERE number <= (SELECT max(number) FROM outcomes) - ?", (MOST_OUTCOMES,)
        )

    def _evict(self) -> None:
        while self.bytes > self._most_bytes:
            oldest = self._database.execute("SELECT number, bytes FROM requests ORDER BY number LIMIT 1").fetchone()
            if oldest is None:
                break
            self._database.execute("DELETE FROM documents WHERE request = ?", oldest[:1])
            self._database.execute("DELETE FROM requests WHERE number = ?", oldest[:1])
            self.bytes -= oldest[1]

    def find(self, trace_id: str, document_id: str) -> Found | None:
        """The request that brought it last."""
        with self._lock:
            row = self._database.execute(
                "SELECT request_id, received_ms, body, position FROM documents JOIN requests ON number = request"
                " WHERE trace_id = ? AND id = ? ORDER BY request DESC LIMIT 1",
                (trace_id, document_id),
            ).fetchone()
        return Found(row[0], row[1], zlib.decompress(row[2]), row[3]) if row else None

    def requests(self, trace_id: str) -> list[bytes]:
        """Every request with a span of the trace, the newest first."""
        with self._lock:
            rows = self._database.execute(
                "SELECT body FROM requests WHERE number IN (SELECT request FROM documents WHERE trace_id = ?)"
                " ORDER BY number DESC",
                (trace_id,),
            ).fetchall()
        return [zlib.decompress(row[0]) for row in rows]

    def outcomes(self, trace_id: str, most: int) -> list[Outcome]:
        """Those of a trace."""
        with self._lock:
            rows = self._database.execute(
                "SELECT trace_id, id, state, code, reason, name, at_ms FROM outcomes WHERE trace_id = ?"
                " ORDER BY number LIMIT ?",
                (trace_id, most),
            ).fetchall()
        return [Outcome(*row) for row in rows]

    def latest(self, most: int) -> list[Outcome]:
        """Those of all traces, the newest first."""
        with self._lock:
            rows = self._database.execute(
                "SELECT trace_id, id, state, code, reason, name, at_ms FROM outcomes ORDER BY number DESC LIMIT ?",
                (most,),
            ).fetchall()
        return [Outcome(*row) for row in rows]

    def clear(self) -> None:
        """Forget everything."""
        with self._lock, self._database:
            for table in TABLES:
                self._database.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
            self.bytes = 0

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._database.close()
