"""What `explain` says: plain values, and the same as JSON.

Gives   `Explained`; `as_json` of it has nothing that JSON does not have.
"""

from dataclasses import asdict, dataclass, field
from typing import Any

import orjson

from raygate.segment import Document
from raygate.segment.values import plain
from raygate_local.explain.fields import Way, text_of
from raygate_local.explain.places import Place
from raygate_local.explain.rules import RowRule, Rule


def json_value(value: Any) -> Any:
    """As JSON has it: bytes in base64, no NaN."""
    return orjson.loads(orjson.dumps(plain(value)))


@dataclass(frozen=True, slots=True)
class Source:
    """A thing of the span that has a part in a field; `rows` when it came by rows of `docs/mapping.md`."""

    place: Place
    rows: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Place, and its words."""
        return {"what": self.place.kind, "key": self.place.key, "text": str(self.place), "rows": list(self.rows)}


@dataclass(slots=True)
class Field:
    """One field of a document."""

    way: Way
    value: Any
    rule: Rule
    shown: list[Source] = field(default_factory=list)
    """What its value comes from."""
    decided_by: list[Source] = field(default_factory=list)
    """What else it would be different without."""
    is_fitted: bool = False
    """Whether it was changed to please X-Ray."""

    @property
    def path(self) -> str:
        """As it is written."""
        return text_of(self.way)

    @property
    def rows(self) -> list[str]:
        """The rows that have a part in it, in order."""
        return list(dict.fromkeys(row for source in (*self.shown, *self.decided_by) for row in source.rows))

    def as_json(self) -> dict[str, Any]:
        """All of it."""
        return {
            "path": self.path,
            "way": list(self.way),
            "value": self.value,
            "from": [source.as_json() for source in self.shown],
            "decided_by": [source.as_json() for source in self.decided_by],
            "rule": asdict(self.rule),
            "rows": self.rows,
            "fitted": self.is_fitted,
        }


@dataclass(slots=True)
class ExplainedDocument:
    """One document, as it is sent."""

    document: Document
    fields: list[Field]
    changes: tuple[str, ...]
    """What was changed so that X-Ray takes it."""

    def as_json(self) -> dict[str, Any]:
        """All of it."""
        return {
            "document": self.document,
            "fields": [one.as_json() for one in self.fields],
            "changes": list(self.changes),
        }


@dataclass(frozen=True, slots=True)
class End:
    """A field that shows an attribute."""

    document: int
    """Its position among the span's documents."""
    path: str
    search: str
    """How X-Ray finds it, `""` when it does not."""


@dataclass(slots=True)
class Fate:
    """What became of an attribute."""

    place: Place
    value: Any
    ends: list[End] = field(default_factory=list)
    decides: list[str] = field(default_factory=list)
    """Fields that would be different without it."""
    why: str = ""
    """Why nothing shows it, `""` when something does."""
    setting: str = ""
    """What to set so that X-Ray finds it; `""` when it is found already, or cannot be."""

    @property
    def is_searchable(self) -> bool:
        """Whether X-Ray finds a trace by it."""
        return any(end.search for end in self.ends)

    def as_json(self) -> dict[str, Any]:
        """All of it."""
        return {
            "what": self.place.kind,
            "key": self.place.key,
            "text": str(self.place),
            "value": json_value(self.value),
            "ends": [asdict(end) for end in self.ends],
            "decides": self.decides,
            "searchable": self.is_searchable,
            "setting": self.setting,
            "why": self.why,
        }


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that the exporter makes otherwise; a value is a tuple of one, so that nothing differs from null."""

    way: Way
    adot: tuple[Any, ...]
    extended: tuple[Any, ...]
    rows: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """A side without the field has no member here."""
        sides = {"adot": self.adot, "extended": self.extended}
        told = {side: json_value(value[0]) for side, value in sides.items() if value}
        return {"path": text_of(self.way[1:]), "document": self.way[0], "rows": list(self.rows)} | told


@dataclass(slots=True)
class Explained:
    """A span, what became of it, and why."""

    trace_id: str
    span_id: str
    name: str
    documents: list[ExplainedDocument]
    fates: list[Fate]
    rows: list[RowRule]
    rejected: str = ""
    """Why there is no document."""
    unexamined: int = 0
    """Things that the span says, and that were too many to be looked at."""

    def as_json(self) -> dict[str, Any]:
        """All of it."""
        return {
            "trace_id": self.trace_id,
            "span_id": self.span_id,
            "name": self.name,
            "documents": [one.as_json() for one in self.documents],
            "attributes": [fate.as_json() for fate in self.fates],
            "rows": [row.as_json() for row in self.rows],
            "rejected": self.rejected,
            "unexamined": self.unexamined,
        }
