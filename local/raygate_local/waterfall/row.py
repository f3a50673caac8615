"""One row of a waterfall, and what can be said about it besides.

Gives   `Row`, in seconds since 1970 and seconds; `Note`, a remark in words, with an amount where it has one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

Kind: TypeAlias = Literal["segment", "subsegment", "missing"]
Status: TypeAlias = Literal["ok", "error", "throttle", "fault"]
NoteKind: TypeAlias = Literal["missing_parent", "clock_skew", "ends_before_start", "in_progress", "ring", "sent_twice"]
Json: TypeAlias = Mapping[str, Any]

NO_ROW = -1


@dataclass(frozen=True, slots=True)
class Note:
    """Something that a reader has to know, since the picture alone would mislead."""

    kind: NoteKind
    text: str
    seconds: float = 0.0


@dataclass(slots=True)
class Row:
    """A segment, a subsegment, or a parent that is named and not here."""

    id: str
    parent_id: str
    """`""` for a root, and for a parent that is not here."""
    document: Json
    """The segment or subsegment itself; empty for what is not here."""
    document_id: str
    """The id of the document in which it came."""
    kind: Kind
    name: str
    operation: str
    """What was asked: method and path, operation, query; `""` when nobody says."""
    origin: str
    namespace: str
    start_s: float
    end_s: float
    """Of one in progress: how far it has come at least, by what is within it."""
    status: Status = "ok"
    in_progress: bool = False
    depth: int = 0
    parent: int = NO_ROW
    """The number of the parent's row."""
    service: str = ""
    """The name of the segment that it belongs to; `""` when that is not here."""
    size: int = 1
    """Rows of the sub-tree, this one too."""
    is_inherited: bool = False
    """It failed because one of its children did, and says nothing of its own about it."""
    self_s: float = 0.0
    """How long none of its children ran."""
    critical: list[tuple[float, float]] = field(default_factory=list)
    """The pieces of the critical path that are its own, start and end in seconds since 1970, the last one first."""
    fold: int = NO_ROW
    """The number of the first of its equal siblings; its own when it is the first."""
    notes: list[Note] = field(default_factory=list)

    @property
    def duration_s(self) -> float:
        """Never negative."""
        return max(0.0, self.end_s - self.start_s)

    @property
    def critical_s(self) -> float:
        """How much of the critical path is its own."""
        return sum(end_s - start_s for start_s, end_s in self.critical)

    @property
    def is_critical(self) -> bool:
        """Whether the trace was waiting for it at some time."""
        return bool(self.critical)
