"""What is known about traces, found out before somebody asks: a list of ten thousand is then there at once.

Takes   the store, and word that documents came.
Gives   `Preparing.soon`: in a thread, some traces at a time, those that have been quiet for a while; at once nothing.
Note    A trace that still grows would be read again and again, so it waits. What is never prepared is found out when
        it is asked for.
"""

import asyncio
import sqlite3
from contextlib import suppress
from typing import Final

from starlette.concurrency import run_in_threadpool

from raygate_local.xray.store import Store

QUIET_S: Final = 2.0
AT_ONCE: Final = 50


class Preparing:
    """One at a time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._after = (store.clock(), 0)
        self._is_wanted = False
        self._task: asyncio.Task[None] | None = None

    def soon(self) -> None:
        """Documents came; to be called in an event loop."""
        self._is_wanted = True
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work())

    async def _work(self) -> None:
        while self._is_wanted:
            self._is_wanted = False
            await asyncio.sleep(QUIET_S)
            while await run_in_threadpool(self._prepare):  # in small steps: who stops the server does not wait
                pass

    def _prepare(self) -> bool:
        """A step; whether there may be more to do."""
        with suppress(sqlite3.Error):  # it is closed, or busy: then somebody who asks has to wait
            after = self._store.prepare(self._after, self._store.clock() - QUIET_S, AT_ONCE)
            self._after = after or self._after
            return after is not None
        return False
