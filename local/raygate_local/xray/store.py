"""The local X-Ray's store: traces by identifier, and their documents by id.

Takes   documents as JSON texts, from any thread; a folder to keep them in. Without one they are gone with the process.
Gives   `Store`: `put`, answering as PutTraceSegments; `trace` and `find`; `version`, for those who wait for news.
Raises  `StoreError`, one sentence, when the folder cannot be used.
Rules   A document with a known id replaces the one that was there, but an in-progress document that comes late does not
        replace the whole one. When `put` returns, what it took is in the file, even if the process is killed then.
        Above the bounds the oldest traces go first.
"""

import time
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from pathlib import Path
from typing import Any, Literal, Self, TypeAlias

from raygate_local.xray.database import Database, StoreError
from raygate_local.xray.found import Found, Lookups
from raygate_local.xray.limits import DEFAULT, IN_MEMORY, Bounds, Counts
from raygate_local.xray.reader import Reader
from raygate_local.xray.records import Records
from raygate_local.xray.rules import RefusedError, read
from raygate_local.xray.trace import (
    Stored,
    Trace,
    end_of,
    entry_of,
    is_in_progress,
    start_of,
    with_subsegments,
)
from raygate_local.xray.writer import Writer

__all__ = [
    "DEFAULT",
    "Bounds",
    "Counts",
    "Found",
    "Store",
    "StoreError",
    "Stored",
    "Trace",
    "end_of",
    "entry_of",
    "is_in_progress",
    "start_of",
    "with_subsegments",
]

Kind: TypeAlias = Literal["TraceId", "Event", "Service"]
"""What of a trace a span of time is compared with: its start, its last update, its documents' ends."""


class Store:
    """The local X-Ray's memory. Close it: there are files behind it."""

    def __init__(self, database: Database, clock: Callable[[], float], bounds: Bounds) -> None:
        self.clock = clock
        self._database = database
        self._reader = Reader(database)
        self._writer = Writer(database, clock, bounds)
        self.clock = clock

    @classmethod
    def open(
        cls,
        folder: Path | None = None,
        *,
        clock: Callable[[], float] = time.time,
        bounds: Bounds | None = None,
    ) -> Self:
        """In that folder; in memory without one."""
        return cls(Database(folder), clock, bounds or (DEFAULT if folder else IN_MEMORY))

    def put(self, texts: Sequence[str]) -> dict[str, Any]:
        """Keep what X-Ray would take, and say what is wrong with the rest."""
        taken: list[Stored] = []
        unprocessed = list(_unprocessed(texts, taken))
        if taken:
            self._writer.put(taken)
        return {"UnprocessedTraceSegments": unprocessed}

    def trace(self, trace_id: str) -> Trace | None:
        """By X-Ray's identifier or by W3C's 32 digits."""
        found = self._reader.trace(trace_id)
        digits = trace_id.lower()
        return found or (self._reader.trace(f"1-{digits[:8]}-{digits[8:]}") if len(digits) == 32 else None)

    def find(self, start_s: float, end_s: float, kind: Kind = "TraceId") -> list[Found]:
        """Traces from the one time up to the other, which is not in it any more; oldest first."""
        rows = self._reader.find(start_s, end_s, kind)
        lookups = Lookups([row[0] for row in rows], self._reader.abouts)
        return [
            Found(trace_id, start_s, end_s, updated_s, revision, documents, place, lookups)
            for place, (_, trace_id, start_s, end_s, updated_s, revision, documents) in enumerate(rows)
        ]

    def prepare(self, after: tuple[float, int], until_s: float, most: int) -> tuple[float, int] | None:
        """Find out about some traces, by their last update; where to go on, or none when there are no more."""
        waiting = self._reader.updated(after, until_s, most)
        self._reader.abouts([number for _, number in waiting])
        return waiting[-1] if waiting else None

    @property
    def version(self) -> int:
        """Grows with each put, also over a restart."""
        return self._writer.version

    def changed_since(self, version: int) -> tuple[int, list[str]]:
        """The version now, and the traces that have changed since that one."""
        return self._reader.changed_since(version)

    def counts(self) -> Counts:
        """How much is here."""
        return self._writer.counts()

    def records(self, kind: str) -> MutableMapping[str, dict[str, Any]]:
        """Small things of one kind that are kept, too."""
        return Records(self._database, kind)

    def clear(self) -> None:
        """Forget all traces."""
        self._writer.clear()

    def close(self) -> None:
        """Let go of the files."""
        self._database.close()


def _unprocessed(texts: Sequence[str], taken: list[Stored]) -> Iterator[dict[str, str]]:
    for text in texts:
        try:
            taken.append(Stored(text, read(text)))
        except RefusedError as refused:
            known = {"Id": refused.id} if refused.id else {}
            yield known | {"ErrorCode": refused.code, "Message": str(refused)}
