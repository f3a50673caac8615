"""Documents into the store, and the oldest out of it.

Takes   documents that X-Ray takes; the bounds.
Gives   `Writer.put`: one transaction, however many documents; `version` and `counts`.
Rules   As `store.py` says. The counts are kept in memory and taken from the file once.
"""

import sqlite3
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

from raygate_local.xray import about
from raygate_local.xray.database import Database
from raygate_local.xray.limits import Bounds, Counts
from raygate_local.xray.trace import Stored, end_of, is_in_progress, start_of

DOCUMENT_BYTES: Final = 600
TRACE_BYTES: Final = 1_200
"""What a document and a trace take in the file besides the texts: indexes, and what is known about them."""

INSERT: Final = (
    "INSERT INTO documents (trace, id, start_s, end_s, is_in_progress, bytes, text) VALUES (?, ?, ?, ?, ?, ?, ?)"
)
REPLACE: Final = "UPDATE documents SET start_s = ?, end_s = ?, is_in_progress = ?, bytes = ?, text = ? WHERE number = ?"
KNOWN: Final = "SELECT number, start_s, end_s, is_in_progress, bytes FROM documents WHERE trace = ? AND id = ?"
TRACE: Final = "SELECT number, start_s, end_s, revision, documents, bytes FROM traces WHERE trace_id = ?"
UPDATE: Final = (
    "UPDATE traces SET start_s = ?, end_s = ?, updated_s = ?, revision = ?, version = ?, documents = ?, bytes = ? "
    "WHERE number = ?"
)
OLDEST: Final = "SELECT number, updated_s, documents, bytes FROM traces ORDER BY updated_s, number LIMIT 1"


@dataclass(slots=True)
class _Row:
    """A trace while documents are added."""

    number: int
    start_s: float
    end_s: float
    revision: int
    documents: int
    bytes: int

    def add(self, start_s: float, end_s: float, size: int) -> None:
        """One more."""
        self.start_s, self.end_s = min(self.start_s, start_s), max(self.end_s, end_s)
        self.documents += 1
        self.bytes += size + DOCUMENT_BYTES
        self.revision += 1


@dataclass(frozen=True, slots=True)
class _Totals:
    traces: int
    documents: int
    bytes: int
    evicted: int
    version: int


class Writer:
    """The only one that changes traces."""

    def __init__(self, database: Database, clock: Callable[[], float], bounds: Bounds) -> None:
        self._database = database
        self._clock = clock
        self._bounds = bounds
        self._lock = threading.Lock()
        """The totals are of the last transaction: nobody begins one between its end and theirs."""
        with database.writing() as file:
            self._totals = _totals(file)
            _forget_other_formats(file)
            totals = self._evict(file, self._totals)
        self._totals = totals

    @property
    def version(self) -> int:
        """Of the last put."""
        return self._totals.version

    def counts(self) -> Counts:
        """What is there."""
        with self._database.reading() as file:
            oldest = file.execute(OLDEST).fetchone()
        now = self._totals
        return Counts(now.traces, now.documents, now.bytes, now.evicted, oldest[1] if oldest else None, self._bounds)

    def put(self, taken: Sequence[Stored]) -> None:
        """Keep them."""
        groups: dict[str, list[Stored]] = {}
        for stored in taken:
            groups.setdefault(stored.document["trace_id"], []).append(stored)
        with self._lock:
            with self._database.writing() as file:
                totals = replace(self._totals, version=self._totals.version + 1)
                now_s = self._clock()
                for trace_id, group in groups.items():
                    totals = _put(file, trace_id, group, now_s, totals)
                totals = self._evict(file, totals)
                _keep(file, totals)
            self._totals = totals

    def clear(self) -> None:
        """Forget all traces; what went is not counted as evicted."""
        with self._lock:
            with self._database.writing() as file:
                for table in ("abouts", "documents", "traces"):
                    file.execute(f"DELETE FROM {table}")  # noqa: S608 a name from the line above
                totals = _Totals(0, 0, 0, self._totals.evicted, self._totals.version + 1)
                _keep(file, totals)
            self._totals = totals
        with suppress(sqlite3.Error):  # then the room is used again for what comes
            self._database.shrink()

    def _evict(self, file: sqlite3.Connection, totals: _Totals) -> _Totals:
        """Those that are too old, and the oldest until the rest fits."""
        limit_s = self._clock() - self._bounds.max_age_s
        while oldest := file.execute(OLDEST).fetchone():
            number, updated_s, documents, size = oldest
            if totals.bytes <= self._bounds.max_bytes and updated_s >= limit_s:
                break
            file.execute("DELETE FROM abouts WHERE trace = ?", (number,))
            file.execute("DELETE FROM documents WHERE trace = ?", (number,))
            file.execute("DELETE FROM traces WHERE number = ?", (number,))
            totals = _Totals(
                totals.traces - 1,
                totals.documents - documents,
                totals.bytes - size,
                totals.evicted + 1,
                totals.version,
            )
        return totals


def _put(file: sqlite3.Connection, trace_id: str, group: Sequence[Stored], now_s: float, totals: _Totals) -> _Totals:
    known = file.execute(TRACE, (trace_id,)).fetchone()
    row = _Row(*known) if known else _new(file, trace_id, group[0])
    documents, size = (row.documents, row.bytes) if known else (0, 0)
    for stored in group:
        _put_one(file, row, stored)
    changed = (row.start_s, row.end_s, now_s, row.revision, totals.version, row.documents, row.bytes, row.number)
    file.execute(UPDATE, changed)
    return replace(
        totals,
        traces=totals.traces + (known is None),
        documents=totals.documents + row.documents - documents,
        bytes=totals.bytes + row.bytes - size,
    )


def _new(file: sqlite3.Connection, trace_id: str, first: Stored) -> _Row:
    start_s, end_s = start_of(first.document), end_of(first.document)
    made = file.execute("INSERT INTO traces VALUES (NULL, ?, ?, ?, 0, 0, 0, 0, 0)", (trace_id, start_s, end_s))
    return _Row(made.lastrowid or 0, start_s, end_s, 0, 0, TRACE_BYTES)


def _put_one(file: sqlite3.Connection, row: _Row, stored: Stored) -> None:
    document = stored.document
    start_s, end_s, in_progress = start_of(document), end_of(document), is_in_progress(document)
    size = len(stored.text.encode())
    before = file.execute(KNOWN, (row.number, document["id"])).fetchone()
    if before is None:
        values = (row.number, document["id"], start_s, end_s, in_progress, size, stored.text)
        file.execute(INSERT, values)
        row.add(start_s, end_s, size)
        return
    number, start_before_s, end_before_s, was_in_progress, size_before = before
    if in_progress and not was_in_progress:
        return
    file.execute(REPLACE, (start_s, end_s, in_progress, size, stored.text, number))
    row.revision += 1
    row.bytes += size - size_before
    if start_before_s > row.start_s and end_before_s < row.end_s:
        row.start_s, row.end_s = min(row.start_s, start_s), max(row.end_s, end_s)
    else:  # it may have been the one that the trace began or ended with
        times = "SELECT min(start_s), max(end_s) FROM documents WHERE trace = ?"
        row.start_s, row.end_s = file.execute(times, (row.number,)).fetchone()


def _totals(file: sqlite3.Connection) -> _Totals:
    state = dict(file.execute("SELECT name, value FROM state").fetchall())
    sums = "SELECT count(*), coalesce(sum(documents), 0), coalesce(sum(bytes), 0) FROM traces"
    traces, documents, size = file.execute(sums).fetchone()
    return _Totals(traces, documents, size, state.get("evicted", 0), state.get("version", 0))


def _keep(file: sqlite3.Connection, totals: _Totals) -> None:
    rows = [("evicted", totals.evicted), ("version", totals.version)]
    file.executemany("INSERT OR REPLACE INTO state VALUES (?, ?)", rows)


def _forget_other_formats(file: sqlite3.Connection) -> None:
    """What an older Raygate knew about traces is found out again."""
    if file.execute("SELECT value FROM state WHERE name = 'format'").fetchone() != (about.FORMAT,):
        file.execute("DELETE FROM abouts")
        file.execute("INSERT OR REPLACE INTO state VALUES ('format', ?)", (about.FORMAT,))
