"""A request for a replay says what is wrong with it, by the member's name."""

import pytest

from raygate.replay.asked import RATE, Archive, AskedError, Parked, as_json, read

SPAN = {"from": "2026-11-22T12:00:00Z", "to": "2026-11-22T13:00:00Z"}

WRONG = [
    ({}, "replay: is missing"),
    ([], "replay"),
    ("archive", "replay"),
    ({"replay": "everything"}, "replay: is one of"),
    ({"replay": "archive"}, "from, to: an archive is replayed from a moment to a moment"),
    ({"replay": "archive", "from": "2026-11-22T12:00:00Z"}, "to: an archive"),
    ({"replay": "archive", **SPAN, "to": "2026-11-22T12:00:00Z"}, "to: must be later than from"),
    ({"replay": "archive", **SPAN, "from": "yesterday"}, "from: input should be a valid datetime"),
    ({"replay": "archive", **SPAN, "tenent": "shop"}, "tenent: extra inputs are not permitted"),
    ({"replay": "archive", **SPAN, "rate": 0}, "rate: input should be greater than or equal to 1"),
    ({"replay": "archive", **SPAN, "rate": "fast"}, "rate: input should be a valid integer"),
    ({"replay": "parked", "id": "../../etc"}, "id: string should match pattern"),
    ({"replay": "object"}, "key: field required"),
    ({"replay": "object", "key": ""}, "key: string should have at least 1 character"),
    ({"replay": "resume"}, "id: field required"),
    ({"replay": "resume", "id": "one", "dry_run": True}, "dry_run: input should be False"),
    ({"replay": "schedule", "dry_run": True}, "dry_run: input should be False"),
    ({"replay": "dead-letters", "queue": "q"}, "queue: extra inputs are not permitted"),
]


@pytest.mark.parametrize(("given", "told"), WRONG, ids=[told for _, told in WRONG])
def test_what_is_wrong_is_named(given, told):
    with pytest.raises(AskedError, match=r"^the replay cannot be begun: ") as caught:
        read(given)
    assert told in str(caught.value)


def test_each_wrong_member_is_named():
    with pytest.raises(AskedError) as caught:
        read({"replay": "parked", "rate": -1, "since": 1})
    assert "rate: " in str(caught.value)
    assert "since: " in str(caught.value)


def test_a_time_without_a_zone_is_utc():
    asked = read({"replay": "archive", "from": "2026-11-22T12:00:00", "to": "2026-11-22T14:00:00+01:00"})
    assert isinstance(asked, Archive)
    assert (asked.end_ms or 0) - asked.begin_ms == 3_600_000


def test_what_is_not_said_has_a_default():
    asked = read({"replay": "parked"})
    assert asked == Parked(rate=RATE, dry_run=False)


@pytest.mark.parametrize(
    "given",
    [
        {"replay": "archive", **SPAN, "tenant": "", "rate": 7, "dry_run": True, "id": "a.b-c_d"},
        {"replay": "parked", "tenant": "shop", "code": "InvalidSegment", "to": "2026-11-22T13:00:00Z"},
        {"replay": "dead-letters", "queue_url": "https://sqs.eu-west-1.amazonaws.com/123456789012/dead"},
        {"replay": "object", "bucket": "b", "key": "a/b c.pb"},
        {"replay": "resume", "id": "one"},
        {"replay": "schedule"},
    ],
    ids=lambda given: given["replay"],
)
def test_a_request_is_the_same_there_and_back(given):
    told = as_json(read(given))
    assert given.items() <= told.items()
    assert read(told) == read(given)
