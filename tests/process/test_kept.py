"""`raygate serve` keeps what X-Ray does not take: the answer is 200, and it arrives later, also after a restart."""

import re

import pytest

from tests.fake_xray import FakeXRay, Store, error, serving
from tests.process.fake_aws import serving_aws
from tests.process.kept_traffic import Traffic, wait_until
from tests.process.serving import Running, raygate, running

AWAY = [error(503, "ServiceUnavailable")] * 10_000
TO = "AWS_ENDPOINT_URL_XRAY"


@pytest.fixture
def xray():
    with serving() as server:
        yield server


def a_line(server: Running, pattern: str) -> str:
    """The next line like that."""
    while not re.search(pattern, line := server.line()):
        assert line, "it has ended"
    return line


def everything_is_there(traffic: Traffic, xray: FakeXRay) -> bool:
    return wait_until(lambda: not traffic.missing(xray))


@pytest.mark.parametrize("delivery", ["direct", "buffered"])
def test_what_x_ray_does_not_take_is_kept_and_arrives_later(delivery, xray, tmp_path):
    traffic, environ = Traffic(), {TO: xray.url, "RAYGATE_DELIVERY": delivery}
    xray.play(Store(), *AWAY)
    with running("--data", str(tmp_path), environ=environ) as server:
        assert server.welcome[2] == f"What X-Ray does not take now is kept in {tmp_path} (nothing waits)"
        assert traffic.send(server, traffic.ids()) == 200
        assert a_line(server, "kept in the queue").startswith("3 spans ")
        a_line(server, "^kept for later: 3 documents not delivered: ServiceUnavailable")
        xray.script.clear()
        a_line(server, "^trace 1-69b31a5e-0{23}1  3 documents")
    assert traffic.acknowledged == xray.store.stored.keys()


def test_what_waits_is_told_at_the_next_start_and_delivered(xray, tmp_path):
    traffic = Traffic()
    xray.play(Store(), *AWAY)
    with running("--data", str(tmp_path), environ={TO: xray.url}) as server:
        assert traffic.send(server, traffic.ids()) == 200
        assert server.stop() == 0
    xray.script.clear()
    with running("--data", str(tmp_path), environ={TO: xray.url}) as server:
        assert re.search(r"\(1 message waits, the oldest for \d+ (s|min)\)", server.welcome[2])
        assert everything_is_there(traffic, xray)


def test_when_it_is_told_to_stop_it_delivers_what_can_be_delivered(xray, tmp_path):
    traffic = Traffic()
    environ = {TO: xray.url, "RAYGATE_DELIVERY": "buffered"}
    with running("--data", str(tmp_path), environ=environ) as server:
        for _ in range(20):
            assert traffic.send(server, traffic.ids()) == 200
        assert server.stop() == 0
    with running("--data", str(tmp_path), environ=environ) as server:
        assert everything_is_there(traffic, xray), "what was left is delivered at the next start"


def test_a_folder_has_one_owner(xray, tmp_path):
    with running("--data", str(tmp_path), environ={TO: xray.url}) as server:
        status, _, errors = raygate("serve", "--port", "0", "--data", str(tmp_path), environ={TO: xray.url})
        assert (status, errors.count("\n")) == (1, 1)
        assert f"belongs to another raygate serve, process {server.process.pid}, that is running" in errors


@pytest.mark.parametrize(
    ("arguments", "environ", "ends_with", "why"),
    [
        (["--data", "/dev/null/data"], {}, 1, "Cannot keep anything in /dev/null/data: Not a directory; "),
        (["--data", ""], {"RAYGATE_DELIVERY": "buffered"}, 2, "RAYGATE_DELIVERY=buffered needs RAYGATE_QUEUE_URL"),
        (
            ["--data", ""],
            {"RAYGATE_QUEUE_URL": "http://127.0.0.1:9/1/q", "AWS_ENDPOINT_URL_SQS": "http://127.0.0.1:9"},
            1,
            "the queue failed: EndpointConnectionError.",
        ),
    ],
)
def test_what_cannot_be_kept_is_said_at_the_start(arguments, environ, ends_with, why):
    status, _, errors = raygate("serve", "--port", "0", "--xray-port", "0", *arguments, environ=environ)
    assert status == ends_with
    assert why in errors
    assert errors.count("\n") == 1


def test_with_a_queue_of_aws_it_is_kept_there_and_taken_from_there(xray):
    traffic = Traffic()
    xray.play(Store(), *AWAY)
    with serving_aws() as aws:
        with running(environ={TO: xray.url} | aws.environ) as server:
            assert f"is kept in {aws.queue_url} (nothing waits)" in server.welcome[2]
            assert traffic.send(server, traffic.ids()) == 200
            a_line(server, "^3 spans kept in the queue")
            xray.script.clear()
            a_line(server, "^trace ")
        assert traffic.acknowledged == xray.store.stored.keys()
