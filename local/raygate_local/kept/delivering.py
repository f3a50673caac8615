"""The worker for one process: the one of the function, each run with its lines on the screen.

Takes   what is kept, `put`, the settings, and how to say something.
Gives   `Delivering`, the handler for `Polling`: an event in, the messages that failed out. A line for each trace that
        was delivered; when X-Ray takes nothing, that is said once and not for each try; every dead letter is said.
"""

import sys
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from raygate.deliver import Put
from raygate.deliver.pace import Pace, paced
from raygate.settings import Settings
from raygate.worker import Report, Worker
from raygate_local.arrivals import Arrivals
from raygate_local.kept.opening import Kept

ENDS: Final = frozenset({"delivered", "parked", "rejected", "dead"})
"""Of what was kept; all the rest of it still is."""


@dataclass(slots=True)
class Delivering:
    """What a batch is given to."""

    settings: Settings
    put: Put
    kept: Kept
    say: Callable[..., None]
    page: str = ""
    """The address of the local X-Ray's page, if there is one."""
    worked: Callable[[Mapping[str, int]], None] | None = None
    """Who counts what became of what was kept."""
    _trouble: str = ""
    _pace: Pace | None = None

    def __post_init__(self) -> None:
        """One pace for all batches."""
        self.put, self._pace = paced(self.put, self.settings.deliver_rate)

    def __call__(self, event: Any, context: Any) -> dict[str, Any]:
        """Deliver one batch."""
        arrivals = Arrivals()

        def report(report: Report) -> None:
            self.say(*arrivals.traces(self.page), *self._troubles(report))
            if self.worked:
                self.worked({state: count for state, count in report.spans().items() if count and state in ENDS})
            for one in report.settled:
                if one.accident:
                    traceback.print_exception(one.accident, file=sys.stderr)

        settings = replace(self.settings, max_receives=self.kept.max_receives)
        worker = Worker(settings, arrivals.through(self.put), self.kept.stores, report, self.kept.dead, pace=self._pace)
        return worker(event, context)

    def _troubles(self, report: Report) -> list[str]:
        dead = [f"given up: {one.reason}" for one in report.settled if one.word == "dead"]
        reason = next((one.reason for one in report.settled if one.word == "failed"), "")
        news = [f"kept for later: {reason}"] if reason and not self._trouble else []
        self._trouble = reason
        return [*dead, *news]
