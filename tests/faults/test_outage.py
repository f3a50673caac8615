"""X-Ray is away for an hour: whatever was accepted arrives afterwards, in bounded time and at the rate that is set.

The endpoint, the queue of a data folder, the worker and the replay are those that run; time alone is simulated. As in
the cloud: two workers, and tries as the template sets them; with so few tries that messages become dead letters, and
the schedule brings them back; and as in `raygate serve`.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Final

import pytest

from raygate_local.kept import opening, polling
from raygate_local.kept.database import Database
from tests.faults.hour import MOST, QUEUE, QUOTA, RATE, SPANS, VISIBILITY_S, WAITING, WORKERS, Stage, live
from tests.faults.outage import END_S, HOUR_S
from tests.project.template import resources


@pytest.fixture
def database(tmp_path) -> Iterator[Database]:
    with Database(tmp_path) as file:
        yield file


def check(stage: Stage, within_s: float) -> None:
    """Everything arrived, once and in time, and nobody sent more than he may."""
    sent = stage.counts["sent"]
    assert stage.world.xray.stored == {f"{number:016x}": 1 for number in range(1, sent + 1)}
    assert sent == sum(stage.counts[who] for who in ("endpoint", "worker", "replay"))
    assert 0 < stage.emptied_s <= END_S + within_s
    assert max(stage.world.xray.taken.values()) <= QUOTA
    assert stage.longest_s <= 8.0
    for who, seconds in stage.world.xray.asked.items():
        if who != "endpoint":
            assert_paced(seconds)


def assert_paced(seconds: Counter[int]) -> None:
    """In no minute more than the rate, but for a turn and its tries."""
    for begin in seconds:
        minute = sum(sent for at, sent in seconds.items() if begin <= at < begin + 60)
        assert minute <= 60 * RATE + TURN


TURN: Final = 5 * RATE // 5
"""A fifth of a second's worth, five times at most."""


@pytest.mark.parametrize("delivery", ["direct", "buffered"])
def test_in_the_cloud_the_queue_outlives_it(delivery, database):
    stage = Stage(database, MOST, delivery)
    live(stage, 2.0)
    check(stage, VISIBILITY_S + WAITING / (WORKERS * RATE))
    assert stage.counts["dead"] == stage.counts["replay"] == 0
    assert stage.counts["worker"] >= WAITING - SPANS
    assert stage.most_receives <= HOUR_S / VISIBILITY_S + 2 < MOST


def test_where_the_tries_run_out_the_schedule_brings_the_dead_letters_back(database):
    stage = Stage(database, 4)
    live(stage, 5.0)
    assert stage.counts["dead"] > WAITING / 2
    assert stage.counts["replay"] == stage.counts["dead"]
    check(stage, HOUR_S + stage.counts["dead"] / RATE + HOUR_S)


def test_in_serve_the_queue_outlives_it(database, monkeypatch):
    monkeypatch.setattr(polling, "WINDOW_S", 0.0)
    stage = Stage(database, opening.MOST_RECEIVES)
    live(stage, 2.0, serves=True)
    check(stage, polling.MOST_BACK_S + WAITING / RATE)
    assert stage.counts["dead"] == 0


def test_the_queues_keep_messages_for_longer_than_their_tries_take():
    tries_s = MOST * VISIBILITY_S
    assert tries_s >= polling.OUTAGE_S > HOUR_S
    assert (
        tries_s
        < QUEUE["MessageRetentionPeriod"]
        == resources("AWS::SQS::Queue")["DeadLetterQueue"]["MessageRetentionPeriod"]
    )
