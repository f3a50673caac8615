"""A batch of the daemon's documents through the pipeline, and what is said of it.

Takes   texts, and the seconds there are.
Gives   `Delivering`: the texts that nobody took. All others are counted in the status: delivered, queued, parked or
        rejected.
"""

import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from raygate.deliver import Budget, Put
from raygate.documents import run_documents
from raygate.ingest import Report
from raygate.keep import Stores
from raygate.request import Receipt
from raygate.settings import Settings
from raygate_local.arrivals import Arrivals
from raygate_local.status import Status


@dataclass(slots=True)
class Delivering:
    """What a batch is given to."""

    settings: Settings
    put: Put
    stores: Stores
    status: Status
    say: Callable[..., None]
    page: str = ""
    """The address of the local X-Ray's page, if the documents go there."""
    _trouble: str = field(default="", init=False)

    def __call__(self, texts: Sequence[str], seconds: float) -> Sequence[str]:
        """Deliver one batch."""
        arrivals, receipt = Arrivals(), Receipt(str(uuid.uuid4()), time.time_ns() // 1_000_000)
        put, budget = arrivals.through(self.put), Budget.of(seconds)
        taken = run_documents(texts, "", self.settings, put, budget, stores=self.stores, receipt=receipt)
        given = taken.outcome
        outcome = replace(given, spans=given.spans - given.returned, returned=0, unavailable="", throttled=False)
        if outcome.spans:
            traces = arrivals.traces(self.page)
            self.say(*arrivals.lines(Report(200, "documents", outcome=outcome), traces))
            self.status.took(outcome, traces)
        self._tell(given.unavailable)
        return [texts[at] for at in taken.returned]

    def _tell(self, trouble: str) -> None:
        """Said when it begins, and not for each try."""
        if trouble and not self._trouble:
            self.say(f"Documents wait in memory: {trouble}")
        self._trouble = trouble
