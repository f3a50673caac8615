"""Each document's fate, with X-Ray as a plain function and a clock that only sleeping moves."""

import json
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError
from hypothesis import given
from hypothesis import strategies as st

from raygate.deliver import Budget, Delivery, Fate, Mend, Put, deliver
from raygate.deliver.xray import beyond_repair
from tests.fake_xray import Clock, Store, documents


def send(
    count: int, put: Put, clock: Clock | None = None, seconds: float = 8.0, mend: Mend = beyond_repair
) -> Delivery:
    texts, ids = documents(count)
    clock = clock or Clock()
    return deliver(texts, ids, put, Budget.of(seconds, clock=clock, sleep=clock.sleep, jitter=lambda: 1.0), mend)


def states(delivery: Delivery) -> list[str]:
    return [fate.state for fate in delivery.fates]


def an_error(code: str, status: int = 400) -> ClientError:
    response: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(response, "PutTraceSegments")


def failing(errors: Sequence[Exception], store: Store) -> Callable[[list[str]], Mapping[str, Any]]:
    left = list(errors)

    def put(texts: list[str]) -> Mapping[str, Any]:
        if left:
            raise left.pop(0)
        return store.put(texts)

    return put


@pytest.mark.parametrize(("count", "calls"), [(0, 0), (1, 1), (50, 1), (51, 2), (1_001, 21)])
def test_documents_go_in_as_few_calls_as_possible(count, calls):
    store = Store()
    delivery = send(count, store.put)
    assert delivery.calls == len(store.sizes) == calls
    assert states(delivery) == ["delivered"] * count
    assert len(store.stored) == count


def test_a_refused_document_costs_only_itself():
    _, ids = documents(60)
    store = Store(refuses={ids[3]: "InvalidTraceId", ids[55]: "InvalidSegment"})
    delivery = send(60, store.put)
    refused = {number: fate.reason for number, fate in enumerate(delivery.fates) if fate.state == "refused"}
    assert refused == {3: "InvalidTraceId", 55: "InvalidSegment"}
    assert delivery.calls == 2
    assert states(delivery).count("delivered") == 58


@given(refused=st.sets(st.integers(0, 119)), says_which=st.booleans())
def test_refusals_are_found_with_and_without_ids(refused, says_which):
    _, ids = documents(120)
    store = Store(refuses={ids[number]: "InvalidSegment" for number in refused}, says_which=says_which)
    delivery = send(120, store.put)
    assert {number for number, fate in enumerate(delivery.fates) if fate.state == "refused"} == refused
    assert states(delivery).count("delivered") == 120 - len(refused)
    assert max(store.received.values()) <= (1 if says_which else 3)


@pytest.mark.parametrize(("refused", "most"), [(1, 57), (2, 60), (4, 62), (10, 70), (30, 50)])
def test_without_ids_little_more_than_the_call_itself_is_sent_once_more(refused, most):
    _, ids = documents(50)
    store = Store(refuses=dict.fromkeys(ids[:: 50 // refused][:refused], "InvalidSegment"), says_which=False)
    delivery = send(50, store.put)
    assert states(delivery).count("refused") == refused
    assert store.received.total() <= 50 + most


def test_what_is_refused_for_now_without_ids_comes_again_in_groups_and_the_named_together():
    _, ids = documents(50)
    moods = [
        [{"ErrorCode": "InternalFailure"}] * 2,
        [*({"ErrorCode": "InternalFailure", "Id": one} for one in ids[:10])],
    ]
    for mood, sizes in zip(moods, ([50, *[5] * 10], [50, 10]), strict=True):
        store, answers = Store(), iter([{"UnprocessedTraceSegments": mood}])

        def put(texts: list[str], store: Store = store, answers: Any = answers) -> Mapping[str, Any]:
            return next(answers, {}) if store.put(texts) else {}

        assert states(send(50, put)) == ["delivered"] * 50
        assert store.sizes == sizes


def test_a_large_request_is_not_cut_into_more_calls_than_may_be_spent_on_finding_culprits():
    delivery = send(5_000, lambda _: {"UnprocessedTraceSegments": [{"ErrorCode": "InternalFailure"}]})
    assert states(delivery) == ["unavailable"] * 5_000
    assert delivery.calls <= 5 * 100 + 200


@given(chances=st.lists(st.floats(0, 1), min_size=60, max_size=60), seed=st.integers(0, 2**32))
def test_nothing_is_called_delivered_or_refused_that_was_not_however_often_x_ray_changes_its_mind(chances, seed):
    """Each document is refused by its own chance, anew in each call, and X-Ray never says which."""
    _, ids = documents(60)
    mood, store, ever_refused = Random(seed), Store(), set[str]()  # noqa: S311 - chance that can be repeated

    def put(texts: list[str]) -> Mapping[str, Any]:
        sent = [json.loads(text)["id"] for text in texts]
        refused = {one for one in sent if mood.random() < chances[ids.index(one)]}
        ever_refused.update(refused)
        return Store(dict.fromkeys(refused, "InvalidSegment"), says_which=False, stored=store.stored).put(texts)

    delivery = send(60, put)
    for number, fate in enumerate(delivery.fates):
        assert fate.state != "delivered" or ids[number] in store.stored
        assert fate.state != "refused" or ids[number] in ever_refused
    assert delivery.calls <= 2 + 200


@given(poisoned=st.sets(st.integers(0, 49), max_size=3))
def test_a_call_that_is_refused_as_a_whole_is_halved_until_the_culprits_are_alone(poisoned):
    store = Store()
    _, ids = documents(50)

    def put(texts: list[str]) -> Mapping[str, Any]:
        if any(ids[number] in text for number in poisoned for text in texts):
            raise an_error("InvalidRequestException")
        return store.put(texts)

    delivery = send(50, put)
    assert {number for number, fate in enumerate(delivery.fates) if fate.state == "refused"} == poisoned
    assert set(store.received.values()) <= {1}


def test_looking_for_culprits_is_bounded_and_nobody_is_condemned_unheard():
    def put(texts: list[str]) -> Mapping[str, Any]:
        alone.extend(texts if len(texts) == 1 else [])
        raise an_error("InvalidRequestException")

    alone: list[str] = []
    delivery = send(1_000, put)
    assert delivery.calls <= 20 + 200
    assert states(delivery).count("refused") == len(alone)
    assert states(delivery).count("unavailable") == 1_000 - len(alone)


def test_documents_with_one_id_are_told_apart_by_their_count():
    store = Store(refuses={"a": "InvalidSegment"})
    texts = ['{"id":"a","name":"one"}', '{"id":"b","name":"two"}']
    once = deliver(texts, ["a", "b"], store.put, Budget.of(8))
    assert states(once) == ["refused", "delivered"]
    twice = deliver([*texts, texts[0]], ["a", "b", "a"], store.put, Budget.of(8))
    assert states(twice) == ["refused", "delivered", "refused"]


@pytest.mark.parametrize("code", ["ThrottledException", "InternalFailure", "ServiceUnavailable"])
@pytest.mark.parametrize("says_which", [True, False])
def test_a_document_that_x_ray_could_not_take_just_now_is_sent_again(code, says_which):
    _, ids = documents(10)
    store = Store(refuses={ids[4]: code}, says_which=says_which)

    def put(texts: list[str]) -> Mapping[str, Any]:
        answer = store.put(texts)
        store.refuses = {}
        return answer

    delivery = send(10, put)
    assert states(delivery) == ["delivered"] * 10
    assert store.sizes == ([10, 1] if says_which else [10, 3, 3, 3, 1])


@pytest.mark.parametrize(
    "error",
    [
        an_error("ThrottledException", 429),
        an_error("ThrottlingException"),
        an_error("InternalServerError", 500),
        an_error("503", 503),
        EndpointConnectionError(endpoint_url="http://127.0.0.1"),
    ],
)
def test_a_fault_that_passes_is_waited_for(error):
    clock = Clock()
    delivery = send(3, failing([error, error], Store()), clock)
    assert states(delivery) == ["delivered"] * 3
    assert delivery.calls == 3
    assert clock.slept_s == [0.2, 0.4]


@pytest.mark.parametrize(
    ("error", "state", "calls"),
    [
        (an_error("ThrottledException", 429), "throttled", 5),
        (an_error("", 429), "throttled", 5),
        (an_error("InternalServerError", 500), "unavailable", 5),
        (an_error("SomethingNew"), "unavailable", 5),
        (an_error("ExpiredTokenException", 403), "unavailable", 1),
        (NoCredentialsError(), "unavailable", 1),
        (an_error("InvalidRequestException"), "refused", 1),
        (an_error("com.amazonaws.xray#InvalidRequestException"), "refused", 1),
    ],
)
def test_the_fate_of_a_call_that_fails_every_time_is_read_from_its_code(error, state, calls):
    delivery = send(1, failing([error] * 9, Store()))
    assert states(delivery) == [state]
    assert delivery.calls == calls


def test_half_of_the_calls_failing_leaves_the_other_half_delivered():
    store = Store()
    _, ids = documents(100)

    def put(texts: list[str]) -> Mapping[str, Any]:
        if ids[0] in texts[0]:
            raise an_error("ThrottledException", 429)
        return store.put(texts)

    delivery = send(100, put)
    assert states(delivery) == ["throttled"] * 50 + ["delivered"] * 50
    assert set(store.received.values()) == {1}


def test_a_fault_while_looking_for_the_culprit_leaves_nothing_called_delivered():
    _, ids = documents(8)
    store = Store(refuses={ids[6]: "InvalidSegment"}, says_which=False)
    calls = 0

    def put(texts: list[str]) -> Mapping[str, Any]:
        nonlocal calls
        calls += 1
        return {"UnprocessedTraceSegments": [{"ErrorCode": "ThrottledException"}]} if calls == 2 else store.put(texts)

    delivery = send(8, put)
    assert states(delivery) == ["delivered"] * 6 + ["refused", "delivered"]
    assert len(store.stored) == 7


def test_what_x_ray_says_of_a_refused_document_is_kept_with_its_fate():
    told = {"ErrorCode": "InvalidTraceId", "Message": "Invalid segment. ErrorCode: InvalidTraceId"}
    delivery = send(1, lambda _: {"UnprocessedTraceSegments": [told]})
    assert delivery.fates == [Fate("refused", told["ErrorCode"], message=told["Message"])]


def test_what_x_ray_says_of_a_refused_call_is_kept_too():
    response: Any = {"Error": {"Code": "InvalidRequestException", "Message": "no"}}
    delivery = send(1, failing([ClientError(response, "PutTraceSegments")], Store()))
    assert delivery.fates == [Fate("refused", "InvalidRequestException", message="no")]


@pytest.mark.parametrize("code", ["<script>", "x" * 101, "a\nb", "\x00"])
def test_a_code_that_looks_like_none_is_not_repeated(code):
    assert (
        send(1, lambda _: {"UnprocessedTraceSegments": [{"ErrorCode": code}]}).fates[0].reason == "an unreadable code"
    )
    assert send(1, failing([an_error(code)] * 9, Store())).fates[0].reason == "an unreadable code"


def test_a_refused_document_is_mended_once_and_sent_again():
    _, ids = documents(3)
    store = Store(refuses={ids[1]: "InvalidName"})

    def mend(text: str, code: str) -> str | None:
        store.refuses = {}
        return text.replace("shop", "store") if code == "InvalidName" else None

    delivery = send(3, store.put, mend=mend)
    assert states(delivery) == ["delivered"] * 3
    assert (delivery.mended, store.sizes) == (1, [3, 1])
    assert store.stored[ids[1]]["name"] == "store"
    assert json.loads(delivery.texts[1])["name"] == "store"


def test_a_document_that_is_refused_after_it_was_mended_is_refused_for_good():
    _, ids = documents(2)
    store = Store(refuses={ids[1]: "InvalidName"})
    delivery = send(2, store.put, mend=lambda text, _: text.replace("shop", "store"))
    assert states(delivery) == ["delivered", "refused"]
    assert store.sizes == [2, 1]


def test_nothing_is_begun_when_time_is_up():
    store = Store()
    delivery = send(3, store.put, seconds=0.1)
    assert states(delivery) == ["unavailable"] * 3
    assert not store.sizes


def test_the_pauses_end_with_the_budget():
    clock = Clock()
    error = an_error("ThrottledException", 429)
    delivery = send(1, failing([error] * 9, Store()), clock, seconds=1.0)
    assert clock.slept_s == [0.2, 0.4]
    assert states(delivery) == ["throttled"]


def test_an_accident_is_not_taken_for_a_fault_of_x_ray():
    with pytest.raises(ZeroDivisionError):
        send(1, failing([ZeroDivisionError()], Store()))


@pytest.mark.parametrize(("seconds", "most"), [(8.0, 6.0), (3.0, 1.5), (0.0, 0.0), (-1.0, -1.0)])
def test_a_budget_that_ends_sooner_leaves_time_for_what_comes_after(seconds, most):
    clock = Clock()
    budget = Budget.of(seconds, clock=clock)
    assert budget.sooner(2.0).deadline_s - clock.now_s == pytest.approx(most)
    assert budget.sooner(0.0) == budget
