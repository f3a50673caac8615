"""The function on the queue: a batch of messages in, the ones that failed out.

Takes   an event of SQS, Kinesis or Firehose, and a context that says how much time is left.
Gives   the answer that its carrier wants: a partial one, so that a bad message costs only itself.
Raises  `EventError` for an event of nobody whom it knows. Anything else that is raised makes the whole batch come
        again: nothing is lost then, and what was delivered is overwritten.
Note    `report` gets one `Report` a batch. The answer does not depend on it.
"""

import sys
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, Final

from raygate.aws_session import aws_session
from raygate.deliver import Budget, Put
from raygate.deliver.budget import seconds_for
from raygate.deliver.client import connect
from raygate.deliver.pace import Pace, paced
from raygate.keep import Bucket, Queue, Stores
from raygate.keep.aws import stores_on_aws
from raygate.records import dataclass
from raygate.settings import Settings
from raygate.worker import carriers
from raygate.worker.archive import archive
from raygate.worker.arrived import Batch
from raygate.worker.parts import Buckets
from raygate.worker.report import Report, Reporter
from raygate.worker.run import SETTLING_S, Means, Run
from raygate.worker.settling import Settling

MOST_S: Final = 50.0
"""Nothing is gained by more: each document has had its five tries long before."""
RESERVE_S: Final = 2.0
"""Before the function's own limit: passing that makes the whole batch come again."""


@dataclass(slots=True)
class Worker:
    """The handler: `Worker(settings, put, stores, report)(event, context)`."""

    settings: Settings
    put: Put
    stores: Stores
    report: Reporter
    dead_letters: Queue | None = None
    """Where messages go that are given up; None: they stay, and the queue's redrive moves them."""
    buckets: Buckets | None = None
    """The way to the buckets that S3's notifications name; None: to our own and to no other."""
    pace: Pace | None = None
    """Which `put` goes through; None: as fast as X-Ray takes it."""
    budget: Callable[[float], Budget] = Budget.of
    clock: Callable[[], float] = time.time

    def __call__(self, event: Any, context: Any = None) -> dict[str, Any]:
        """Deliver one batch."""
        started = time.perf_counter()
        budget, now_ms = self.budget(seconds_for(context, MOST_S, RESERVE_S)), int(self.clock() * 1_000)
        batch = carriers.read(event, self.settings)
        run = self._run(batch, now_ms, budget)
        settled = run.settle()
        requests = [request for one in settled for request in one.requests]
        stored = archive(requests, self.settings, self.stores.bucket, now_ms, budget)
        duration_ms = (time.perf_counter() - started) * 1_000
        self._tell(Report(batch.carrier, settled, run.counts + stored, duration_ms))
        return carriers.answer(event, settled)

    def _run(self, batch: Batch, now_ms: int, budget: Budget) -> Run:
        means = Means(self.settings, self.put, self.stores, self.buckets or self._own_bucket, self.pace)
        settling = Settling(self.stores, self.dead_letters, self.settings.max_receives, batch.habit, now_ms, budget)
        return Run(means, batch, settling, budget.sooner(SETTLING_S))

    def _own_bucket(self, name: str) -> Bucket | None:
        return self.stores.bucket if name == self.settings.bucket else None

    def _tell(self, report: Report) -> None:
        try:
            self.report(report)
        except Exception:  # noqa: BLE001 - the spans are where they are, and the carrier has to know
            traceback.print_exc(file=sys.stderr)


def start(environ: Mapping[str, str], report: Reporter) -> Worker:
    """The handler for an environment. Raises `SettingsError` for a wrong one: then every message waits in the queue."""
    region, session = environ.get("AWS_REGION"), aws_session()
    settings = Settings.from_environ(environ)
    stores = stores_on_aws(settings, region, session)
    dead = stores_on_aws(replace(settings, queue_url=settings.dead_letter_queue_url), region, session).queue

    @cache
    def bucket(name: str) -> Bucket | None:
        return stores_on_aws(replace(settings, bucket=name), region, session).bucket

    put, pace = paced(connect(region, session), settings.deliver_rate)
    return Worker(settings, put, stores, report, dead, bucket, pace)
