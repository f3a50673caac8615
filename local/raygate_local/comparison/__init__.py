"""Two traces side by side: what was added, what is gone, what got slower, and by how much.

Takes   two `Waterfall`s.
Gives   `compare`: a `Comparison`, its steps sorted by how much each one contributes to the difference.
Rules   Rows are aligned by their path from the top: service, name, and the how-manieth of these it is under its
        parent. What a step contributes is the difference of its own time, so that nothing is counted twice on the way
        up: contributions of serial work add up to the difference of the whole.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeAlias

from raygate_local.waterfall import Row, Waterfall
from raygate_local.waterfall.row import NO_ROW

__all__ = ["NOTICEABLE_S", "Change", "Comparison", "Place", "Step", "compare"]

Change: TypeAlias = Literal["added", "removed", "slower", "faster", "same"]

NOTICEABLE_S = 0.0005
"""Two runs of the same thing always differ a little."""


class Place(NamedTuple):
    """One step of a path."""

    service: str
    name: str
    occurrence: int
    """From 0, among those of one service and name under one parent."""


Path: TypeAlias = tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A place in both traces, or in one of them."""

    path: Path
    before: Row | None
    after: Row | None

    @property
    def change(self) -> Change:
        """In a word."""
        if self.before is None or self.after is None:
            return "removed" if self.after is None else "added"
        if abs(self.delta_s) < NOTICEABLE_S:
            return "same"
        return "slower" if self.delta_s > 0 else "faster"

    @property
    def delta_s(self) -> float:
        """How much longer it took, with all below it."""
        return (self.after.duration_s if self.after else 0.0) - (self.before.duration_s if self.before else 0.0)

    @property
    def contribution_s(self) -> float:
        """How much longer it took by itself, none of its children running."""
        return (self.after.self_s if self.after else 0.0) - (self.before.self_s if self.before else 0.0)

    @property
    def is_other_status(self) -> bool:
        """Whether it failed in one of the two, or otherwise."""
        return bool(self.before and self.after and self.before.status != self.after.status)

    def as_json(self) -> dict[str, Any]:
        """All of it."""
        return {
            "path": [place._asdict() for place in self.path],
            "change": self.change,
            "before": _side(self.before),
            "after": _side(self.after),
            "delta": self.delta_s,
            "contribution": self.contribution_s,
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two traces, aligned."""

    before: Waterfall
    after: Waterfall
    steps: list[Step]
    """The largest contribution first; of equal ones in the order of the trace."""

    @property
    def delta_s(self) -> float:
        """How much longer the second one took."""
        return self.after.duration_s - self.before.duration_s

    def counts(self) -> dict[Change, int]:
        """How many steps changed in which way."""
        return dict(Counter(step.change for step in self.steps))

    def as_json(self) -> dict[str, Any]:
        """All of it."""
        return {
            "before": {"duration": self.before.duration_s},
            "after": {"duration": self.after.duration_s},
            "delta": self.delta_s,
            "counts": self.counts(),
            "steps": [step.as_json() for step in self.steps],
        }


def compare(before: Waterfall, after: Waterfall) -> Comparison:
    """Align them."""
    ours, theirs = dict(_paths(before)), dict(_paths(after))
    steps = [Step(path, ours.get(path), theirs.get(path)) for path in {**ours, **theirs}]
    steps.sort(key=lambda step: -abs(step.contribution_s))
    return Comparison(before, after, steps)


def _paths(trace: Waterfall) -> Iterator[tuple[Path, Row]]:
    paths: list[Path] = []
    seen: Counter[tuple[Path, str, str]] = Counter()
    for row in trace.rows:
        above = paths[row.parent] if row.parent != NO_ROW else ()
        key = (above, row.service, row.name)
        paths.append((*above, Place(row.service, row.name, seen[key])))
        seen[key] += 1
        yield paths[-1], row


def _side(row: Row | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {
        "id": row.id,
        "operation": row.operation,
        "duration": row.duration_s,
        "self": row.self_s,
        "status": row.status,
    }
