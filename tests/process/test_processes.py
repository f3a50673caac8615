"""Several processes on the endpoint's port: counted together, replaced when one dies, ended with the first."""

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.fake_xray import FakeXRay, error, serving
from tests.process.serving import TIMEOUT_S, Running, ask, post, running
from tests.process.told import address_of

PAGE = r"status page is on http://(\S+)"


def a_request(number: int) -> bytes:
    ids = {"traceId": f"5b8efff798038103d269b633{number:08x}", "spanId": f"eee19b7e{number:08x}"}
    span = ids | {"name": "op", "startTimeUnixNano": "1790000000000000000", "endTimeUnixNano": "1790000001000000000"}
    return post(json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]}).encode(), "application/json")


@contextmanager
def served(xray: FakeXRay, *options: str) -> Iterator[Running]:
    environ = {
        "AWS_ENDPOINT_URL_XRAY": xray.url,
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "a",
        "AWS_SECRET_ACCESS_KEY": "b",
    }
    with running("--processes", "3", "--status-port", "0", *options, environ=environ) as server:
        until(lambda: len(others(server)) == 2)
        yield server


def others(server: Running) -> list[int]:
    """The processes beside the first one."""
    pid = server.process.pid
    children = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for file in children for child in file.read_text().split()]


def is_running(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def until(holds: Callable[[], bool]) -> None:
    """Wait for it."""
    end = time.monotonic() + TIMEOUT_S
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def told(server: Running) -> dict[str, Any]:
    answer = ask(address_of(server, PAGE), b"GET /status.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", "GET")
    spans: dict[str, Any] = json.loads(answer.body)["spans"]
    return spans


def counts(server: Running) -> dict[str, Any]:
    """Those of one moment."""
    now = told(server)
    return {name: now[name] for name in ("received", "delivered", "unaccounted")}


def send(server: Running, count: int) -> None:
    for number in range(count):
        assert ask(server.address, a_request(number)).status == 200


def test_what_they_take_is_delivered_and_counted_together():
    with serving() as xray, served(xray) as server:
        send(server, 120)
        until(lambda: counts(server) == {"received": 120, "delivered": 120, "unaccounted": 0})
        assert len(xray.store.stored) == 120


def test_one_that_dies_is_replaced_and_nothing_is_counted_less():
    with serving() as xray, served(xray) as server:
        send(server, 120)
        until(lambda: told(server)["received"] == 120)
        gone = others(server)[0]
        os.kill(gone, signal.SIGKILL)
        until(lambda: gone not in others(server) and len(others(server)) == 2)
        assert ask(server.address, a_request(500)).status == 200
        until(lambda: told(server)["received"] == 121)


def test_they_end_when_the_first_one_is_killed():
    with serving() as xray, served(xray) as server:
        pids = others(server)
        server.process.kill()
        until(lambda: not any(map(is_running, pids)))


def test_what_any_of_them_cannot_deliver_is_in_the_one_queue_and_delivered_later(tmp_path):
    with serving() as xray:
        xray.play(xray.store, *[error(403, "AccessDeniedException")] * 40)
        with served(xray, "--data", str(tmp_path / "data")) as server:
            send(server, 40)
            until(lambda: len(xray.store.stored) == 40)
