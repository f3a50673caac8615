"""Requests, counted as X-Ray counts them.

Takes   what was seen of each request.
Gives   `Statistics`: of a service, an edge, or a span of time.
Rules   Each request is one of ok, throttle, other error, fault. Times in histograms have three digits that count.
Source  X-Ray API reference, ServiceStatistics, EdgeStatistics, HistogramEntry.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

from raygate_local.xray.graph.sightings import Outcome, Seen

DIGITS: Final = 3


@dataclass(slots=True)
class Statistics:
    """Of any number of requests."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    response_s: float = 0.0
    response_times: Counter[float] = field(default_factory=Counter)
    durations: Counter[float] = field(default_factory=Counter)

    def add(self, seen: Seen) -> None:
        """One more; what is in progress has no time yet."""
        if seen.outcome == "pending":
            return
        response_s = max(0.0, seen.end_s - seen.start_s)
        self.outcomes[seen.outcome] += 1
        self.response_s += response_s
        self.response_times[rounded(response_s)] += 1
        self.durations[rounded(max(0.0, seen.last_s - seen.start_s))] += 1

    def summary(self) -> dict[str, Any]:
        """As SummaryStatistics."""
        counts = self.outcomes
        errors = counts["throttle"] + counts["error"]
        return {
            "OkCount": counts["ok"],
            "ErrorStatistics": {
                "ThrottleCount": counts["throttle"],
                "OtherCount": counts["error"],
                "TotalCount": errors,
            },
            "FaultStatistics": {"OtherCount": counts["fault"], "TotalCount": counts["fault"]},
            "TotalCount": counts.total(),
            "TotalResponseTime": round(self.response_s, 6),
        }


def histogram(values: Counter[float]) -> list[dict[str, Any]]:
    """From the shortest to the longest."""
    return [{"Value": value, "Count": values[value]} for value in sorted(values)]


def rounded(seconds: float) -> float:
    """So that equal times are one entry."""
    return float(f"{seconds:.{DIGITS}g}")
