"""SQS and S3 for tests: moto behind a real socket, and in front of it faults by script.

`serving` starts it; `play` sets the faults for the next requests, one for each, then no more. The faults are those of
`fake_xray`, seen from the other side: what is kept before a reset is kept by moto.
"""

import http.client
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from moto.server import ThreadedMotoServer

PASSED_ON = frozenset({"content-type", "x-amz-meta-other", "etag", "content-encoding"})


class Handler(BaseHTTPRequestHandler):
    """One connection, passed on to moto unless a fault comes first."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: "FakeAws"

    def handle_one(self) -> None:
        """Any request."""
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        with self.server.lock:
            self.server.requests += 1
            fault = self.server.script.popleft() if self.server.script else None
        if fault:
            fault(self, body)
        else:
            self.send(*self.passed_on(body))

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = handle_one  # noqa: N815 - the names that the server calls

    def passed_on(self, body: bytes) -> tuple[int, bytes, dict[str, str]]:
        """Moto's answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.moto_port, timeout=20)
        try:
            connection.request(self.command, self.path, body, dict(self.headers))
            answer = connection.getresponse()
            headers = {name: value for name, value in answer.getheaders() if name.lower() in PASSED_ON}
            return answer.status, answer.read(), headers
        finally:
            connection.close()

    def send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        """One whole answer."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nothing is printed."""


Fault = Callable[[Handler, bytes], None]


class FakeAws(ThreadingHTTPServer):
    """The server."""

    daemon_threads = True

    def __init__(self, moto_port: int) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.moto_port = moto_port
        self.lock = threading.Lock()
        self.released = threading.Event()
        self.play()

    def play(self, *script: Fault) -> None:
        """From now on these faults. What hangs is let go."""
        self.released.set()
        self.released = threading.Event()
        self.script = deque(script)
        self.requests = 0

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}"


@contextmanager
def serving() -> Iterator[FakeAws]:
    """SQS and S3 on a socket, for a while."""
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    moto.start()
    server = FakeAws(moto.get_host_and_port()[1])
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        server.server_close()
        moto.stop()


def error(status: int, code: str) -> Fault:
    """An error of AWS's kind, in the forms of both services."""
    json_body = b'{"__type":"%b","message":"told by the fake"}' % code.encode()
    xml_body = b"<Error><Code>%b</Code><Message>told by the fake</Message></Error>" % code.encode()

    def fail(handler: Handler, _: bytes) -> None:
        body = json_body if "x-amz-target" in handler.headers else xml_body
        handler.send(status, body, {"content-type": "application/x-amz-json-1.0"})

    return fail


def answers(status: int, body: bytes) -> Fault:
    """Any answer."""
    return lambda handler, _: handler.send(status, body, {"content-type": "application/x-amz-json-1.0"})


def resets(handler: Handler, _: bytes) -> None:
    """The connection is reset before anything was kept."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True
    handler.connection.close()


def keeps_and_resets(handler: Handler, body: bytes) -> None:
    """The connection is reset after everything was kept."""
    handler.passed_on(body)
    resets(handler, body)


def hangs(handler: Handler, _: bytes) -> None:
    """No answer, ever."""
    handler.server.released.wait(5)
    handler.close_connection = True
