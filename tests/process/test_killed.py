"""SIGKILL at any moment, and a start on the same folder or queue: nothing that was acknowledged is missing."""

import json
import random
import signal
import threading
import time
from collections.abc import Mapping, Sequence
from functools import partial

import pytest

from tests import fake_xray
from tests.fake_xray import Fault, Handler, error, serving
from tests.process.fake_aws import Moment, serving_aws
from tests.process.kept_traffic import SPANS, Traffic, wait_until
from tests.process.serving import TIMEOUT_S, Running, running

TO = "AWS_ENDPOINT_URL_XRAY"
ROUNDS = 2


def takes(handler: Handler, texts: Sequence[str]) -> None:
    """X-Ray as it should be."""
    handler.send(200, json.dumps(handler.keep(texts)).encode())


FAULTS: Mapping[Fault, int] = {
    takes: 60,
    error(429, "ThrottledException"): 20,
    error(500, "InternalServerError"): 10,
    fake_xray.resets: 5,
    fake_xray.stores_and_resets: 5,
    fake_xray.hangs: 1,
}
"""What X-Ray does, and how often."""


@pytest.fixture
def xray():
    with serving() as server:
        yield server


@pytest.fixture(params=["a folder", "AWS"])
def start(request, xray, tmp_path):
    """Starts the server on what the one before it has kept."""
    environ = {TO: xray.url}
    if request.param == "a folder":
        yield lambda **more: running("--data", str(tmp_path), environ=environ | more, accidents=True)
    else:
        with serving_aws() as aws:
            yield lambda **more: running(environ=environ | aws.environ | more, accidents=True)


def kill(server: Running) -> None:
    server.process.send_signal(signal.SIGKILL)
    server.process.wait(TIMEOUT_S)


@pytest.mark.parametrize("delivery", ["direct", "buffered"])
def test_killed_at_random_nothing_acknowledged_is_missing(delivery, start, xray):
    chance, traffic = random.Random(delivery), Traffic()  # noqa: S311 - chance that can be repeated
    for _ in range(ROUNDS):
        xray.play(xray.store, *chance.choices(list(FAULTS), list(FAULTS.values()), k=5_000))
        with start(RAYGATE_DELIVERY=delivery) as server, traffic.flowing(server):
            enough = len(traffic.acknowledged) + chance.randint(3, 60)
            assert wait_until(partial(traffic.has_acknowledged, enough))
            time.sleep(chance.uniform(0.0, 0.3))
            kill(server)
    xray.play(xray.store)
    with start(RAYGATE_DELIVERY=delivery):
        assert wait_until(lambda: not traffic.missing(xray)), len(traffic.missing(xray))


AT_X_RAY: Sequence[Moment] = (("PutTraceSegments", "before"), ("PutTraceSegments", "after"))
AT_SQS: Sequence[Moment] = (
    ("SendMessageBatch", "before"),
    ("SendMessageBatch", "after"),
    ("ReceiveMessage", "after"),
    ("DeleteMessageBatch", "before"),
    ("DeleteMessageBatch", "after"),
)


def test_killed_at_each_call_a_buffered_request_arrives(xray):
    traffic, environ = Traffic(), {TO: xray.url, "RAYGATE_DELIVERY": "buffered"}
    unanswered: list[str] = []
    with serving_aws() as aws:
        for moment in (*AT_SQS, *AT_X_RAY):
            with running(environ=environ | aws.environ, accidents=True) as server:
                if unanswered:
                    assert traffic.send(server, unanswered) == 200, "senders that had no answer send again"
                if moment in AT_SQS:
                    aws.set(moment, server.process.kill)
                else:
                    xray.play(xray.store, killing(server, moment))
                unanswered = traffic.ids()
                if traffic.send(server, unanswered) == 200:
                    unanswered = []
                server.process.wait(TIMEOUT_S)
        with running(environ=environ | aws.environ) as server:
            assert not unanswered or traffic.send(server, unanswered) == 200
            assert wait_until(lambda: not traffic.missing(xray)), traffic.missing(xray)
    assert len(traffic.acknowledged) == SPANS * len((*AT_SQS, *AT_X_RAY))


@pytest.mark.parametrize("moment", AT_X_RAY)
def test_killed_while_x_ray_has_the_documents_of_the_queue_they_arrive(moment, xray, tmp_path):
    traffic, answered = Traffic(), threading.Event()
    with running("--data", str(tmp_path), environ={TO: xray.url}, accidents=True) as server:
        xray.play(xray.store, *[error(503, "ServiceUnavailable")] * 5, killing(server, moment, answered))
        assert traffic.send(server, traffic.ids()) == 200
        answered.set()
        server.process.wait(TIMEOUT_S)
    with running("--data", str(tmp_path), environ={TO: xray.url}):
        assert wait_until(lambda: not traffic.missing(xray))
    assert max(xray.store.received.values()) <= 2


def killing(server: Running, moment: Moment, then: threading.Event | None = None) -> Fault:
    """X-Ray's call that the process does not live to see answered; it lives until then."""

    def fault(handler: Handler, texts: Sequence[str]) -> None:
        assert then is None or then.wait(TIMEOUT_S)
        if moment[1] == "after":
            handler.keep(texts)
        server.process.kill()
        handler.close_connection = True

    return fault
