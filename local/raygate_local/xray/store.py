"""What was put into the local X-Ray: traces by identifier, and their documents by id.

Takes   documents as JSON texts.
Gives   `Store.put`, answering as PutTraceSegments; `Store.traces`, with each document once.
Note    A document with a known id replaces the one that was there, but an in-progress document that comes late does not
        replace the whole one. Everything is in memory, and gone with the process.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from raygate_local.xray.rules import Document, RefusedError, read


@dataclass(frozen=True, slots=True)
class Stored:
    """A document, and its text as it came."""

    document: Document
    text: str


@dataclass(slots=True)
class Trace:
    """All documents of a trace, by id."""

    trace_id: str
    stored: dict[str, Stored] = field(default_factory=dict)
    updated_s: float = 0.0
    revision: int = 0

    @property
    def documents(self) -> list[Document]:
        """Those that were put, by start."""
        return sorted((one.document for one in self.stored.values()), key=start_of)

    @property
    def start_s(self) -> float:
        """Where its first document starts."""
        return min(start_of(one.document) for one in self.stored.values())

    @property
    def end_s(self) -> float:
        """Where its last document ends; one in progress ends where it starts."""
        return max(end_of(one.document) for one in self.stored.values())

    def put(self, stored: Stored) -> None:
        """Add it, or replace the one with the same id."""
        before = self.stored.get(stored.document["id"])
        if before and is_in_progress(stored.document) and not is_in_progress(before.document):
            return
        self.stored[stored.document["id"]] = stored
        self.revision += 1


@dataclass(slots=True)
class Store:
    """The local X-Ray's memory."""

    clock: Callable[[], float] = time.time
    traces: dict[str, Trace] = field(default_factory=dict)

    def put(self, texts: Sequence[str]) -> dict[str, Any]:
        """Keep what X-Ray would take, and say what is wrong with the rest."""
        return {"UnprocessedTraceSegments": list(self._unprocessed(texts))}

    def _unprocessed(self, texts: Sequence[str]) -> Iterator[dict[str, str]]:
        for text in texts:
            try:
                document = read(text)
            except RefusedError as refused:
                known = {"Id": refused.id} if refused.id else {}
                yield known | {"ErrorCode": refused.code, "Message": str(refused)}
                continue
            trace = self.traces.setdefault(document["trace_id"], Trace(document["trace_id"]))
            trace.put(Stored(document, text))
            trace.updated_s = self.clock()


def is_in_progress(document: Document) -> bool:
    """Whether its end is not known yet."""
    return document.get("end_time") is None


def start_of(document: Document) -> float:
    """In seconds since 1970."""
    return float(document["start_time"])


def end_of(document: Document) -> float:
    """In seconds since 1970."""
    return start_of(document) if is_in_progress(document) else float(document["end_time"])


def with_subsegments(document: Document) -> Iterator[tuple[Document, str | None]]:
    """The document and all within it, each with its parent's id; a parent comes before its children."""
    waiting: list[tuple[Document, str | None]] = [(document, document.get("parent_id"))]
    while waiting:
        one, parent_id = waiting.pop()
        yield one, parent_id
        waiting += [(child, one["id"]) for child in reversed(one.get("subsegments") or ())]


def entry_of(trace: Trace) -> Document:
    """Where the request came in: the root, else the first segment, else the first document."""
    documents = trace.documents
    segments = [one for one in documents if one.get("type") is None]
    roots = [one for one in segments if one.get("parent_id") is None]
    return (roots or segments or documents)[0]
