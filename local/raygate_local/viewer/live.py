"""`/api/live`: what changes in the store, as server-sent events.

Takes   the store; `Last-Event-ID`, the version that a browser saw last, which it sends by itself when it comes again.
Gives   an event {version, changed: [trace ids], counts} at once, and one whenever something changed, five a second at
        most. Whoever comes again is told of everything since; whoever is new, of no trace: the list is asked for then.
Note    The streams end with `close`, so that a page that is open does not keep the server from stopping.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Final

import orjson
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from raygate_local.xray.store import Store

OFTEN_S: Final = 0.2
QUIET_S: Final = 15.0
"""A comment this often tells both sides that the other is still there."""

HEADERS: Final = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
]


class Live:
    """The ASGI application of all streams."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.is_closed = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One stream, until the browser leaves or the server stops."""
        seen = Headers(scope=scope).get("last-event-id", "")
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        left = asyncio.ensure_future(_leaves(receive))
        try:
            async for text in self._events(int(seen) if seen.isdecimal() and len(seen) < 16 else None, left):
                await send({"type": "http.response.body", "body": text, "more_body": True})
        except asyncio.CancelledError:
            pass  # the server does not wait any longer
        finally:
            left.cancel()
        await send({"type": "http.response.body", "body": b""})

    def close(self) -> None:
        """End all streams, and every one that comes after."""
        self.is_closed = True

    async def _events(self, seen: int | None, left: "asyncio.Future[None]") -> AsyncIterator[bytes]:
        version, changed = self.store.changed_since(self.store.version if seen is None else seen)
        yield self._event(version, changed)
        quiet_s = 0.0
        while not self.is_closed and not left.done():
            await asyncio.wait({left}, timeout=OFTEN_S)
            quiet_s += OFTEN_S
            if self.store.version != version:
                version, changed = self.store.changed_since(version)
                quiet_s = 0.0
                yield self._event(version, changed)
            elif quiet_s >= QUIET_S:
                quiet_s = 0.0
                yield b": still here\n\n"

    def _event(self, version: int, changed: list[str]) -> bytes:
        data = orjson.dumps({"version": version, "changed": changed, "counts": counts(self.store)})
        return b"id: %d\nretry: 1000\ndata: %s\n\n" % (version, data)


def counts(store: Store) -> dict[str, object]:
    """What the store holds, what it may hold, and what had to go."""
    return asdict(store.counts())


async def _leaves(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
