"""Which rule makes a member of a document: the words of the file that makes it, and the rows of `docs/mapping.md`.

Gives   `rule_of` a member; `ROWS`, each row by its id, with the section of the page that it stands in.
Note    The words are the files' own docstrings: each begins with the members that it makes, in backticks, and names
        its section of the mapping's specification under `Source`.
"""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from types import ModuleType
from typing import Any, Final

from raygate.enrich import REDACTION_ID
from raygate.enrich.row import Row
from raygate.segment import (
    annotations,
    aws,
    cause,
    document,
    http,
    ids,
    kind,
    leftovers,
    links,
    metadata,
    naming,
    origin,
    service,
    sql,
    timing,
)
from raygate_local.mapping_page import SECTIONS

MODULES: Final = (annotations, aws, cause, http, ids, kind, links, metadata, naming, origin, service, sql, timing)
ELSEWHERE: Final = {"start_time": timing, "end_time": timing, "user": leftovers}
"""Members that no file's first line begins with."""

_MEMBERS: Final = re.compile(r"(?:,? ?(?:and )?`(\w+)`)")
_SOURCE: Final = re.compile(r"^Source +(.+?)(?:\. [A-Z]|\.?$|:|;)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Rule:
    """Who makes a member."""

    words: str
    file: str
    """Below `layers/raygate/python/raygate/`."""
    source: str

    @classmethod
    def of(cls, module: ModuleType) -> "Rule":
        """By the module's docstring."""
        text = module.__doc__ or ""
        found = _SOURCE.search(text)
        file = module.__name__.removeprefix("raygate.").replace(".", "/") + ".py"
        return cls(text.partition("\n")[0], file, found[1] if found else "")


@dataclass(frozen=True, slots=True)
class RowRule:
    """A row of `docs/mapping.md`."""

    id: str
    section: str
    effect: str
    source: str

    def as_json(self) -> dict[str, Any]:
        """With the page that it stands on."""
        return asdict(self) | {"page": "docs/mapping.md"}


def _by_member() -> Iterator[tuple[str, Rule]]:
    for module in MODULES:
        rule = Rule.of(module)
        for member in _leading_members(rule.words):
            yield member, rule
    for member, module in ELSEWHERE.items():
        yield member, Rule.of(module)


def _leading_members(words: str) -> Iterator[str]:
    at = 0
    while found := _MEMBERS.match(words, at):
        yield found[1]
        at = found.end()


def _row(section: str, row: Row) -> RowRule:
    return RowRule(row.id, section, row.effect, row.source)


BY_MEMBER: Final = dict(_by_member())
WHOLE: Final = Rule.of(document)
TABLE: Final = {row.id: row for _, rows in SECTIONS for row in rows}
ROWS: Final = {row.id: _row(section, row) for section, rows in SECTIONS for row in rows} | {
    REDACTION_ID: RowRule(REDACTION_ID, REDACTION_ID, "a value that must never be stored is replaced", "")
}


def rule_of(member: str) -> Rule:
    """The rule that makes a member of a document."""
    return BY_MEMBER.get(member, WHOLE)
