"""A filter expression as a tree; its text can be read again.

Gives   the kinds of expression. `str` of each is its one canonical text, with the fewest parentheses.
"""

import json
from dataclasses import dataclass
from typing import Any, TypeAlias

from raygate_local.xray.filters.parts import ANNOTATION, Scalar


@dataclass(frozen=True, slots=True)
class Everything:
    """Of an empty text: every trace matches."""

    def __str__(self) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class Is:
    """A keyword by itself: it is true, or it is set."""

    keyword: str

    def __str__(self) -> str:
        return word(self.keyword)


@dataclass(frozen=True, slots=True)
class Compare:
    """A keyword, an operator, a value."""

    keyword: str
    operator: str
    value: Scalar

    def __str__(self) -> str:
        return f"{word(self.keyword)} {self.operator} {literal(self.value)}"


@dataclass(frozen=True, slots=True)
class Not:
    """The other way round."""

    inner: "Expression"

    def __str__(self) -> str:
        # X-Ray's guide does not say how much ! binds: parentheses leave no question.
        is_one_word = isinstance(self.inner, Is | Not | Service | Edge | RootCause)
        return f"!{self.inner}" if is_one_word else f"!({self.inner})"


@dataclass(frozen=True, slots=True)
class And:
    """All of two or more."""

    inner: "tuple[Expression, ...]"

    def __str__(self) -> str:
        return " AND ".join(map(_closed, self.inner))


@dataclass(frozen=True, slots=True)
class Or:
    """One of two or more."""

    inner: "tuple[Expression, ...]"

    def __str__(self) -> str:
        return " OR ".join(str(one) if isinstance(one, And) else _closed(one) for one in self.inner)


@dataclass(frozen=True, slots=True)
class Id:
    """Which services are meant; what is not said is not asked."""

    name: str | None = None
    type: str | None = None
    account_id: str | None = None

    def __str__(self) -> str:
        named = (("name", self.name), ("type", self.type), ("account.id", self.account_id))
        given = ", ".join(f"{member}: {literal(value)}" for member, value in named if value is not None)
        if self.type is None and self.account_id is None:
            return literal(self.name or "")
        return f"id({given})"


@dataclass(frozen=True, slots=True)
class Service:
    """A service that was reached, with a segment such as the braces ask for."""

    which: Id
    inner: "Expression | None" = None

    def __str__(self) -> str:
        which = "" if self.which == Id() else str(self.which)
        return f"service({which}){_braces(self.inner)}"


@dataclass(frozen=True, slots=True)
class Edge:
    """A call from one service to another, such as the braces ask for."""

    source: Id
    target: Id
    inner: "Expression | None" = None

    def __str__(self) -> str:
        return f"edge({self.source}, {self.target}){_braces(self.inner)}"


@dataclass(frozen=True, slots=True)
class RootCause:
    """A step of a root cause, such as the braces ask for."""

    cause: str
    level: str
    inner: "Expression | None" = None

    def __str__(self) -> str:
        return f"rootcause.{self.cause}.{self.level}{_braces(self.inner)}"


@dataclass(frozen=True, slots=True)
class RootCauseJson:
    """Root causes that have what the JSON has; its text, canonical, stands for it."""

    operator: str
    text: str

    @property
    def pattern(self) -> Any:
        """What is asked for."""
        return json.loads(self.text)

    def __str__(self) -> str:
        return f"rootcause.json {self.operator} #{self.text}"


@dataclass(frozen=True, slots=True)
class Group:
    """What the expression of a group asks for."""

    keyword: str
    operator: str
    value: str
    meaning: "Expression"

    def __str__(self) -> str:
        return f"{self.keyword} {self.operator} {literal(self.value)}"


Expression: TypeAlias = Everything | Is | Compare | Not | And | Or | Service | Edge | RootCause | RootCauseJson | Group


def word(keyword: str) -> str:
    """A keyword as it is written."""
    return f"annotation[{keyword[len(ANNOTATION) :]}]" if keyword.startswith(ANNOTATION) else keyword


def literal(value: Scalar) -> str:
    """A value as it is written; in a text, quotation marks and backslashes have a backslash before them."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return repr(value)


def canonical(value: Any) -> str:
    """JSON as it is written here: in ASCII, since it may hold halves of characters."""
    return json.dumps(value)


def _closed(inner: "Expression") -> str:
    return f"({inner})" if isinstance(inner, And | Or) else str(inner)


def _braces(inner: "Expression | None") -> str:
    return "" if inner is None else f" {{ {inner} }}"
