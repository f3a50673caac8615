"""Every captured request in each way in which a connection may carry it: the answer is always the same one.

What changes is what HTTP leaves to senders and proxies: case, order and blanks of header lines, how the body is framed,
the version of HTTP, and what else is on the connection.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeAlias

import pytest

from tests.corpus import Captured, captured
from tests.process.serving import Answer, Connection, Running, running

Lines: TypeAlias = Sequence[tuple[str, str]]

FRAMING: Final = frozenset({"content-length", "transfer-encoding", "connection", "expect"})
TOGETHER: Final = 8
"""Requests that are sent before the first answer is read."""


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running("--xray-port", "0") as started:
        yield started


@pytest.fixture(scope="module")
def answers(server) -> dict[str, Answer]:
    """What each request gets as it was captured."""
    return {one.file: exchange(server, one, one.wire()) for one in captured()}


def exchange(server: Running, capture: Captured, wire: bytes) -> Answer:
    with Connection(server.address) as connection:
        connection.send(wire)
        return connection.read(capture.method)


def head(capture: Captured, lines: Lines, version: str = "1.1") -> bytes:
    """Request line and header lines; those that a proxy makes anew are the caller's."""
    start = f"{capture.method} {capture.path} HTTP/{version}"
    return "\r\n".join([start, *(f"{name}:{value}" for name, value in lines), "", ""]).encode("latin-1")


def lines_of(capture: Captured) -> list[tuple[str, str]]:
    """All that is not about the framing."""
    return [(name, f" {value}") for name, value in capture.headers if name.lower() not in FRAMING]


def length_of(capture: Captured) -> tuple[str, str]:
    return "content-LENGTH", f" {len(capture.body)}"


def shouted(capture: Captured) -> bytes:
    """Names in capitals, the last line first, more white space than need be and none."""
    lines = [(name.upper(), f"{value} \t") for name, value in lines_of(capture)]
    return head(capture, [*reversed(lines), length_of(capture)]) + capture.body


def huddled(capture: Captured) -> bytes:
    """Names in lower case, the length first, no white space."""
    lines = [(name.lower(), value.strip()) for name, value in lines_of(capture)]
    return head(capture, [length_of(capture), *lines]) + capture.body


def chunked(size: int) -> Callable[[Captured], bytes]:
    """The body in chunks of that size, which are written with zeros and an extension."""

    def wire(capture: Captured) -> bytes:
        body = capture.body
        chunks = [body[at : at + size] for at in range(0, len(body), size)] + [b""]
        framed = b"".join(b"%08X;of=%d\r\n%b\r\n" % (len(chunk), size, chunk) for chunk in chunks)
        return head(capture, [("TRANSFER-encoding", " Chunked"), *lines_of(capture)]) + framed

    return wire


def old(capture: Captured) -> bytes:
    """HTTP/1.0: the connection ends with the answer."""
    return head(capture, [*lines_of(capture), length_of(capture)], "1.0") + capture.body


WAYS: Final = {"shouted": shouted, "huddled": huddled, "one chunk": chunked(10**7), "small chunks": chunked(61)}


def same(given: Answer, wanted: Answer) -> bool:
    return (given.status, given.headers.get("content-type"), given.body) == (
        wanted.status,
        wanted.headers.get("content-type"),
        wanted.body,
    )


@pytest.mark.parametrize("way", WAYS)
def test_a_request_in_other_words_gets_the_same_answer(way, server, answers):
    given = {one.file: exchange(server, one, WAYS[way](one)) for one in captured()}
    assert [file for file, answer in given.items() if not same(answer, answers[file])] == []


def test_one_connection_carries_all_requests_in_turn(server, answers):
    with Connection(server.address) as connection:
        for capture in captured():
            connection.send(shouted(capture))
            assert same(connection.read(capture.method), answers[capture.file]), capture.file


def test_requests_that_do_not_wait_are_answered_in_order(server, answers):
    waiting = captured()
    for at in range(0, len(waiting), TOGETHER):
        together = waiting[at : at + TOGETHER]
        with Connection(server.address) as connection:
            ways = [WAYS[name] for name in WAYS] * TOGETHER
            connection.send(b"".join(way(one) for way, one in zip(ways, together, strict=False)))
            given = [connection.read(one.method) for one in together]
            assert all(same(answer, answers[one.file]) for answer, one in zip(given, together, strict=True))


def test_http_1_0_gets_the_same_answer_and_an_end(server, answers):
    for capture in captured():
        with Connection(server.address) as connection:
            connection.send(old(capture))
            assert same(connection.read(capture.method), answers[capture.file]), capture.file
            assert connection.is_closed()


def test_a_sender_that_asks_before_its_body_is_told_to_go_on(server, answers):
    for capture in captured():
        if capture.body:
            with Connection(server.address) as connection:
                connection.send(head(capture, [*lines_of(capture), length_of(capture), ("Expect", " 100-Continue")]))
                assert connection.read().status == 100
                connection.send(capture.body)
                assert same(connection.read(capture.method), answers[capture.file]), capture.file
