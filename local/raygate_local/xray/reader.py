"""Traces out of the store.

Takes   identifiers and spans of time.
Gives   `Reader.trace`, `find`, `abouts`, `updated`, `changed_since`: each as it was at one moment.
Rules   The last traces that were read are remembered up to some bytes, until they change. What is known about a trace
        is computed when it is asked for, and kept with the revision that it is of.
"""

import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from typing import Any, Final, TypeAlias

from raygate_local.xray.about import About, about
from raygate_local.xray.database import Database
from raygate_local.xray.filters import Facts
from raygate_local.xray.graph.sightings import Sightings
from raygate_local.xray.trace import Stored, Trace

NOTHING: Final = About(0, b"{}", Facts().dump(), Sightings().dump())
"""About a trace that is gone."""

Row: TypeAlias = tuple[int, str, float, float, float, int, int]

MOST_REMEMBERED_BYTES: Final = 8 * 1024 * 1024
"""Of texts; read, they take about ten times that."""
MOST_READ_BYTES: Final = 8 * 1024 * 1024
"""Of texts, that are read at once to find out about their traces."""

COLUMNS: Final = "number, trace_id, start_s, end_s, updated_s, revision, documents"
TRACE: Final = "SELECT number, start_s, end_s, updated_s, revision, bytes FROM traces WHERE"
TEXTS: Final = "SELECT id, text FROM documents WHERE trace = ? ORDER BY number"
IN_TIME: Final = {
    "TraceId": "start_s >= :start AND start_s < :end",
    "Event": "updated_s >= :start AND updated_s < :end",
    "Service": "end_s >= :start AND start_s < :end AND EXISTS (SELECT 1 FROM documents WHERE trace = traces.number "
    "AND documents.end_s >= :start AND documents.end_s < :end)",
}
FIND: Final = {
    kind: f"SELECT {COLUMNS} FROM traces WHERE {condition} ORDER BY start_s, trace_id"  # noqa: S608 both from here
    for kind, condition in IN_TIME.items()
}
KEEP: Final = "INSERT OR REPLACE INTO abouts SELECT number, ?, ?, ?, ? FROM traces WHERE number = ?"


class Reader:
    """Looks, and remembers."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._remembered: OrderedDict[int, tuple[Trace, int]] = OrderedDict()
        self._remembered_bytes = 0
        self._lock = threading.Lock()

    def trace(self, trace_id: str) -> Trace | None:
        """With all its documents."""
        with self._database.reading() as file:
            row = file.execute(f"{TRACE} trace_id = ?", (trace_id,)).fetchone()
            if row is None:
                return None
            remembered, _ = self._remembered.get(row[0], (None, 0))
            if remembered and remembered.revision == row[4]:
                return remembered
            trace = _trace(file, trace_id, row)
        self._remember(row[0], trace, row[5])
        return trace

    def find(self, start_s: float, end_s: float, kind: str) -> list[Row]:
        """By start, those with the same one by identifier."""
        with self._database.reading() as file:
            return file.execute(FIND[kind], {"start": start_s, "end": end_s}).fetchall()

    def abouts(self, numbers: Sequence[int]) -> dict[int, About]:
        """What is known about these traces; about those that are gone, too."""
        known = self._known(numbers)
        missing = [number for number in numbers if number not in known]
        for found in self._found_out(missing):
            with self._database.writing() as file:
                rows = [
                    (one.revision, one.kept_summary, one.kept_facts, one.kept_graph, number)
                    for number, one in found.items()
                ]
                file.executemany(KEEP, rows)
            known |= found
        return {number: known.get(number) or NOTHING for number in numbers}

    def updated(self, after: tuple[float, int], until_s: float, most: int) -> list[tuple[float, int]]:
        """When, and the numbers: those after that one, and before that time."""
        some = (
            "SELECT updated_s, number FROM traces WHERE (updated_s, number) > (?, ?) AND updated_s < ? "
            "ORDER BY updated_s, number LIMIT ?"
        )
        with self._database.reading() as file:
            return file.execute(some, (*after, until_s, most)).fetchall()

    def changed_since(self, version: int) -> tuple[int, list[str]]:
        """In the order of their changes."""
        with self._database.reading() as file:
            (now,) = file.execute("SELECT coalesce(max(value), 0) FROM state WHERE name = 'version'").fetchone()
            changed = "SELECT trace_id FROM traces WHERE version > ? ORDER BY version"
            return now, [trace_id for (trace_id,) in file.execute(changed, (version,))]

    def _known(self, numbers: Sequence[int]) -> dict[int, About]:
        marks = ", ".join("?" * len(numbers))
        known = (
            "SELECT abouts.trace, abouts.revision, summary, facts, graph FROM abouts "  # noqa: S608 only marks
            f"JOIN traces ON number = abouts.trace AND traces.revision = abouts.revision WHERE number IN ({marks})"
        )
        with self._database.reading() as file:
            return {number: About(*kept) for number, *kept in file.execute(known, tuple(numbers))}

    def _found_out(self, numbers: Sequence[int]) -> Iterator[dict[int, About]]:
        """By reading their documents, some traces at a time."""
        waiting = list(numbers)
        while waiting:
            traces: dict[int, Trace] = {}
            read = 0
            while waiting and read < MOST_READ_BYTES:
                number = waiting.pop()
                with self._database.reading() as file:
                    row = file.execute(f"{TRACE} number = ?", (number,)).fetchone()
                    if row:
                        (trace_id,) = file.execute("SELECT trace_id FROM traces WHERE number = ?", (number,)).fetchone()
                        traces[number], read = _trace(file, trace_id, row), read + row[5]
            yield {number: about(trace) for number, trace in traces.items()}

    def _remember(self, number: int, trace: Trace, size: int) -> None:
        if size > MOST_REMEMBERED_BYTES:
            return
        with self._lock:
            _, before = self._remembered.pop(number, (None, 0))
            self._remembered[number] = trace, size
            self._remembered_bytes += size - before
            while self._remembered_bytes > MOST_REMEMBERED_BYTES:
                _, (_, gone) = self._remembered.popitem(last=False)
                self._remembered_bytes -= gone


def _trace(file: sqlite3.Connection, trace_id: str, row: tuple[Any, ...]) -> Trace:
    number, start_s, end_s, updated_s, revision, _ = row
    stored = {document_id: Stored(text) for document_id, text in file.execute(TEXTS, (number,))}
    return Trace(trace_id, stored, start_s, end_s, updated_s, revision)
