"""What there is to say about one batch. No body and no attribute value is in it."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import TypeAlias

from raygate.records import dataclass
from raygate.request import Outcome
from raygate.worker.arrived import Settled, Word


@dataclass(frozen=True, slots=True)
class Report:
    """One batch, and each message of it."""

    carrier: str
    settled: Sequence[Settled]
    counts: Mapping[str, int] = field(default_factory=dict)
    """Documents, calls, mended documents, bundles of the archive, what the archive did not take."""
    duration_ms: float = 0.0

    def messages(self) -> Counter[Word]:
        """Messages by what became of them."""
        return Counter(one.word for one in self.settled)

    def spans(self) -> Counter[str]:
        """Spans by where they are: received = delivered + queued + parked + rejected + dead + failed."""
        return states(self.settled)

    def tenants(self) -> dict[str, Counter[str]]:
        """The same for each tenant that has a name."""
        counted: dict[str, Counter[str]] = {}
        for one in self.settled:
            for tenant, outcome in one.outcomes:
                if tenant:
                    counted[tenant] = counted.get(tenant, Counter()) + _states(outcome, one.word)
        return counted

    def refusals(self) -> Counter[str]:
        """Spans that X-Ray refused for good, by its code."""
        return sum((outcome.parked for one in self.settled for _, outcome in one.outcomes), Counter())


Reporter: TypeAlias = Callable[[Report], None]


def states(settled: Sequence[Settled]) -> Counter[str]:
    """Where the spans of these messages are."""
    return sum((_states(outcome, one.word) for one in settled for _, outcome in one.outcomes), Counter())


def _states(outcome: Outcome, word: Word) -> Counter[str]:
    counted = Counter(
        received=outcome.spans,
        delivered=outcome.delivered,
        queued=outcome.queued,
        parked=outcome.parked.total(),
        rejected=outcome.rejected.total(),
    )
    counted["dead" if word == "dead" else "failed"] += outcome.returned
    return counted
