"""X-Ray for tests: as a plain `put`, and over real HTTP with faults by script.

`Store` keeps what it takes and refuses by id, with or without saying which. `serving` puts it behind a socket, where a
list of faults may come before it: one for each request, then no more.
"""

import json
import socket
import ssl
import struct
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MOST_DOCUMENTS = 50


@dataclass
class Store:
    """What X-Ray does with the documents of a call."""

    refuses: Mapping[str, str] = field(default_factory=dict)
    """Ids, each with X-Ray's code."""
    says_which: bool = True
    received: Counter[str] = field(default_factory=Counter)
    """How often each id was sent."""
    stored: dict[str, dict[str, Any]] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    """What was sent, as it came and in that order."""
    sizes: list[int] = field(default_factory=list)
    """Documents of each call."""

    def put(self, texts: Sequence[str]) -> dict[str, Any]:
        """PutTraceSegments."""
        assert 0 < len(texts) <= MOST_DOCUMENTS
        self.texts += texts
        self.sizes.append(len(texts))
        unprocessed = []
        for document in map(json.loads, texts):
            self.received[document["id"]] += 1
            code = self.refuses.get(document["id"])
            if code:
                unprocessed.append({"ErrorCode": code, **({"Id": document["id"]} if self.says_which else {})})
            else:
                self.stored[document["id"]] = document
        return {"UnprocessedTraceSegments": unprocessed}


def documents(count: int) -> tuple[list[str], list[str]]:
    """That many documents as texts, and their ids."""
    ids = [f"{number:016x}" for number in range(1, count + 1)]
    return [json.dumps({"id": one, "name": "shop"}) for one in ids], ids


class Handler(BaseHTTPRequestHandler):
    """One connection; what it may use hangs on the server."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: "FakeXRay"

    def do_POST(self) -> None:
        """Every call is PutTraceSegments."""
        body = self.rfile.read(int(self.headers["content-length"]))
        texts = json.loads(body)["TraceSegmentDocuments"]
        with self.server.lock:
            self.server.connections.add(self.client_address)
            fault = self.server.script.popleft() if self.server.script else None
        if fault:
            fault(self, texts)
        else:
            self.send(200, json.dumps(self.keep(texts)).encode())

    def keep(self, texts: Sequence[str]) -> dict[str, Any]:
        """Store what X-Ray stores."""
        with self.server.lock:
            return self.server.store.put(texts)

    def send(self, status: int, body: bytes, **headers: str) -> None:
        """One whole answer."""
        self.send_response(status)
        for name, value in {"content-type": "application/json", **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nothing is printed."""


Fault = Callable[[Handler, Sequence[str]], None]


class FakeXRay(ThreadingHTTPServer):
    """The server. It outlives a test, since a client is expensive; `play` sets it for the next."""

    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.lock = threading.Lock()
        self.released = threading.Event()
        self.play(Store())

    def play(self, store: Store, *script: Fault) -> None:
        """From now on these faults, one for each request, and then the store. What hangs is let go."""
        self.released.set()
        self.released = threading.Event()
        self.store = store
        self.script = deque(script)
        self.connections: set[tuple[str, int]] = set()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}"


@contextmanager
def serving(port: int = 0, tls: ssl.SSLContext | None = None) -> Iterator[FakeXRay]:
    """X-Ray on a socket, for a while."""
    server = FakeXRay(port)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        server.server_close()


def error(status: int, code: str) -> Fault:
    """An error of AWS's kind."""
    body = json.dumps({"__type": code, "message": "told by the fake"}).encode()
    return lambda handler, _: handler.send(status, body, x_amzn_errortype=code)


def answers(status: int, body: bytes) -> Fault:
    """Any answer."""
    return lambda handler, _: handler.send(status, body)


def writes(*pieces: bytes) -> Fault:
    """These bytes, one piece after the other, and then the end of the connection."""

    def write(handler: Handler, _: Sequence[str]) -> None:
        for piece in pieces:
            handler.wfile.write(piece)
            time.sleep(0.01)
        handler.close_connection = True

    return write


def resets(handler: Handler, _: Sequence[str]) -> None:
    """The connection is reset before anything was stored."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True
    handler.connection.close()


def stores_and_resets(handler: Handler, texts: Sequence[str]) -> None:
    """The connection is reset after everything was stored."""
    handler.keep(texts)
    resets(handler, texts)


def hangs(handler: Handler, _: Sequence[str]) -> None:
    """No answer, ever."""
    released = handler.server.released
    released.wait(5)
    handler.close_connection = True


def drips(handler: Handler, _: Sequence[str]) -> None:
    """An answer that comes a byte at a time, and never in full."""
    released = handler.server.released
    with suppress(OSError):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while not released.wait(0.05):
            handler.wfile.write(b" ")
    handler.close_connection = True


def cut_short(handler: Handler, _: Sequence[str]) -> None:
    """Half an answer."""
    handler.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"Unproc')
    handler.close_connection = True


@dataclass
class Clock:
    """A clock that moves only when somebody sleeps."""

    now_s: float = 1_000.0
    slept_s: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        """What the clock says."""
        return self.now_s

    def sleep(self, seconds: float) -> None:
        """Time passes at once."""
        self.slept_s.append(seconds)
        self.now_s += seconds
