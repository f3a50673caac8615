"""The values that traces have, for completion.

Takes   the facts of many traces.
Gives   `Vocabulary`: the values of a keyword, the most frequent first; the annotation keys; the services.
Rules   Bounded: when a keyword has its fill of values, further ones are left out.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from raygate_local.xray.filters.facts import Facts
from raygate_local.xray.filters.keywords import KEYWORDS, Kind
from raygate_local.xray.filters.parts import ANNOTATION, Part, Scalar

MOST_VALUES: Final = 500
MOST_KEYS: Final = 500
LONGEST: Final = 300
"""A longer text is nothing to choose from a list."""

SEEN: Final = frozenset({name for name, keyword in KEYWORDS.items() if keyword.kind is Kind.TEXT} | {"http.status"})
OF_SEGMENTS: Final = ("name", "type", "account.id")


@dataclass(slots=True)
class Vocabulary:
    """What was seen, and how often; and the names of the groups that there are."""

    groups: Sequence[str] = ()
    counts: dict[str, Counter[tuple[bool, Scalar]]] = field(default_factory=dict)
    traces: int = 0

    @classmethod
    def of(cls, many: Iterable[Facts], groups: Sequence[str] = ()) -> "Vocabulary":
        """Of all these traces."""
        found = cls(groups)
        for facts in many:
            found.add(facts)
        return found

    def add(self, facts: Facts) -> None:
        """One trace more."""
        self.traces += 1
        for keyword, values in facts.whole.items():
            if keyword not in OF_SEGMENTS and (keyword in SEEN or keyword.startswith(ANNOTATION)):
                self._count(keyword, values)
        seen: Part = {}
        for segment in facts.segments:
            for keyword in OF_SEGMENTS:
                seen.setdefault(keyword, []).extend(segment.get(keyword, ()))
        for keyword, values in seen.items():
            self._count(keyword, values)

    def values(self, keyword: str) -> list[Scalar]:
        """The most frequent first."""
        return [value for (_, value), _ in self.counts.get(keyword, Counter()).most_common()]

    def keys(self) -> list[str]:
        """Of annotations, by name."""
        return sorted(keyword[len(ANNOTATION) :] for keyword in self.counts if keyword.startswith(ANNOTATION))

    def _count(self, keyword: str, values: Sequence[Scalar]) -> None:
        if keyword not in self.counts:
            if keyword.startswith(ANNOTATION) and len(self.counts) >= MOST_KEYS:
                return
            self.counts[keyword] = Counter()
        counts = self.counts[keyword]
        for value in values:
            key = (isinstance(value, bool), value)
            is_short = not isinstance(value, str) or 0 < len(value) <= LONGEST
            if key in counts or (is_short and len(counts) < MOST_VALUES):
                counts[key] += 1
