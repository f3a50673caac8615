"""ASGI applications behind real sockets of this process: bound first, served together, stopped in order.

Takes   a host and a port (0 chooses a free one), and applications.
Gives   `bind`, a listening socket or `ListenError` in one sentence; `serve`, which returns after SIGINT or SIGTERM.
Note    h11 rather than httptools: httptools takes `Upgrade: h2c`, which Java's HTTP client writes on each POST, as the
        end of HTTP and loses the body.
"""

import asyncio
import contextlib
import errno
import signal
import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from raygate_local.gateway import refusal

GRACE_S: Final = 1
"""How long running requests may take to end after a signal."""

BACKLOG: Final = 1024

REASONS: Final = {
    errno.EADDRINUSE: "the port is in use; choose another with {option}, or 0 for any free one",
    errno.EACCES: "not allowed; choose a port from 1024 on with {option}",
    errno.EADDRNOTAVAIL: "this machine has no such address; choose another with --host",
}


class ListenError(Exception):
    """The address cannot be listened on. The message says what to do."""


@dataclass(frozen=True, slots=True)
class Site:
    """An application and the socket where it is served."""

    app: ASGIApp
    socket: socket.socket


def bind(host: str, port: int, option: str) -> socket.socket:
    """Listen; `option` is what the person would change when that fails."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # With its protocol named, asyncio switches Nagle's algorithm off: it costs 40 ms an answer.
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(BACKLOG)
    except OSError as error:
        reason = REASONS.get(error.errno or 0, error.strerror or str(error)).format(option=option)
        raise ListenError(f"Cannot listen on {host}:{port}: {reason}.") from error
    return listening


def url(listening: socket.socket) -> str:
    """Where to reach it."""
    host, port = listening.getsockname()[:2]
    named = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 compared, not bound
    return f"http://[{named}]:{port}" if ":" in named else f"http://{named}:{port}"


def serve(sites: Sequence[Site], ready: Callable[[], None]) -> None:
    """Serve until told to stop; the first site stops first, since it may still need the others."""
    asyncio.run(_serve(sites, ready))


async def _serve(sites: Sequence[Site], ready: Callable[[], None]) -> None:
    servers = [_Server(_config(site.app)) for site in sites]
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    tasks = [asyncio.create_task(server.serve([site.socket])) for server, site in zip(servers, sites, strict=True)]
    await asyncio.gather(*(server.listening.wait() for server in servers))
    ready()
    await stop.wait()
    for server, task in zip(servers, tasks, strict=True):
        server.should_exit = True
        await task


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=Connection,
        ws="none",
        loop="asyncio",
        interface="asgi3",
        lifespan="off",
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=GRACE_S,
    )


class _Server(uvicorn.Server):
    """Says when it listens, and leaves the signals to `serve`: two servers, one stop."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Connection(H11Protocol):
    """A connection as senders expect it, where uvicorn's own drops an answer or explains in plain text."""

    half_closed = False

    def eof_received(self) -> bool | None:  # type: ignore[override]
        """A sender that has said everything still waits for its answer."""
        if self.cycle is None or self.cycle.response_complete:  # type: ignore[redundant-expr] # None at first
            return None
        if self.cycle.more_body:
            self.send_400_response("the body ended early")
            return None
        self.half_closed = True
        return True

    def on_response_complete(self) -> None:
        """After the last answer on a half-closed connection nothing more can come."""
        super().on_response_complete()
        if self.half_closed and self.cycle.response_complete:
            self.transport.close()

    def send_400_response(self, msg: str) -> None:
        """As the gateway refuses what is not HTTP."""
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            given = refusal(400, f"Bad Request: {msg}", (b"connection", b"close"))
            response = h11.Response(status_code=400, headers=given.headers, reason=b"Bad Request")
            self.transport.write(self.conn.send(response))
            self.transport.write(self.conn.send(h11.Data(data=given.body)))
            self.transport.write(self.conn.send(h11.EndOfMessage()))
        self.transport.close()
