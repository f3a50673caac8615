"""ASGI applications behind real sockets of this process: bound first, served together, stopped in order.

Takes   a host and a port (0 chooses a free one), and applications.
Gives   `bind`, a listening socket or `ListenError` in one sentence; `bind_udp`, the same port for datagrams; `serve`,
        which returns after SIGINT or SIGTERM.
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
from http import HTTPStatus
from typing import Final

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from raygate_local.gateway import refusal

HEAD_TIMEOUT_S = 30.0
"""How long a request line with its headers may take, from the first byte or from a new connection."""

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
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(address)
            listening.listen(BACKLOG)
        except OSError:
            listening.close()
            raise
    except OSError as error:
        raise _unbound(error, f"{host}:{port}", option) from error
    return listening


def bind_udp(tcp: socket.socket, option: str) -> socket.socket:
    """A socket for datagrams on the address and port of that one."""
    address = tcp.getsockname()
    udp = socket.socket(tcp.family, socket.SOCK_DGRAM)
    try:
        udp.bind(address)
    except OSError as error:
        udp.close()
        raise _unbound(error, f"{address[0]}:{address[1]} for UDP", option) from error
    return udp


def _unbound(error: OSError, where: str, option: str) -> ListenError:
    reason = REASONS.get(error.errno or 0, error.strerror or str(error)).format(option=option)
    return ListenError(f"Cannot listen on {where}: {reason}.")


def url(listening: socket.socket) -> str:
    """Where to reach it."""
    host, port = listening.getsockname()[:2]
    named = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 compared, not bound
    return f"http://[{named}]:{port}" if ":" in named else f"http://{named}:{port}"


def nothing() -> None:
    """Do nothing more."""


def serve(sites: Sequence[Site], ready: Callable[[], None], drain: Callable[[], None] = nothing) -> None:
    """Serve until told to stop; the first site stops first, then comes `drain`: both may still need the others."""
    asyncio.run(_serve(sites, ready, drain))


async def _serve(sites: Sequence[Site], ready: Callable[[], None], drain: Callable[[], None]) -> None:
    servers = [_Server(_config(site.app)) for site in sites]
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    tasks = [asyncio.create_task(server.serve([site.socket])) for server, site in zip(servers, sites, strict=True)]
    await asyncio.gather(*(server.listening.wait() for server in servers))
    ready()
    await stop.wait()
    servers[0].should_exit = True
    await tasks[0]
    await asyncio.to_thread(drain)
    for server in servers[1:]:
        server.should_exit = True
    await asyncio.gather(*tasks[1:])


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
    head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Nobody may keep a connection without saying anything."""
        super().connection_made(transport)
        self._watch_head()

    def data_received(self, data: bytes) -> None:
        """Nor by saying it forever."""
        super().data_received(data)
        self._watch_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        super().connection_lost(exc)
        self._stop_watching()

    def _watch_head(self) -> None:
        if self.conn.their_state is not h11.IDLE:
            self._stop_watching()
        elif self.head_timer is None:
            self.head_timer = self.loop.call_later(HEAD_TIMEOUT_S, self._head_is_late)

    def _stop_watching(self) -> None:
        if self.head_timer is not None:
            self.head_timer.cancel()
            self.head_timer = None

    def _head_is_late(self) -> None:
        if self.conn.their_state is h11.IDLE and not self.transport.is_closing():
            self._refuse(408, "Request Timeout")

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
        if self.conn.trailing_data[0]:  # a part of the next request has come already
            self._watch_head()
        if self.half_closed and self.cycle.response_complete:
            self.transport.close()

    def send_400_response(self, msg: str) -> None:
        """As the gateway refuses what is not HTTP."""
        self._refuse(400, f"Bad Request: {msg}")

    def _refuse(self, status: int, message: str) -> None:
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            given = refusal(status, message, (b"connection", b"close"))
            response = h11.Response(
                status_code=status, headers=given.headers, reason=HTTPStatus(status).phrase.encode()
            )
            self.transport.write(self.conn.send(response))
            self.transport.write(self.conn.send(h11.Data(data=given.body)))
            self.transport.write(self.conn.send(h11.EndOfMessage()))
        self.transport.close()
