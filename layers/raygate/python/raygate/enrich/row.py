"""A row: one thing that enrichment does, when it does it, where it comes from and what a document gains by it.

Gives   `AttributeRow`, `SpanRow`, `ResourceRow`: a change, with the words that `docs/mapping.md` is made of;
        `copied`, the commonest change.
Rules   An `AttributeRow` names the attributes to set. A `SpanRow` sets something else on the span; what was there
        is replaced and not changed.
Why     the classes lack what nobody asks of a row, to be compared and printed: it is made at each cold start.
"""

from collections.abc import Callable
from typing import TypeAlias

from raygate.records import dataclass
from raygate.span import Attributes, Span

AttributeChange: TypeAlias = Callable[[Span, Attributes], Attributes | None]
"""The attributes to set, nothing when there are none. The second argument holds what earlier rows have set."""

ALL_KINDS: frozenset[int] = frozenset()
"""No restriction to a kind of span."""


@dataclass(slots=True, kw_only=True, eq=False, repr=False)
class Row:
    """What is common to all rows."""

    id: str
    reads: tuple[str, ...]
    """The row is looked at when one of these is present."""
    writes: tuple[str, ...]
    unless: tuple[str, ...] = ()
    """The row is passed over when one of these is present: what the sender says itself stands."""
    needs: tuple[str, ...] = ()
    """The row is passed over when none of these is present."""
    when: str = ""
    """What else must hold, for a reader; the change checks it."""
    source: str
    """Who writes it so: a convention and its version, or a client."""
    effect: str
    """What the document gains."""
    composes: bool = False
    """It puts texts together. The others copy one, or a part of one, so that there is no secret in it that was not
    in what was read."""


@dataclass(slots=True, kw_only=True, eq=False, repr=False)
class AttributeRow(Row):
    """A row that sets attributes of the span."""

    kinds: frozenset[int] = ALL_KINDS
    settled_by_integer: bool = False
    """The row has nothing to do where all that it reads is an integer."""
    change: AttributeChange


@dataclass(slots=True, kw_only=True, eq=False, repr=False)
class SpanRow(Row):
    """A row that sets something else on the span; `reads` names span attributes, none when it reads events."""

    change: Callable[[Span], bool]
    """Whether there was something to do."""


@dataclass(slots=True, kw_only=True, eq=False, repr=False)
class ResourceRow(Row):
    """A row that sets attributes of the resource."""

    change: Callable[[Attributes], Attributes | None]


def copied(source: str, target: str, *further: str) -> AttributeChange:
    """A change that copies the first non-empty string of `source` and the `further` ones to `target`."""
    sources = (source, *further)

    def change(_span: Span, attributes: Attributes) -> Attributes | None:
        value = attributes.get(source)
        if type(value) is not str or not value:
            value = first_text(attributes, sources)
        return {target: value} if value else None

    return change


def first_text(attributes: Attributes, keys: tuple[str, ...]) -> str:
    """The first of those attributes that is a non-empty string; `""` when none is."""
    for key in keys:
        value = attributes.get(key)
        if type(value) is str and value:
            return value
    return ""
