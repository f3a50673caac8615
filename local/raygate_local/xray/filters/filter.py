"""A filter: an expression that was read, ready for many traces.

Takes   the text of an expression; the expressions of groups, when it names any.
Gives   a `Filter`.
Raises  `FilterError`.
"""

from dataclasses import dataclass, field

from raygate_local.xray.filters.expression import Everything, Expression
from raygate_local.xray.filters.facts import Facts
from raygate_local.xray.filters.judge import Judge, judge
from raygate_local.xray.filters.needed import needed
from raygate_local.xray.filters.parser import read
from raygate_local.xray.filters.reading import Groups, no_groups


@dataclass(frozen=True, slots=True)
class Filter:
    """What traces are asked for; `str` is its canonical text."""

    expression: Expression
    _judge: Judge = field(init=False, repr=False, compare=False)
    _needed: tuple[bytes, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_judge", judge(self.expression))
        object.__setattr__(self, "_needed", needed(self.expression))

    def __str__(self) -> str:
        return str(self.expression)

    @property
    def is_everything(self) -> bool:
        """Whether it asks for nothing."""
        return isinstance(self.expression, Everything)

    def matches(self, facts: Facts) -> bool:
        """Whether that trace is what it asks for."""
        return self._judge(facts)

    def finds(self, kept: bytes) -> bool:
        """The same, of facts that were kept."""
        return all(one in kept for one in self._needed) and self.matches(Facts.load(kept))


def parse(text: str, groups: Groups = no_groups) -> Filter:
    """Read an expression; the empty one asks for nothing, and every trace matches."""
    return Filter(read(text, groups))
