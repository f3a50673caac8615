"""An HTTP API before a built function, on this machine: what the gateway does between a sender and Lambda.

Takes   functions to invoke, each of which answers one event at a time, as an execution environment does.
Gives   `serving`: the gateway on a free port. `failures` lists what the gateway itself had to answer for the function:
        its errors, results that are none, and silence.
Source  API Gateway and Lambda quotas: 10 MB a request, 10,240 bytes of head, 6 MB an event or a result, 30 s. What is
        not documented is as it was seen in the field: which bodies are text, the answers of the gateway's own.
"""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, LifoQueue
from typing import Any, Final, TypeAlias

import requests

from raygate_local.gateway import Answer, Call, answer, event, refusal

Invoke: TypeAlias = Callable[[str], dict[str, Any]]

MAX_HEAD_BYTES: Final = 10_240
MAX_BODY_BYTES: Final = 10_000_000
MAX_EVENT_BYTES: Final = 6_291_456
MAX_RESULT_BYTES: Final = 6_291_556
TIMEOUT_S: Final = 30

HOP_BY_HOP: Final = frozenset({"connection", "expect", "keep-alive", "te", "transfer-encoding", "upgrade"})
"""Between sender and gateway; the function sees none of them."""
ADDED: Final = (
    (b"x-amzn-trace-id", b"Root=1-691df3c0-6f2d1c3b5a4e79880f1e2d3c"),
    (b"x-forwarded-port", b"443"),
    (b"x-forwarded-proto", b"https"),
)
RENAMED: Final = {b"www-authenticate": b"x-amzn-remapped-www-authenticate"}

TOO_LARGE: Final = refusal(413, "Request Entity Too Large")
HEAD_TOO_LARGE: Final = refusal(431, "Request Header Fields Too Large")
BROKEN: Final = refusal(500, "Internal Server Error")
LATE: Final = refusal(503, "Service Unavailable")


class Gateway(ThreadingHTTPServer):
    """The server, and the functions that wait for an event."""

    daemon_threads = True

    def __init__(self, functions: Sequence[Invoke]) -> None:
        super().__init__(("127.0.0.1", 0), Connection)
        self.waiting: LifoQueue[Invoke] = LifoQueue()
        for function in functions:
            self.waiting.put(function)
        self.failures: list[str] = []

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens."""
        return "127.0.0.1", self.server_port

    @contextmanager
    def watched(self) -> Iterator[None]:
        """What fails here fails the test, whatever its sender made of the answer."""
        try:
            yield
        finally:
            assert self.failures == []

    def pass_on(self, call: Call) -> Answer:
        """One request through a function, one answer."""
        text = json.dumps(event(call), ensure_ascii=False)
        if len(call.body) > MAX_BODY_BYTES or len(text.encode()) > MAX_EVENT_BYTES:
            return TOO_LARGE
        try:
            return self._answer(text)
        except (Empty, requests.Timeout) as error:
            return self._failed(LATE, error)
        except Exception as error:  # noqa: BLE001 - whatever it is, the sender gets the gateway's own answer
            return self._failed(BROKEN, error)

    def _answer(self, text: str) -> Answer:
        result = self._invoke(text)
        given = answer(result)
        if given == BROKEN or len(json.dumps(result)) > MAX_RESULT_BYTES:
            raise ValueError(f"not a result: {str(result)[:500]}")
        return Answer(given.status, [(RENAMED.get(name, name), value) for name, value in given.headers], given.body)

    def _invoke(self, text: str) -> dict[str, Any]:
        function = self.waiting.get(timeout=TIMEOUT_S)
        try:
            return function(text)
        finally:
            self.waiting.put(function)

    def _failed(self, given: Answer, error: Exception) -> Answer:
        self.failures.append(repr(error))
        return given


class Connection(BaseHTTPRequestHandler):
    """A sender's connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Gateway

    def exchange(self) -> None:
        """Read a request, send its answer."""
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in self.headers.items()]
        target = self.requestline.split(" ")[1].encode("latin-1")  # `path` lacks doubled slashes
        size = len(self.requestline) + sum(len(name) + len(value) + 4 for name, value in headers)
        body = self._body()
        passed = [(name, value) for name, value in headers if name.decode() not in HOP_BY_HOP]
        call = Call(
            method=self.command,
            target=target,
            headers=[*passed, *ADDED, (b"x-forwarded-for", self.client_address[0].encode())],
            body=body,
            source_ip=self.client_address[0],
        )
        self._send(HEAD_TOO_LARGE if size > MAX_HEAD_BYTES else self.server.pass_on(call))

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = exchange  # noqa: N815 - the server's names

    def _body(self) -> bytes:
        if self.headers.get("transfer-encoding", "").lower() == "chunked":
            return b"".join(self._chunks())
        return self.rfile.read(int(self.headers.get("content-length", "0")))

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            """A trailer, which nobody needs."""

    def _send(self, given: Answer) -> None:
        self.send_response_only(given.status)
        for name, value in given.headers:
            self.send_header(name.decode("latin-1"), value.decode("latin-1"))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(given.body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def serving(functions: Sequence[Invoke]) -> Iterator[Gateway]:
    """The gateway, for a while."""
    gateway = Gateway(functions)
    thread = threading.Thread(target=gateway.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield gateway
    finally:
        gateway.shutdown()
        gateway.server_close()
        thread.join()
