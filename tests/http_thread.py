"""An ASGI application on a socket, served by a thread of this process.

Gives   `served_by_thread`: for a while. Whoever asks at the address afterwards is refused, on an open connection too.
"""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import uvicorn
from starlette.types import ASGIApp

ENDS_WITHIN_S: Final = 30


class _Server(uvicorn.Server):
    """It waits for nobody, where uvicorn leaves a connection open that came while it stopped."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await super().shutdown(sockets)
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)


@contextmanager
def served_by_thread(app: ASGIApp, listening: socket.socket) -> Iterator[None]:
    """Until the end of the block."""
    server = _Server(uvicorn.Config(app, lifespan="off", log_config=None, ws="none", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(ENDS_WITHIN_S)
        assert not thread.is_alive(), "it would answer for the next server at this address"
