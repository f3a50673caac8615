"""Counts by state since the start, the last traces and the last errors: what the status page shows.

Takes   the `Report` of each request, and the worker's counts of what was kept.
Gives   `Status`, which many threads may tell; `as_json()`: spans received = delivered + queued + parked + rejected +
        returned. What the worker delivers later was `queued` before, so it is counted apart.
Rules   As in the log: no token, body or attribute value.
"""

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from raygate.ingest import COUNTED, Report
from raygate.request import Outcome
from raygate.settings import Settings

STATES: Final = ("delivered", "queued", "parked", "rejected", "returned")
MOST: Final = 50
"""Traces and errors that are shown, the last ones."""
SECRET: Final = frozenset({"queue_url", "keys_file", "keys_table"})
"""Settings of which only is said that they are set: they name accounts and places."""


@dataclass(slots=True)
class Status:
    """Since the start."""

    settings: Settings
    others: Callable[[], Iterable[Mapping[str, Any]]] = tuple
    """What other processes of this server have counted, each as `as_json` gives it."""
    daemon: Callable[[], Mapping[str, int]] = dict
    """What came to the X-Ray daemon's port; nothing without one."""
    clock: Callable[[], float] = time.time
    started_s: float = 0.0
    requests: Counter[str] = field(default_factory=Counter)
    """By the answer's status."""
    spans: Counter[str] = field(default_factory=Counter)
    later: Counter[str] = field(default_factory=Counter)
    """What became of what was kept."""
    traces: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=MOST))
    errors: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=MOST))
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def __post_init__(self) -> None:
        self.started_s = self.clock()

    def take(self, report: Report, lines: Iterable[str] = ()) -> None:
        """Count a request; `lines` are what is printed about it, one a trace."""
        now, outcome = self.clock(), report.outcome
        with self._lock:
            if report.kind in COUNTED:
                self.requests[str(report.status)] += 1
            if outcome:
                self._add(outcome)
            if report.status == 200:
                self.traces.extend({"at": now, "line": line} for line in lines)
            if report.refusal or (outcome and (outcome.rejected or outcome.parked)):
                self.errors.append({"at": now, "status": report.status, "why": _why(report)})

    def took(self, outcome: Outcome, lines: Iterable[str] = ()) -> None:
        """Count documents that no request brought."""
        self.take(Report(200, "health", outcome=outcome), lines)

    def worked(self, counts: Mapping[str, int]) -> None:
        """Count what the worker did."""
        with self._lock:
            self.later.update(counts)

    def as_json(self) -> dict[str, Any]:
        """All of it, with what the others have done."""
        own, others = self._own(), list(self.others())
        spans = _sum(own["spans"], *(one["spans"] for one in others))
        return own | {
            "requests": _sum(own["requests"], *(one["requests"] for one in others)),
            "spans": spans | {"unaccounted": spans["received"] - sum(spans[state] for state in STATES)},
            **{name: _newest(own[name], *(one[name] for one in others)) for name in ("traces", "errors")},
        }

    def _add(self, outcome: Outcome) -> None:
        sums = {"rejected": outcome.rejected.total(), "parked": outcome.parked.total()}
        self.spans["received"] += outcome.spans
        self.spans.update({state: sums.get(state, getattr(outcome, state)) for state in STATES})

    def _own(self) -> dict[str, Any]:
        with self._lock:
            return {
                "started": self.started_s,
                "uptime_s": round(self.clock() - self.started_s, 3),
                "requests": dict(self.requests),
                "spans": {name: self.spans[name] for name in ("received", *STATES)},
                "later": dict(self.later),
                "daemon": dict(self.daemon()),
                "traces": list(self.traces),
                "errors": list(self.errors),
                "settings": {name: _told(name, value) for name, value in asdict(self.settings).items()},
            }


def _sum(*counts: Mapping[str, int]) -> dict[str, int]:
    """Each count of all of them; a count of none stays."""
    total: Counter[str] = Counter()
    for one in counts:
        total.update({name: number for name, number in one.items() if name != "unaccounted"})
    return dict(total)


def _newest(*rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    told = sorted((row for some in rows for row in reversed(some)), key=lambda row: -float(row["at"]))
    return told[:MOST]


def _why(report: Report) -> str:
    if report.refusal or report.outcome is None:
        return report.refusal
    told = [("rejected", report.outcome.rejected), ("parked", report.outcome.parked)]
    return "; ".join(f"{state}: {reason} ({count})" for state, reasons in told for reason, count in reasons.items())


def _told(name: str, value: Any) -> Any:
    return "set" if name in SECRET and value else value
