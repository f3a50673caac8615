"""Whatever fails, nothing that was acknowledged is missing, and nothing is refused that X-Ray takes later.

Sent by senders as real SDKs are, through the functions as they are deployed, delivered by the event source mapping,
replayed by an operator. What each day asserts is in `days.py`; the same with more requests is `benchmarks/faults.py`.
"""

from collections.abc import Iterator

import pytest

from tests.faults.aws import Aws, aws_there
from tests.faults.days import environ, live
from tests.faults.load import generated, recorded
from tests.faults.scenarios import SCENARIOS, Scenario
from tests.faults.xray import XRay, xray_there

REQUESTS = 30
BUFFERED = (
    "all calls fail",
    "resets after everything is stored",
    "the queue loses answers",
    "everything at once",
)
"""In `buffered` mode only the worker talks to X-Ray, and it is the same as after a `direct` request."""


@pytest.fixture(scope="module")
def there() -> Iterator[tuple[XRay, Aws]]:
    """What stands in for AWS; the functions find it by their environment."""
    with xray_there() as xray, aws_there() as aws, pytest.MonkeyPatch.context() as patch:
        for name, value in environ(Scenario(), "direct", xray, aws).items():
            patch.setenv(name, value)
        yield xray, aws


@pytest.mark.parametrize(
    ("way", "name"), [*(("direct", name) for name in SCENARIOS), *(("buffered", name) for name in BUFFERED)]
)
def test_nothing_acknowledged_is_missing(way, name, there):
    day = live(name, way, [*generated(name, REQUESTS)], *there)
    assert day.ledger.acknowledged
    assert day.missing == 0


def test_nothing_of_what_real_senders_sent_is_missing(there):
    day = live("everything at once", "direct", recorded(), *there)
    assert day.missing == 0


def test_what_answers_at_once_stores_each_document_once(there):
    days = [live(name, "direct", [*generated(name, 20)], *there) for name in ONCE]
    assert [day.twice for day in days] == [0] * len(ONCE)


ONCE = ("nothing fails", "some calls are throttled", "resets before anything is stored", "refusals with ids")
