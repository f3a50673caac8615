"""Who acts in the hour without X-Ray and after it: senders, workers, the schedule. What is theirs is the real thing.

Gives   `Stage`: the endpoint, a queue with its dead letters, workers, the replay, and what they reported; `live`.
"""

from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Any, Final

from raygate.deliver.pace import Pace
from raygate.ingest import Ingest, Report
from raygate.keep import Bucket, Stores
from raygate.keys import guard_of
from raygate.replay.function import Replaying
from raygate.replay.replaying import Site
from raygate.settings import Settings
from raygate.worker import Report as BatchReport
from raygate.worker import Worker
from raygate_local.kept import polling
from raygate_local.kept.bucket import KeptBucket
from raygate_local.kept.database import Database
from raygate_local.kept.queue import DEAD, KeptQueue
from raygate_local.replaying.letters import KeptLetters
from tests.faults.cloud import event_of
from tests.faults.load import Export
from tests.faults.outage import BEGIN_S, END_S, HOUR_S, World, XRay
from tests.project.template import TEMPLATE, resources
from tests.unit.worker.batches import an_export

QUOTA: Final = 50
"""Segments a second. X-Ray's own is 2,600, and its senders send more."""
RATE: Final = 20
"""Of a worker, and of a replay."""
SPANS: Final = 12
PAUSE_S: Final = 6.0
"""Between two requests: two spans a second."""
QUEUE: Final = resources("AWS::SQS::Queue")["Queue"]
VISIBILITY_S: Final[int] = QUEUE["VisibilityTimeout"]
MOST: Final[int] = TEMPLATE["Parameters"]["MaxReceives"]["Default"]
BATCH: Final[int] = TEMPLATE["Parameters"]["DeliverBatchSize"]["Default"]
IDLE_S: Final = 10.0
"""Of a worker that finds nothing."""
WORKERS: Final[int] = TEMPLATE["Parameters"]["DeliverConcurrency"]["Default"]
WAITING: Final = SPANS * HOUR_S / PAUSE_S
"""Spans, at the end of the outage."""


@dataclass(frozen=True, slots=True)
class Context:
    """Lambda's, of a function with fifteen minutes."""

    world: World
    until_s: float

    def get_remaining_time_in_millis(self) -> float:
        """Until the function's limit."""
        return (self.until_s - self.world.now_s()) * 1_000


@dataclass
class Stage:
    """Everything that acts."""

    database: Database
    max_receives: int
    delivery: str = "direct"
    world: World = field(default_factory=lambda: World(XRay(QUOTA)))
    counts: Counter[str] = field(default_factory=Counter)
    """Spans: sent, and by who delivered them."""
    longest_s: float = 0.0
    most_receives: int = 0
    emptied_s: float = 0.0
    """When nothing waited any more."""

    def __post_init__(self) -> None:
        self.settings = Settings(auth="none", delivery=self.delivery, queue_url="q", max_receives=self.max_receives)
        clock = self.world.now_s
        self.queue = KeptQueue(self.database, visibility_s=VISIBILITY_S, max_receives=self.max_receives, clock=clock)
        self.dead = KeptQueue(self.database, DEAD, visibility_s=960.0, clock=clock)
        self.bucket: Bucket = KeptBucket(self.database)
        self.stores = Stores(self.queue, self.bucket)
        self.numbers = count(1)
        put, guard = self.world.put_of("endpoint"), guard_of(self.settings)
        self.ingest = Ingest(
            self.settings, put, guard, self._answered, "", self.world.budget, self.stores, self.world.now_ms
        )

    def send(self) -> float:
        """One request."""
        numbers = [next(self.numbers) for _ in range(SPANS)]
        event = event_of(Export(an_export(*numbers), "application/json", "", frozenset(), SPANS, 0))
        begun_s = self.world.now_s()
        assert self.ingest(event)["statusCode"] == 200
        self.longest_s = max(self.longest_s, self.world.now_s() - begun_s)
        return PAUSE_S - (self.world.now_s() - begun_s)  # the next sender does not wait for this one

    def worker(self, name: str) -> Worker:
        """One, with its own pace."""
        pace = Pace(RATE, self.world.put_of(name), clock=self.world.now_s, jitter=self.world.random.random)
        return Worker(
            self.settings,
            pace.put,
            self.stores,
            self._worked,
            self.dead,
            None,
            pace,
            self.world.budget,
            self.world.now_s,
        )

    def mapped(self, worker: Worker) -> float:
        """A batch as the event source mapping has it: what failed is seen again when its visibility ends."""
        records = self.queue.receive(BATCH)
        if records:
            self._note(records)
            failed = {one["itemIdentifier"] for one in worker({"Records": records})["batchItemFailures"]}
            self.queue.delete([one["receiptHandle"] for one in records if one["messageId"] not in failed])
        self._look()
        return 0.0 if records else IDLE_S

    def polled(self, polls: polling.Polling) -> float:
        """A batch as `raygate serve` has it."""
        found = polls.once()
        self._look()
        return 0.0 if found else IDLE_S

    def replay(self) -> float:
        """What the schedule does, with a rate of its own."""
        site = Site(
            self.settings,
            self.world.put_of("replay"),
            self.bucket,
            lambda _: self.bucket,
            lambda _: KeptLetters(self.dead),
            self.world.now_ms,
        )
        function = Replaying(site, self._replayed, self.world.now_s, self.world.sleep)
        function({"replay": "schedule", "rate": RATE}, Context(self.world, self.world.now_s() + 900))
        self._look()
        return HOUR_S - self.world.now_s() % HOUR_S

    def _note(self, records: list[dict[str, Any]]) -> None:
        receives = (int(one["attributes"]["ApproximateReceiveCount"]) for one in records)
        self.most_receives = max(self.most_receives, *receives)

    def _look(self) -> None:
        """Whether it is over."""
        if self.queue.waiting().messages or self.dead.waiting().messages:
            self.emptied_s = 0.0
        else:
            self.emptied_s = self.emptied_s or self.world.now_s()

    def _answered(self, report: Report) -> None:
        outcome = report.outcome
        assert outcome
        assert outcome.delivered + outcome.queued == outcome.spans == SPANS, outcome
        self.counts.update(sent=SPANS, endpoint=outcome.delivered)

    def _worked(self, report: BatchReport) -> None:
        told = report.spans()
        assert told["received"] == told.total() - told["received"]
        assert not any(one.accident for one in report.settled)
        self.counts.update(worker=told["delivered"], dead=told["dead"])

    def _replayed(self, name: str, told: Any) -> None:
        assert told["unaccounted"] == 0
        if name != "replay_running":
            self.counts.update(replay=told["delivered"], replays=1)


def live(stage: Stage, hours: float, *, serves: bool = False) -> None:
    """So many hours; senders send in the first of them and a little longer."""
    world, until_s = stage.world, hours * HOUR_S
    world.every(stage.send, END_S + BEGIN_S)
    if serves:
        polls = polling.Polling(
            stage.queue,
            lambda event, _: worker(event),
            print,
            stage.max_receives,
            jitter=world.random.random,
        )
        worker = stage.worker("worker 0")
        world.every(partial(stage.polled, polls), until_s)
    else:
        for number in range(WORKERS):
            one = stage.worker(f"worker {number}")
            world.every(partial(stage.mapped, one), until_s)
        world.clock.after(HOUR_S / 2, lambda: world.every(stage.replay, until_s))
    world.clock.run(until_s)
