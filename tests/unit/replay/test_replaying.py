"""Whatever interrupts a replay, everything is sent, nothing twice, and the counts add up."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, count, repeat
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from hypothesis import given, settings
from hypothesis import strategies as st

from raygate.keep import KeepError, Object, Undelivered, pack
from raygate.keep.parked import read_parked
from raygate.replay.asked import read
from raygate.replay.groups import MOST
from raygate.replay.replaying import carry_out
from tests.unit.replay.stage import NOON_MS, Stage, a_document, a_message, an_id

ARCHIVE = {"replay": "archive", "from": "2023-11-14T00:00:00Z", "to": "2023-11-15T00:00:00Z", "rate": 100_000}
PARKED = {"replay": "parked", "rate": 100_000}
DEAD = {"replay": "dead-letters", "rate": 100_000}
RESUME = {"replay": "resume", "id": "one", "rate": 100_000}
STATES = ("delivered", "parked", "rejected")


def throttled() -> ClientError:
    response: Any = {"Error": {"Code": "ThrottledException"}, "ResponseMetadata": {"HTTPStatusCode": 429}}
    return ClientError(response, "PutTraceSegments")


def unreachable() -> EndpointConnectionError:
    return EndpointConnectionError(endpoint_url="https://xray.eu-west-1.amazonaws.com")


class Killed(BaseException):
    """As SIGKILL: nothing catches it."""


sizes = st.lists(st.lists(st.integers(0, 160), min_size=1, max_size=4), min_size=1, max_size=5)
kinds = st.sampled_from(["archive", "dead-letters", "parked"])


def laid_out(kind: str, bundles: list[list[int]], bad: int) -> tuple[Stage, dict[str, Any], int]:
    """A stage with that much to replay; the request for it, and how many spans are valid."""
    stage, numbers = Stage(), count(1)
    for at, requests in enumerate(bundles):
        spans = [[next(numbers) for _ in range(size)] for size in requests]
        if kind == "archive":
            stage.archive(f"b{at}", *[a_message(one, bad=bad) for one in spans])
        elif kind == "dead-letters":
            for number, one in enumerate(spans):
                raw = a_message(one, bad=bad)
                packed = raw if number % 2 else pack(Undelivered(tuple(map(a_document, one)), "shop", "r-1", NOON_MS))
                stage.pile.letters[f"m{at}-{number}"] = packed
        else:
            for single in chain.from_iterable(spans):
                stage.park(single)
    return stage, {"archive": ARCHIVE, "dead-letters": DEAD, "parked": PARKED}[kind], next(numbers) - 1


def until_done(stage: Stage, first: dict[str, Any], stops: list[int]) -> list[dict[str, Any]]:
    """Replay; after so many looks at the stop sign of a run somebody stops it. Then go on, and again."""
    results, asked = [], first
    for most in [*stops, 10**9]:
        looks = count()
        (result,) = stage.replay(asked, is_stopped=lambda looks=looks, most=most: next(looks) >= most)
        assert result["unaccounted"] == 0
        results.append(result)
        if result["state"] == "done":
            break
        if asked is first and first is not DEAD:
            asked = RESUME
    return results


@settings(max_examples=25)
@given(kind=kinds, bundles=sizes, bad=st.integers(0, 2), stops=st.lists(st.integers(0, 12), max_size=4))
def test_an_interrupted_replay_goes_on_and_sends_nothing_twice(kind, bundles, bad, stops):
    stage, asked, valid = laid_out(kind, bundles, bad)
    (told,) = Stage(stage.shelf, stage.pile).replay(asked | {"dry_run": True})
    results = until_done(stage, asked, stops)
    assert results[-1]["state"] == "done"
    assert stage.xray.stored == Counter({an_id(number): 1 for number in range(1, valid + 1)})
    assert results[-1]["left"] == results[-1]["objects_left"] == 0
    assert sum(result[state] for result in results for state in STATES) == told["spans"] == results[-1]["found"]
    assert results[-1]["skipped"] == sum(result[state] for result in results[:-1] for state in STATES)
    assert stage.pile.letters == {}
    assert stage.shelf.below("parked/") == []


LAID_OUT = {
    "one large request": [[620]],
    "many small requests": [[20] * 15, [7, 30]],
    "a large one between small ones": [[3, 400, 5], [60]],
}


@pytest.mark.parametrize("taken", [1, 3, 6])
@pytest.mark.parametrize("bundles", LAID_OUT.values(), ids=LAID_OUT.keys())
@pytest.mark.parametrize("kind", ["archive", "dead-letters", "parked"])
def test_what_was_sent_of_a_group_that_could_not_be_ended_is_not_sent_again(kind, bundles, taken):
    stage, asked, valid = laid_out(kind, bundles, 2)
    (told,) = stage.replay(asked | {"dry_run": True})
    results: list[dict[str, Any]] = []
    for _ in range(40):
        stage.xray.script = chain([None] * taken, repeat(throttled()))
        asked = asked if not results or kind == "dead-letters" else RESUME
        (result,) = stage.replay(asked, left_s=30)
        assert result["unaccounted"] == 0
        results.append(result)
        if result["state"] == "done":
            break
    assert 1 < len(results) < 40
    assert stage.xray.stored == Counter({an_id(number): 1 for number in range(1, valid + 1)})
    assert sum(result[state] for result in results for state in STATES) == results[-1]["found"] == told["spans"]
    assert stage.pile.letters == {}
    assert stage.shelf.below("parked/") == []


@pytest.mark.parametrize("held", [{7, 8}, {3, 90, 310}, {620}])
@pytest.mark.parametrize("bundles", LAID_OUT.values(), ids=LAID_OUT.keys())
@pytest.mark.parametrize("kind", ["archive", "dead-letters", "parked"])
def test_a_document_that_x_ray_has_no_time_for_does_not_cost_the_others_a_second_sending(kind, bundles, held):
    stage, asked, valid = laid_out(kind, bundles, 1)
    stage.xray.holds = frozenset(map(an_id, held))
    (first,) = stage.replay(asked, left_s=30)
    assert (first["state"] == "interrupted") == any(one <= valid for one in held)
    assert first["unaccounted"] == 0
    stage.xray.holds = frozenset()
    (last,) = stage.replay(asked if kind == "dead-letters" else RESUME)
    assert last["state"] == "done"
    assert last["unaccounted"] == 0
    assert stage.xray.stored == Counter({an_id(number): 1 for number in range(1, valid + 1)})


@settings(max_examples=25)
@given(
    kind=kinds,
    bundles=sizes,
    faults=st.lists(st.sampled_from([None, None, throttled(), unreachable()]), max_size=30),
    refused=st.frozensets(st.integers(1, 300).map(an_id), max_size=20),
)
def test_faults_and_refusals_cost_no_span_and_the_counts_add_up(kind, bundles, faults, refused):
    stage, asked, valid = laid_out(kind, bundles, 1)
    stage.xray.script, stage.xray.refuses = iter(faults), refused
    (result,) = stage.replay(asked)
    ids = {an_id(number) for number in range(1, valid + 1)}
    assert result["state"] == "done"
    assert stage.xray.stored == Counter(dict.fromkeys(ids - refused, 1))
    assert (result["delivered"], result["parked"]) == (len(ids - refused), len(ids & refused))
    assert result["unaccounted"] == 0
    parked = [read_parked(stage.shelf.objects[key]) for key in stage.shelf.below("parked/")]
    assert {one.id for one in parked} == ids & refused
    assert {(one.code, one.message, one.tenant, one.request_id) for one in parked} <= {
        ("InvalidSegment", f"no {one.id}", "shop", "r-1") for one in parked
    }


@settings(max_examples=25)
@given(kind=kinds, bundles=sizes, kills=st.lists(st.integers(1, 8), max_size=4), where=st.sampled_from(["put", "xray"]))
def test_a_killed_replay_loses_nothing_and_sends_one_group_again_at_most(kind, bundles, kills, where):
    stage, asked, valid = laid_out(kind, bundles, 0)
    before = 0
    for most in kills:
        run = Killing(stage, most, where)
        try:
            with run:
                stage.replay(asked)
        except Killed:
            again = stage.xray.stored.total() - before
            assert again >= 0
        stage.pile.reappear()
        before = stage.xray.stored.total()
    (result,) = stage.replay(asked)
    assert result["state"] == "done"
    assert result["unaccounted"] == 0
    assert stage.xray.stored.keys() == {an_id(number) for number in range(1, valid + 1)}
    assert stage.xray.stored.total() <= valid + len(kills) * MOST
    assert stage.pile.letters == {}
    assert stage.shelf.below("parked/") == []


class Killing:
    """The process ends at a call: before X-Ray is asked, or before something is stored."""

    def __init__(self, stage: Stage, most: int, where: str, fault: BaseException | None = None) -> None:
        self.stage, self.most, self.where, self.fault = stage, most, where, fault or Killed()

    def __enter__(self) -> None:
        calls = count(1)

        def counted(*_: Any) -> None:
            if next(calls) > self.most:
                raise self.fault

        if self.where == "xray":
            self.stage.xray.script = _killing(counted)
        else:
            shelf = self.stage.shelf
            plain = type(shelf).put

            def put(key: str, stored: Object, timeout_s: float) -> None:
                counted()
                plain(shelf, key, stored, timeout_s)

            shelf.put = put  # type: ignore[method-assign]

    def __exit__(self, *_: object) -> None:
        self.stage.xray.script = iter(())
        self.stage.shelf.__dict__.pop("put", None)


def _killing(counted: Any) -> Iterator[None]:
    for _ in repeat(None):
        counted()
        yield None


def test_a_schedule_leaves_alone_what_somebody_is_at():
    stage = Stage()
    stage.pile.letters["m"] = a_message([1])
    stage.archive("b", a_message([2]))
    killed = Killing(stage, 0, "xray")
    for asked in (ARCHIVE, DEAD):
        with killed, pytest.raises(Killed):
            stage.replay(asked)
    stage.pile.reappear()
    assert stage.replay({"replay": "schedule"}) == []
    stage.clock.now_s += 3_600
    first, second = stage.replay({"replay": "schedule"})
    assert (first["id"], second["id"]) == ("one", "dead-letters")
    assert (first["delivered"], second["delivered"]) == (1, 1)


def test_a_schedule_leaves_alone_what_a_person_has_stopped():
    stage = Stage()
    stage.archive("b", a_message([1]))
    (stopped,) = stage.replay(ARCHIVE, is_stopped=lambda: True)
    assert (stopped["state"], stopped["left"], stopped["objects_left"]) == ("interrupted", 0, 1)
    stage.clock.now_s += 3_600
    (letters,) = stage.replay({"replay": "schedule"})
    assert letters["id"] == "dead-letters"
    (resumed,) = stage.replay({"replay": "resume", "id": "one"})
    assert (resumed["state"], resumed["delivered"]) == ("done", 1)


def test_a_store_that_fails_says_which_replay_can_be_resumed():
    stage = Stage()
    stage.archive("b", a_message(range(1, 400)))
    with Killing(stage, 2, "put", KeepError("the bucket failed: SlowDown")), pytest.raises(KeepError) as caught:
        stage.replay(ARCHIVE)
    assert str(caught.value) == "the bucket failed: SlowDown; the replay 'one' can be resumed"
    (result,) = stage.replay(RESUME)
    assert (result["state"], result["skipped"] + result["delivered"]) == ("done", 399)


def test_a_body_that_is_larger_than_a_wire_takes_is_replayed():
    stage = Stage()
    settings = replace(stage.site().settings, max_wire_bytes=100)
    stage.archive("b", a_message([1, 2]))
    (result,) = carry_out(read(ARCHIVE), "one", replace(stage.site(), settings=settings), stage.limits())
    assert result["delivered"] == 2
