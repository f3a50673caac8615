"""The function's handler as each process of `raygate serve` has it: with a listener that prints and counts.

Takes   what the function's handler takes, and who else wants to know.
Gives   `Handler`, the same `(event, context) → result`; `say`, lines on standard output.
Note    Apart from `server.py`, since the processes beside the first one need no more than this.
"""

import sys
import traceback
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from raygate.deliver import Put
from raygate.ingest import Ingest, Report
from raygate.keep import NOWHERE, Stores
from raygate.keys import Guard
from raygate.settings import Settings
from raygate_local.arrivals import Arrivals
from raygate_local.status.counts import Status

if TYPE_CHECKING:
    from raygate_local.viewer.sources import Sources


@dataclass(frozen=True, slots=True)
class Handler:
    """The function's handler, with a listener: each request has its own `Ingest`, so that its lines stay together."""

    settings: Settings
    put: Put
    guard: Guard
    page: str = ""
    stores: Stores = NOWHERE
    sources: "Sources | None" = None
    status: Status | None = None

    def __call__(self, event: Any, context: Any) -> dict[str, Any]:
        """Answer one event, and say what arrived."""
        arrivals = Arrivals()

        def report(report: Report) -> None:
            traces = arrivals.traces(self.page)
            say(*arrivals.lines(report, traces))
            if self.status:
                self.status.take(report, traces)
            is_accepted = report.outcome and report.status == 200
            if self.sources and report.request and is_accepted and report.kind == "export":
                self.sources.record(report.request, report.receipt.request_id)
            if report.accident:
                traceback.print_exception(report.accident, file=sys.stderr)

        ingest = Ingest(self.settings, arrivals.through(self.put), self.guard, report, stores=self.stores)
        return ingest(event, context)


def say(*lines: str) -> None:
    """Print, all lines together; a reader that went away does not stop the work."""
    if lines:
        with suppress(OSError, ValueError):
            sys.stdout.write("\n".join(lines) + "\n")
            sys.stdout.flush()
