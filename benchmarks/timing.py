"""Rounds, medians and spread: how a series of measurements becomes a figure.

Takes   values of interleaved rounds, each beside the yardstick's of the same round.
Gives   `Series`: median, and the middle half of the values as the spread.
"""

from dataclasses import dataclass, field
from statistics import median, quantiles


@dataclass(slots=True)
class Series:
    """The values of one thing, a value a round."""

    values: list[float] = field(default_factory=list)

    def add(self, value: float) -> None:
        """One round more."""
        self.values.append(value)

    @property
    def median(self) -> float:
        """The middle one."""
        return median(self.values)

    @property
    def spread(self) -> tuple[float, float]:
        """Between which values the middle half lies."""
        if len(self.values) < 4:
            return min(self.values), max(self.values)
        low, _, high = quantiles(self.values, n=4)
        return low, high

    def over(self, other: "Series") -> "Series":
        """The ratios, round by round."""
        return Series([mine / its for mine, its in zip(self.values, other.values, strict=True)])


def figure(series: Series, digits: int = 1) -> str:
    """`12.3 (12.0-12.9)`."""
    low, high = series.spread
    return f"{series.median:.{digits}f} ({low:.{digits}f}-{high:.{digits}f})"
