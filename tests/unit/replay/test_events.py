"""Which event asks for which replay."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from raygate.replay.asked import AskedError, OneObject, Schedule
from raygate.replay.events import occasion

EVENTS = Path(__file__).parents[3] / "events"


def an_event(name: str) -> Any:
    return json.loads((EVENTS / f"{name}.json").read_text())


def keys(event: Any, our_bucket: str = "") -> list[tuple[str | None, str]]:
    return [(one.bucket, one.key) for one in occasion(event, our_bucket).asked if isinstance(one, OneObject)]


@pytest.mark.parametrize("name", ["s3_notification", "eventbridge_object"])
def test_an_object_that_was_stored_is_replayed_by_its_plain_key(name):
    assert keys(an_event(name)) == [("otlp-files", "day=2026-11-22/part 1.json.gz")]
    assert occasion(an_event(name)).is_repeated


@pytest.mark.parametrize(
    "name",
    ["replay_archive", "replay_dead_letters", "replay_parked", "replay_object", "replay_resume", "replay_schedule"],
)
def test_a_request_is_what_it_asks_for_and_is_answered(name):
    found = occasion(an_event(name))
    assert [one.replay for one in found.asked] == [name.removeprefix("replay_").replace("_", "-")]
    assert not found.is_repeated


def test_a_schedule_that_says_nothing_goes_on_with_what_was_interrupted():
    assert occasion(an_event("replay_schedule")).asked == (Schedule(),)


@pytest.mark.parametrize("key", ["archive/-/2026/a.jsonl.gz", "parked/-/a.json", "replays/open/a.json", "claims/a"])
def test_what_raygate_wrote_into_its_bucket_asks_for_nothing(key):
    event = an_event("eventbridge_object")
    event["detail"]["object"]["key"] = key
    assert keys(event, "otlp-files") == []
    assert keys(event, "another") == [("otlp-files", key)]


def test_a_removed_object_asks_for_nothing():
    event = an_event("s3_notification")
    event["Records"][0]["eventName"] = "ObjectRemoved:Delete"
    assert keys(event) == []


def ids(*events: Any) -> set[str | None]:
    return {one.id for event in events for one in occasion(event).asked}


def test_the_same_event_twice_is_one_replay_and_another_version_of_the_object_is_another():
    event = an_event("eventbridge_object")
    later = copy.deepcopy(event)
    later["detail"]["object"]["sequencer"] = "0055AED6DCD90281E6"
    assert len(ids(event, event)) == 1
    assert len(ids(event, later)) == 2


def test_a_replay_of_the_bus_is_another_replay():
    event = an_event("eventbridge_object")
    assert len(ids(event, event | {"replay-name": "monday"}, event | {"replay-name": "tuesday"})) == 3


def test_an_object_without_a_version_has_no_name_that_lasts():
    event = an_event("eventbridge_object")
    event["detail"]["object"] = {"key": "a.pb"}
    assert ids(event) == {None}


@pytest.mark.parametrize(
    "event",
    [
        None,
        [],
        {},
        {"Records": [{"eventSource": "aws:sqs"}]},
        {"Records": [1]},
        {"detail-type": "Object Created"},
        {"detail-type": "Object Created", "detail": {"bucket": {"name": 1}, "object": {"key": "a"}}},
        {"detail-type": "Object Created", "detail": {"bucket": {}, "object": {"key": "a"}}},
        {"detail-type": "Object Deleted", "detail": {}},
    ],
)
def test_any_other_event_is_refused(event):
    with pytest.raises(AskedError):
        occasion(event)


def test_an_empty_notification_asks_for_nothing():
    assert occasion({"Records": []}).asked == ()
