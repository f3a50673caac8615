"""Each document's fate, with X-Ray as a plain function and a clock that only sleeping moves."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError
from hypothesis import given
from hypothesis import strategies as st

from raygate.deliver import Budget, Delivery, Put, deliver
from tests.fake_xray import Clock, Store, documents


def send(count: int, put: Put, clock: Clock | None = None, seconds: float = 8.0) -> Delivery:
    texts, ids = documents(count)
    clock = clock or Clock()
    return deliver(texts, ids, put, Budget.of(seconds, clock=clock, sleep=clock.sleep, jitter=lambda: 1.0))


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
    assert max(store.received.values()) <= (1 if says_which else 7)


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


def test_looking_for_culprits_is_bounded():
    def put(_texts: list[str]) -> Mapping[str, Any]:
        raise an_error("InvalidRequestException")

    delivery = send(1_000, put)
    assert set(states(delivery)) == {"refused"}
    assert delivery.calls <= 20 + 200


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
    assert store.sizes == ([10, 1] if says_which else [10, 10])


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
        if calls == 2:
            return {"UnprocessedTraceSegments": [{"ErrorCode": "ThrottledException"}]}
        return store.put(texts)

    delivery = send(8, put)
    assert states(delivery) == ["delivered"] * 6 + ["refused", "delivered"]


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
