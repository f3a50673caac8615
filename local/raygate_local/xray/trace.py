"""A trace as it lies in the store: its documents by id, each as it came.

Takes   documents that X-Ray takes, as JSON texts.
Gives   `Trace`, `Stored`, and what can be asked of one document: its times, what is in it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import orjson

from raygate_local.xray.rules import Document


class Stored:
    """A document's text as it came; read only when somebody asks for what is in it."""

    __slots__ = ("_document", "text")

    def __init__(self, text: str, document: Document | None = None) -> None:
        self.text = text
        self._document = document

    @property
    def document(self) -> Document:
        """The document."""
        if self._document is None:
            self._document = orjson.loads(self.text)
        return self._document


@dataclass(frozen=True, slots=True)
class Trace:
    """All documents of a trace, by id, in the order of their coming."""

    trace_id: str
    stored: Mapping[str, Stored]
    start_s: float
    """Where its first document starts."""
    end_s: float
    """Where its last document ends; one in progress ends where it starts."""
    updated_s: float
    """When the last document came."""
    revision: int
    """How many documents came."""

    @property
    def documents(self) -> list[Document]:
        """Those that were put, by start."""
        return sorted((one.document for one in self.stored.values()), key=start_of)


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
