"""The real client against an X-Ray that misbehaves, over real connections."""

import time

import pytest

from raygate.deliver import Budget, Delivery, Fate, deliver
from raygate.deliver.client import connect
from tests import fake_xray
from tests.fake_xray import Store, documents, serving
from tests.ports import reserved


@pytest.fixture(scope="module")
def xray():
    """A fake X-Ray, and the client for it."""
    with pytest.MonkeyPatch.context() as patch, serving() as server:
        patch.setenv("AWS_ENDPOINT_URL_XRAY", server.url)
        yield server, connect("eu-west-1")


@pytest.fixture
def send(xray):
    """Deliver some documents to a store behind some faults."""
    server, put = xray

    def to(store: Store, *faults: fake_xray.Fault, count: int = 3, seconds: float = 8.0) -> Delivery:
        server.play(store, *faults)
        texts, ids = documents(count)
        return deliver(texts, ids, put, Budget.of(seconds, jitter=lambda: 0.05))

    yield to
    server.play(Store())


FAULTS = {
    "throttled": fake_xray.error(429, "ThrottledException"),
    "throttled by another name": fake_xray.error(400, "ThrottlingException"),
    "its own error": fake_xray.error(500, "InternalServerError"),
    "unavailable": fake_xray.error(503, "ServiceUnavailable"),
    "a proxy's page": fake_xray.answers(502, b"<html>Bad gateway</html>"),
    "an error that is no text": fake_xray.answers(500, b"\xff\xfe\x00"),
    "success that is no JSON": fake_xray.answers(200, b"<html>Welcome to the hotel</html>"),
    "success that is another JSON": fake_xray.answers(200, b"[]"),
    "success whose list is none": fake_xray.answers(200, b'{"UnprocessedTraceSegments": "x"}'),
    "success whose list holds no entries": fake_xray.answers(200, b'{"UnprocessedTraceSegments": ["x", 1]}'),
    "success that is nothing": fake_xray.answers(200, b""),
    "success that is no text": fake_xray.answers(200, b"\xff\xfe\x00"),
    "reset": fake_xray.resets,
    "reset after it was stored": fake_xray.stores_and_resets,
    "cut short": fake_xray.cut_short,
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_that_passes_costs_nothing(fault, send):
    store = Store()
    delivery = send(store, fault, fault)
    assert {fate.state for fate in delivery.fates} == {"delivered"}
    assert delivery.calls == 3
    assert len(store.stored) == 3


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_that_stays_leaves_nothing_called_delivered(fault, send):
    delivery = send(Store(), *[fault] * 9)
    assert not {fate.state for fate in delivery.fates} & {"delivered", "refused"}
    assert delivery.calls == 5


@pytest.mark.parametrize("fault", [fake_xray.hangs, fake_xray.drips])
def test_a_call_without_an_end_is_left_behind_in_time(fault, send):
    begin = time.monotonic()
    delivery = send(Store(), *[fault] * 9, seconds=0.6)
    assert delivery.fates == [Fate("unavailable", "no time left", is_retryable=True)] * 3
    assert time.monotonic() - begin < 2.5


@pytest.mark.parametrize("code", ["ExpiredTokenException", "UnrecognizedClientException", "AccessDeniedException"])
def test_wrong_credentials_are_no_fault_of_the_documents(code, send):
    delivery = send(Store(), *[fake_xray.error(403, code)] * 9)
    assert delivery.fates == [Fate("unavailable", code)] * 3
    assert delivery.calls == 1


def test_a_body_that_is_too_large_is_sent_in_parts(send):
    store = Store()
    delivery = send(store, fake_xray.answers(413, b""), count=40)
    assert {fate.state for fate in delivery.fates} == {"delivered"}
    assert sorted(store.sizes) == [20, 20]


@pytest.mark.parametrize("says_which", [True, False])
def test_refused_documents_are_known_one_by_one(says_which, send):
    _, ids = documents(50)
    store = Store(refuses={ids[17]: "InvalidTraceId"}, says_which=says_which)
    delivery = send(store, count=50)
    assert [number for number, fate in enumerate(delivery.fates) if fate.state == "refused"] == [17]
    assert delivery.fates[17].reason == "InvalidTraceId"
    assert len(store.stored) == 49


def test_an_answer_without_the_list_of_refusals_refuses_nothing(send):
    assert {fate.state for fate in send(Store(), fake_xray.answers(200, b"{}")).fates} == {"delivered"}


def test_calls_of_one_request_go_side_by_side_over_kept_connections(send, xray):
    server, _ = xray
    connections = set()
    for _ in range(3):
        assert send(Store(), count=1_000).calls == 20
        connections |= server.connections
    assert 1 < len(connections) <= 8


def test_a_connection_that_x_ray_closed_meanwhile_is_rebuilt(monkeypatch):
    texts, ids = documents(1)
    with reserved() as port:
        monkeypatch.setenv("AWS_ENDPOINT_URL_XRAY", f"http://127.0.0.1:{port}")
        put = connect("eu-west-1")
        for _ in range(2):
            with serving(port):
                assert deliver(texts, ids, put, Budget.of(jitter=lambda: 0.05)).fates[0].state == "delivered"
