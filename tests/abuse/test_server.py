"""Slow and endless requests to the local server: each ends after a bounded time, and keeps nobody else waiting."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.abuse.impatient import PATIENCE_S
from tests.process.serving import ENVIRONMENT, ROOT, Connection, ask, post

Address = tuple[str, int]

EMPTY = b"{}"
HEAD = b"POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
SLOW = 100
"""Connections at a time."""

BEGINNINGS = {
    "nothing at all": b"",
    "half a request line": b"POST /v1/tr",
    "headers without an end": HEAD,
    "a body without an end": HEAD + b"Content-Length: 100\r\n\r\n{",
    "a chunk without an end": HEAD + b"Transfer-Encoding: chunked\r\n\r\nff\r\n{",
    "chunks without an end": HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
    "a second request without an end": post(EMPTY) + b"POST /v1/tr",
}


@pytest.fixture(scope="module")
def address() -> Iterator[Address]:
    """A server that waits half a second for heads and for bodies."""
    command = [sys.executable, "-u", "-m", "tests.abuse.impatient"]
    environment = ENVIRONMENT | {"PYTHONPATH": f"{ROOT}:{ENVIRONMENT['PYTHONPATH']}"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment) as process:
        assert process.stdout
        host, port = process.stdout.readline().strip().removeprefix("http://").split(":")
        try:
            yield host, int(port)
        finally:
            process.terminate()


def last_status(connection: Connection) -> int:
    """The status of the answer after which the server has closed."""
    said: bytes = connection.file.read()
    return int(said[said.rindex(b"HTTP/1.1 ") :].split()[1])


@pytest.mark.parametrize("beginning", BEGINNINGS)
def test_what_never_ends_is_answered_and_closed(address, beginning):
    with Connection(address) as connection:
        connection.send(BEGINNINGS[beginning])
        assert last_status(connection) == 408


@pytest.mark.parametrize("drop", [b"X-Slow: 1\r\n", b"a"], ids=["header", "byte"])
def test_headers_that_drip_do_not_begin_the_time_anew(address, drop):
    with Connection(address) as connection:
        connection.send(HEAD + b"X-Drip: ")
        started = time.monotonic()
        try:
            while time.monotonic() - started < 20 * PATIENCE_S:
                connection.send(drop)
                time.sleep(PATIENCE_S / 10)
        except OSError:  # it has closed
            return
        pytest.fail("it went on listening")


def test_a_body_that_drips_does_not_begin_the_time_anew(address):
    with Connection(address) as connection:
        connection.send(HEAD + b"Content-Length: 1000\r\n\r\n")
        started = time.monotonic()
        try:
            while time.monotonic() - started < 20 * PATIENCE_S:
                connection.send(b"{")
                time.sleep(PATIENCE_S / 10)
        except OSError:
            return
        pytest.fail("it went on listening")


@pytest.mark.parametrize("beginning", BEGINNINGS)
def test_others_are_answered_meanwhile(address, beginning):
    with ExitStack() as stack:
        for _ in range(SLOW):
            stack.enter_context(Connection(address)).send(BEGINNINGS[beginning])
        assert ask(address, post(EMPTY)).status == 200


@pytest.mark.parametrize(
    ("flood", "status"),
    [
        (b"X-Long: " + b"a" * 10_240 + b"\r\n", 431),
        (b"X-Many: 1\r\n" * 1_000, 431),
        (b"X-Many: 1\r\n" * 100_000, 400),
        (b"X-Endless: " + b"a" * 5_000_000, 400),
    ],
    ids=["one long", "a thousand", "a hundred thousand", "endless"],
)
def test_a_flood_of_headers_is_refused(address, flood, status):
    with Connection(address) as connection:
        try:
            connection.send(HEAD + flood + b"Content-Length: 2\r\n\r\n{}")
            answer = connection.read()
        except OSError:  # closed while we were still sending
            answer = None
        assert answer is None or answer.status == status
    assert ask(address, post(EMPTY)).status == 200


def test_an_endless_body_is_refused_at_the_gateways_limit(address):
    chunk = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
    with Connection(address) as connection:
        connection.send(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 11)
        assert connection.read().status == 413
