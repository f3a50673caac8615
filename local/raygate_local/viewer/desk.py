"""What became neither a trace nor was lost: parked documents, dead letters, refusals; and the way back to X-Ray.

Takes   the stores of `raygate serve`, where it has some; what the endpoint and the local X-Ray remember.
Gives   `Desk`: `parked`, `letters`, `refused`, each the newest first; `replay` of one parked document, or of the dead
        letters, as `raygate replay` does it.
Raises  `KeepError` when a store cannot be reached, `AskedError` when there is nothing to replay.
"""

import secrets
import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Final, NamedTuple

import orjson

from raygate.deliver import Put
from raygate.keep import Bucket, KeepError, MessageError, Packed, unpack
from raygate.keep import Kept as Message
from raygate.keep.claims import redeem
from raygate.keep.parked import Parked, read_parked
from raygate.replay.asked import AskedError, DeadLetters, OneObject, Span
from raygate.replay.replaying import Site, carry_out
from raygate.replay.sending import Limits
from raygate.replay.sources.listing import keys
from raygate.settings import Settings
from raygate_local.kept.database import Database
from raygate_local.kept.queue import DEAD, KeptQueue
from raygate_local.replaying.letters import KeptLetters
from raygate_local.viewer.shelf import Outcome
from raygate_local.viewer.trace_api import Kept, NoSources

MOST: Final = 500
"""Shown of each kind."""
MOST_LISTED: Final = 20_000
HIDDEN_S: Final = 960.0
REPLAY_S: Final = 30.0
LETTERS: Final = "SELECT id, body, attributes, sent_ms FROM messages WHERE queue = ? ORDER BY id DESC LIMIT ?"


class Letter(NamedTuple):
    """A dead letter."""

    id: str
    kept: Message | None
    """None: nothing can be made of it."""
    reason: str
    sent_ms: int


def nothing() -> Sequence[Outcome]:
    """Nobody remembers anything."""
    return ()


@dataclass(frozen=True, slots=True)
class Desk:
    """What there is of it."""

    settings: Settings
    put: Put | None = None
    """To X-Ray."""
    bucket: Bucket | None = None
    file: Database | None = None
    """The data folder's."""
    sources: Kept = field(default_factory=NoSources)
    """What the endpoint remembers."""
    remembered: Callable[[], Sequence[Outcome]] = nothing
    """What the local X-Ray does."""

    @property
    def can_replay(self) -> bool:
        """Whether there is something to take from, and a way to X-Ray."""
        return self.bucket is not None and self.put is not None

    def parked(self) -> list[tuple[str, Parked]]:
        """By key."""
        if self.bucket is None:
            return []
        found = list(islice(keys(self.bucket, "parked", Span()), MOST_LISTED))
        found.sort(key=lambda key: key.split("/", 2)[2], reverse=True)
        return [(key, one) for key in found[:MOST] if (one := self.one(key))]

    def one(self, key: str) -> Parked | None:
        """A parked document; None when there is none at that key."""
        stored = self.bucket.get(key) if self.bucket and key.startswith("parked/") else None
        try:
            return read_parked(stored) if stored else None
        except MessageError:
            return None

    def letters(self) -> list[Letter]:
        """Without taking them."""
        if self.file is None:
            return []
        try:
            with self.file.reading() as file:
                rows = file.execute(LETTERS, (DEAD, MOST)).fetchall()
        except sqlite3.Error as error:
            raise KeepError(f"the queue on this machine: {error}") from error
        return [self._letter(*row) for row in rows]

    def replay(self, key: str | None) -> dict[str, Any]:
        """The parked document at that key, or without one all dead letters; the counts."""
        if self.put is None or self.bucket is None:
            raise AskedError("Nothing is kept here that could be replayed: raygate serve needs a data folder for it.")
        asked = DeadLetters() if key is None else OneObject(key=key)
        name = f"viewer-{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
        until_s = time.monotonic() + REPLAY_S
        limits = Limits(lambda: until_s - time.monotonic(), time.monotonic, time.sleep)
        return carry_out(asked, name, self._site(self.put, self.bucket), limits)[0]

    def _site(self, put: Put, bucket: Bucket) -> Site:
        letters = KeptLetters(KeptQueue(self.file, DEAD, HIDDEN_S)) if self.file else None
        now_ms = lambda: int(time.time() * 1_000)  # noqa: E731 - a clock
        return Site(self.settings, put, bucket, lambda _: bucket, lambda _: letters, now_ms)

    def _letter(self, number: int, body: str, attributes: str, sent_ms: int) -> Letter:
        named = orjson.loads(attributes)
        reason = str(named.get("raygate-reason", ""))
        try:
            return Letter(str(number), unpack(redeem(Packed(body, named), self.bucket)), reason, sent_ms)
        except MessageError as error:
            return Letter(str(number), None, reason or str(error), sent_ms)
