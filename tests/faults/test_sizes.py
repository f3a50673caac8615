"""Requests of more than 1 MB, of 10,000 spans, and documents of 64 KB arrive on every path.

Through the functions as they are deployed, with X-Ray, SQS and S3 over real HTTP, and through `raygate serve` as a
process: at once, after a time in the queue, as a request that waits, as dead letters, parked, and out of the archive.
"""

from collections.abc import Callable, Iterator
from typing import Final

import pytest

from raygate import pipeline
from raygate.deliver import Budget
from raygate.keep.sqs import MOST_BYTES
from raygate.segment.shrink import MAX_BYTES
from tests.faults.aws import MAX_RECEIVES, Aws, aws_there
from tests.faults.cloud import Cloud
from tests.faults.days import Places, Way, environ
from tests.faults.load import Export, export, large
from tests.faults.scenarios import SCENARIOS, Scenario
from tests.faults.senders import Ledger, send
from tests.faults.served import deliver_rest, kept_in, post_to
from tests.faults.xray import Key, XRay, xray_there
from tests.process.serving import running
from tests.unit.worker.batches import an_export

AWAY: Final = "wrong credentials"
"""Which nobody tries again at once."""
PATIENCE_S: Final = 60.0
"""In place of 8 s: a busy machine would deliver in another way, which is right and not what is looked at here."""
CALM: Final = Scenario(archive=True)
JSON: Final = "application/json"
MAKERS: Final[dict[str, Callable[[], Export]]] = {
    "10,000 spans": lambda: export(an_export(*range(1, 10_001)), JSON),
    "documents of 64 KB": lambda: large("sizes"),
}


@pytest.fixture(scope="module", params=MAKERS)
def given(request) -> Export:
    made = MAKERS[request.param]()
    assert len(made.body) > 1_000_000
    assert made.spans == len(made.keys) == (10_000 if "10,000" in request.param else 40)
    return made


@pytest.fixture(scope="module")
def there() -> Iterator[tuple[XRay, Aws]]:
    with xray_there() as xray, aws_there() as aws, pytest.MonkeyPatch.context() as patch:
        for name, value in environ(Scenario(), "direct", xray, aws).items():
            patch.setenv(name, value)
        yield xray, aws


@pytest.fixture(autouse=True)
def _patient(monkeypatch) -> None:
    monkeypatch.setattr(pipeline, "KEEPING_S", PATIENCE_S / 3)


def begin(there: tuple[XRay, Aws], scenario: Scenario, way: Way = "direct") -> Cloud:
    xray, aws = there
    xray.begin(scenario, "sizes")
    aws.begin(scenario, "sizes")
    cloud = Cloud(environ(scenario, way, xray, aws), aws)
    cloud.ingest.budget = lambda _: Budget.of(PATIENCE_S)
    return cloud


def assert_arrived(keys: frozenset[Key], xray: XRay) -> None:
    """All of it, and documents are as large as they may be."""
    assert keys == set(xray.stored)
    sizes = [len(text.encode()) for text in xray.newest.values()]
    assert max(sizes) <= MAX_BYTES
    assert len(sizes) > 1_000 or max(sizes) > MAX_BYTES - 1_000


def test_at_once_and_again_from_the_archive(given, there):
    xray, _ = there
    cloud = begin(there, CALM)
    assert cloud.post(given).status == 200
    assert_arrived(given.keys, xray)
    xray.begin(CALM, "again")
    archive = {"replay": "archive", "from": "2020-01-01", "to": "2100-01-01", "rate": 100_000}
    (told,) = cloud.replaying(archive)["replays"]
    assert (told["state"], told["delivered"], told["unaccounted"]) == ("done", given.spans, 0)
    assert_arrived(given.keys, xray)


def test_after_a_time_in_the_queue(given, there):
    xray, aws = there
    cloud = begin(there, SCENARIOS[AWAY])
    assert cloud.post(given).status == 200
    assert not xray.stored
    assert Places.of(xray, aws).waiting == given.keys
    assert all(message.weight <= MOST_BYTES for message in aws.waiting())
    xray.heal()
    cloud.drain()
    assert_arrived(given.keys, xray)


def test_as_a_request_that_waits(given, there):
    xray, aws = there
    cloud = begin(there, CALM, "buffered")
    assert cloud.post(given).status == 200
    assert not xray.stored
    (message,) = aws.waiting()
    assert message.weight <= MOST_BYTES
    cloud.drain()
    assert_arrived(given.keys, xray)


def test_as_dead_letters(given, there):
    xray, aws = there
    cloud = begin(there, SCENARIOS[AWAY], "buffered")
    assert cloud.post(given).status == 200
    for _ in range(MAX_RECEIVES):
        cloud.deliver()
    assert Places.of(xray, aws).dead == given.keys
    xray.heal()
    assert cloud.replay("dead-letters")["state"] == "done"
    assert_arrived(given.keys, xray)


def test_parked_as_large_as_they_may_be(there):
    xray, aws = there
    given = large("parked")
    cloud = begin(there, Scenario(passing={"SomethingNew": 1.0}))
    assert cloud.post(given).status == 200
    assert Places.of(xray, aws).parked.keys() == given.keys
    xray.heal()
    assert cloud.replay("parked")["state"] == "done"
    assert_arrived(given.keys, xray)
    assert not Places.of(xray, aws).parked


def test_through_serve_after_a_time_in_its_folder(given, there, tmp_path):
    xray, _ = there
    xray.begin(SCENARIOS[AWAY], "sizes")
    away = {"AWS_ENDPOINT_URL_XRAY": xray.url}
    ledger = Ledger([given])
    with running("--data", str(tmp_path), environ=away, accidents=True) as server:
        send(ledger, 0, post_to(server))
    assert ledger.acknowledged == {0}
    assert kept_in(tmp_path, xray).waiting == given.keys
    xray.heal()
    deliver_rest(tmp_path, xray, away)
    assert_arrived(given.keys, xray)
