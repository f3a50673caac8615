"""A replay keeps to its rate, and gives way when X-Ray throttles."""

import json
from itertools import chain, cycle, repeat
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raygate.deliver.pace import LEAST, Pace
from tests.fake_xray import Clock
from tests.unit.replay.stage import Stage, a_message, an_id
from tests.unit.replay.test_replaying import ARCHIVE, throttled, unreachable


def nothing(_: list[str]) -> dict[str, Any]:
    return {}


def sent_at(stage: Stage) -> list[tuple[float, int]]:
    """When each call was made, and with how many documents."""
    calls = []
    plain = stage.xray.put

    def put(texts: list[str]):
        calls.append((stage.clock(), len(texts)))
        return plain(texts)

    stage.xray.put = put  # type: ignore[method-assign]
    return calls


@pytest.mark.parametrize("rate", [20, 100, 500, 3_000])
def test_no_second_sends_more_than_the_rate(rate):
    stage = Stage()
    stage.archive("b", *[a_message(range(at, at + 60)) for at in range(1, 3_000, 60)])
    calls = sent_at(stage)
    stage.replay(ARCHIVE | {"rate": rate})
    begin = calls[0][0]
    assert sum(count for _, count in calls) == 3_000
    for at, _ in calls:
        assert sum(count for when, count in calls if when <= at) <= (at - begin + 0.2) * rate + 1
    assert stage.clock() - begin <= 3_000 / rate + 1


@pytest.mark.parametrize("rate", [50, 500])
def test_an_outage_does_not_make_it_send_more_than_the_rate(rate):
    stage = Stage()
    stage.archive("b", *[a_message(range(at, at + 60)) for at in range(1, 1_500, 60)])
    asked, faults = [], chain([None] * 3, [throttled(), unreachable()] * 3, repeat(None))

    def put(texts: list[str]) -> dict[str, Any]:
        asked.append((stage.clock(), len(texts)))
        if fault := next(faults):
            raise fault
        return {}

    stage.xray.put = put  # type: ignore[method-assign]
    (result,) = stage.replay(ARCHIVE | {"rate": rate})
    assert (result["state"], result["delivered"]) == ("done", 1_500)
    for begin, _ in asked:
        assert sum(count for at, count in asked if begin <= at < begin + 1) <= rate * 1.2 + 1


def test_what_is_sent_once_more_to_find_a_culprit_counts_too():
    stage = Stage()
    stage.archive("b", *[a_message(range(at, at + 60)) for at in range(1, 1_500, 60)])
    refused, asked = {an_id(number) for number in range(1, 1_500, 20)}, []

    def put(texts: list[str]) -> dict[str, Any]:
        asked.append((stage.clock(), len(texts)))
        found = sum(json.loads(text)["id"] in refused for text in texts)
        return {"UnprocessedTraceSegments": [{"ErrorCode": "InvalidSegment"}] * found}

    stage.xray.put = put  # type: ignore[method-assign]
    (result,) = stage.replay(ARCHIVE | {"rate": 500})
    assert (result["state"], result["parked"], result["delivered"]) == ("done", 75, 1_425)
    assert sum(count for _, count in asked) > 1_500
    for at, _ in asked:
        assert sum(count for when, count in asked if when <= at) <= (at - asked[0][0]) * 500 + ONE_TURN


ONE_TURN = 100 * 3
"""A fifth of a second's worth, of which each document is sent three times at most."""


def test_throttling_slows_it_down_and_it_recovers():
    stage = Stage()
    stage.archive("b", *[a_message(range(at, at + 250)) for at in range(1, 5_000, 250)])
    stage.xray.script = chain([None] * 5, [throttled()] * 5, repeat(None))
    (result,) = stage.replay(ARCHIVE | {"rate": 500})
    assert result["state"] == "done"
    assert result["throttled"] == 5
    quiet = Stage()
    quiet.shelf.objects = {key: value for key, value in stage.shelf.objects.items() if key.startswith("archive/")}
    quiet.replay(ARCHIVE | {"rate": 500})
    assert stage.clock() > quiet.clock()


def test_while_x_ray_throttles_everything_the_calls_become_few():
    stage = Stage()
    stage.archive("b", a_message(range(1, 200)))
    stage.xray.script = repeat(throttled())
    calls = sent_at(stage)
    (result,) = stage.replay(ARCHIVE)
    assert (result["state"], result["left"], result["delivered"]) == ("interrupted", 199, 0)
    assert result["why"] == "X-Ray took nothing for 120 s (ThrottledException)"
    assert len(calls) / (stage.clock() - calls[0][0]) < 2


@given(st.lists(st.sampled_from(["clean", "throttled", "stuck"]), max_size=60), st.integers(1, 5_000))
def test_the_rate_stays_between_the_least_and_the_most(groups, most):
    clock = Clock()
    pace = Pace(most, nothing, clock=clock, jitter=lambda: 0.5)
    for group in groups:
        pace.throttled += group != "clean"
        pace.learn(is_stuck=group == "stuck")
        assert min(LEAST, most) <= pace.rate <= most
        assert pace.due_s() <= 30


def test_it_recovers_within_twenty_clean_groups():
    pace = Pace(500, nothing, clock=Clock())
    for is_clean in chain([False] * 9, [True] * 20):
        pace.throttled += not is_clean
        pace.learn(is_stuck=False)
    assert pace.rate == 500


def test_a_document_that_is_throttled_alone_counts_too():
    answers = cycle([{"UnprocessedTraceSegments": [{"Id": "1", "ErrorCode": "ThrottlingException"}]}, {}])
    pace = Pace(500, lambda _: next(answers), clock=Clock())
    pace.put(["{}"])
    pace.put(["{}"])
    assert pace.throttled == 1
