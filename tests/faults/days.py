"""One bad day from its first request to the last replay, and what can be said about every document afterwards.

Takes   the name of a scenario, requests, and a way to send them: through the functions, `direct` or `buffered`.
Gives   `Day`: a row for the table. `AssertionError` when something is lost, refused without need, sent twice without a
        reason, or when a sender was told what it must not be told.
"""

import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from raygate.keep import Accepted, Object, Packed, unpack
from raygate.keep.claims import redeem
from raygate.keep.parked import read_parked
from tests.fake_stores import MemoryBucket
from tests.faults.aws import Aws
from tests.faults.cloud import Cloud
from tests.faults.load import Export, documents_of
from tests.faults.scenarios import SCENARIOS, Scenario
from tests.faults.senders import Ledger, send_all
from tests.faults.xray import Key, XRay, key_of

Way: TypeAlias = Literal["direct", "buffered", "serve"]

RETRY_AFTER: Final = {str(seconds) for seconds in range(1, 6)}
STATUSES: Final = {200, 429, 503}
WITHIN_S: Final = 8.0
LATE_S: Final = 20.0
"""A call that hung may come through after all, for as long as its client tries."""


@dataclass
class Day:
    """What happened, counted in documents unless it says spans."""

    name: str
    way: str
    ledger: Ledger
    missing: int = 0
    twice: int = 0
    """Stored once more than there were requests with it."""
    causes: Counter[str] = field(default_factory=Counter)
    """Why those were."""
    queued_twice: set[Key] = field(default_factory=set)
    """In messages that were sent to the queue once more, since it had not confirmed them in time."""
    queued: int = 0
    parked: int = 0
    dead: int = 0
    """Where they were when the senders had ended; dead letters: when the worker had tried."""
    refused: int = 0
    """Parked still, at the end of all."""

    @property
    def acknowledged(self) -> int:
        """Documents."""
        return len(self.ledger.promised)

    @property
    def given_up(self) -> int:
        """Documents whose sender was told to drop them, or has tried in vain."""
        everything = set[Key]().union(*(one.keys for one in self.ledger.exports))
        return len(everything - self.ledger.promised)


def in_messages(messages: Iterable[Packed], objects: Mapping[str, Object]) -> set[Key]:
    """All documents in them."""
    kept = [unpack(redeem(message, MemoryBucket(objects=dict(objects)))) for message in messages]
    found: set[Key] = set()
    for one in kept:
        if isinstance(one, Accepted):
            found = found.union(*documents_of(one.request))
        else:
            found |= set(map(key_of, one.texts))
    return found


def parked_in(objects: Mapping[str, Object]) -> dict[Key, str]:
    """The parked documents, with X-Ray's code."""
    parked = [read_parked(stored) for name, stored in objects.items() if name.startswith("parked/")]
    assert all(one.code and one.message == "told by the fake" for one in parked)
    return {key_of(one.document): one.code for one in parked}


@dataclass
class Places:
    """Where documents are now."""

    waiting: set[Key]
    dead: set[Key]
    parked: Mapping[Key, str]
    stored: set[Key]

    @classmethod
    def of(cls, xray: XRay, aws: Aws) -> "Places":
        """Look."""
        objects = aws.behind()
        waiting, dead = in_messages(aws.waiting(), objects), in_messages(aws.dead(), objects)
        return cls(waiting, dead, parked_in(objects), {*xray.stored})

    @property
    def all(self) -> set[Key]:
        """Anywhere."""
        return self.waiting | self.dead | self.parked.keys() | self.stored


def live(name: str, way: Way, exports: Sequence[Export], xray: XRay, aws: Aws) -> Day:
    """Send, deliver as far as that goes, let the day end, deliver and replay the rest."""
    scenario = SCENARIOS[name]
    xray.begin(scenario, name)
    aws.begin(scenario, name)
    cloud = Cloud(environ(scenario, way, xray, aws), aws, scenario.seconds)
    day = Day(name, way, ledger := send_all(exports, cloud.post))
    check_answers(ledger, scenario.seconds)
    promised, after = ledger.promised, Places.of(xray, aws)
    assert not promised - after.all, "acknowledged, and nowhere"
    day.queued, day.parked = len(after.waiting), len(after.parked)
    for _ in range(scenario.rounds):
        cloud.deliver(scenario.worker_seconds)
    later = Places.of(xray, aws)
    assert not promised - later.all, "acknowledged, and lost by the worker"
    assert_refused_for_a_reason(later.parked, xray)
    day.dead = len(later.dead)
    xray.heal()
    aws.heal()
    cloud.drain()
    assert cloud.replay("dead-letters")["state"] == "done"
    assert_refused_for_a_reason(parked_in(aws.behind()), xray)
    assert cloud.replay("parked")["state"] == "done"
    until_s = time.monotonic() + LATE_S
    while aws.waiting() and time.monotonic() < until_s:
        cloud.drain()
    day.queued_twice = in_messages(aws.came_twice(), aws.behind())
    check_end(day, Places.of(xray, aws), xray)
    return day


def environ(scenario: Scenario, way: Way, xray: XRay, aws: Aws) -> dict[str, str]:
    """Of the functions."""
    return {
        **aws.environ,
        "RAYGATE_AUTH": "none",
        "RAYGATE_DELIVERY": way,
        "RAYGATE_ARCHIVE": str(scenario.archive).lower(),
        "AWS_ENDPOINT_URL_XRAY": xray.url,
    }


def check_answers(ledger: Ledger, seconds: float) -> None:
    """What senders may be told, and when."""
    assert set(ledger.statuses) <= STATUSES, ledger.statuses
    assert ledger.retry_after <= RETRY_AFTER, ledger.retry_after
    assert ledger.longest_s <= max(WITHIN_S, seconds) + PATIENCE_S
    assert ledger.rejected == sum(ledger.exports[number].rejected for number in ledger.acknowledged)


PATIENCE_S: Final = 10.0
"""The machine may be busy."""


def assert_refused_for_a_reason(parked: Mapping[Key, str], xray: XRay) -> None:
    """Nothing is refused that X-Ray would take a few seconds later, unless nobody could know that."""
    without = [(key, code) for key, code in parked.items() if not (xray.is_final(key) or xray.is_unknown(key))]
    assert not without, without[:3]


def check_end(day: Day, places: Places, xray: XRay) -> None:
    """Everything that was acknowledged is with X-Ray, or refused by it for good and parked."""
    promised = day.ledger.promised
    assert not places.waiting
    assert not places.dead
    day.missing = len(promised - places.stored - places.parked.keys())
    assert not day.missing
    assert all(xray.is_final(key) for key in places.parked), "X-Ray would have taken it"
    assert promised - places.stored == {key for key in promised if xray.is_final(key)}
    day.refused = len(places.parked)
    for key, answers in xray.stored.items():
        for before in answers[: len(answers) - day.ledger.times[key]]:
            day.twice += 1
            day.causes[_cause(day, key, before, xray.scenario)] += 1
    assert not day.causes[NO_CAUSE], day.causes


NO_CAUSE: Final = "nobody knows why"


def _cause(day: Day, key: Key, before: str, scenario: Scenario) -> str:
    """Why a document that had been stored was stored again."""
    causes = {
        "its answer got lost": before == "lost",
        "another one of its call was refused without an id": before == "unclear",
        "its sender was answered 503 or 429, and came again": key in day.ledger.repeated,
        "the queue kept it and its answer got lost or late": bool(scenario.queue) or key in day.queued_twice,
        "time was up, and its call was left behind": scenario.is_hurried,
        "it was stopped in the middle of the call": day.way == "serve",
    }
    return next((cause for cause, holds in causes.items() if holds), NO_CAUSE)
