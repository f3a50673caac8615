"""How far a replay has come: one object in the bucket, written before the next group is sent.

Gives   `Checkpoint`; `Checkpoints`, which keeps them under `replays/open/<id>.json`, and under `replays/done/` when
        nothing is left to do.
Rules   `place` is the next thing to do; messages of a queue, which has no order, are told one by one in `begun`. Of a
        group that was stopped half way, `settled` tells documents that need nothing any more, by a hash of their text.
        `finished` is what was delivered and may still lie in its queue or folder: it is removed before anything else.
        So only what was sent between two writings can be sent twice, and only when the process is killed there: one
        group.
"""

from collections.abc import Iterator
from dataclasses import asdict, field, replace
from typing import Any, Final, Literal, NamedTuple, TypeAlias

import orjson

from raygate.keep.stores import Bucket, Object
from raygate.records import dataclass

State: TypeAlias = Literal["running", "interrupted", "done"]

OPEN: Final = "replays/open/"
DONE: Final = "replays/done/"
TIMEOUT_S: Final = 5.0
STALE_MS: Final = 20 * 60 * 1_000
"""Longer than any function may run: who has not written for so long is gone."""


class Place(NamedTuple):
    """Where to go on: an object or a message, the request in there, the span in that."""

    key: str = ""
    at: int = 0
    span: int = 0


BEGINNING: Final = Place()


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One replay, as far as it has come."""

    id: str
    asked: dict[str, Any]
    """The request, as JSON."""
    state: State = "running"
    place: Place = BEGINNING
    settled: tuple[str, ...] = ()
    finished: tuple[str, ...] = ()
    begun: dict[str, int] = field(default_factory=dict)
    """Where there is no order: how many spans of a message are settled."""
    spans: int = 0
    """Settled in all runs together."""
    updated_ms: int = 0
    why: str = ""
    """What it was interrupted by."""
    counts: dict[str, Any] = field(default_factory=dict)
    """Of the last run."""

    def is_waiting(self, now_ms: int) -> bool:
        """Whether somebody has to go on with it."""
        return self.state != "done" and not self.is_running(now_ms)

    def is_running(self, now_ms: int) -> bool:
        """Whether somebody is at it, as far as can be told."""
        return self.state == "running" and self.updated_ms > 0 and now_ms - self.updated_ms <= STALE_MS


class Checkpoints:
    """Those of one bucket; without a bucket nothing is remembered."""

    def __init__(self, bucket: Bucket | None) -> None:
        self._bucket = bucket

    def load(self, name: str) -> Checkpoint | None:
        """The replay of that name; None when there was none."""
        if self._bucket is None:
            return None
        for folder in (OPEN, DONE):
            if stored := self._bucket.get(f"{folder}{name}.json"):
                return _read(stored)
        return None

    def save(self, checkpoint: Checkpoint) -> None:
        """Write down how far it is; durable when this returns."""
        if self._bucket is None:
            return
        folder = DONE if checkpoint.state == "done" else OPEN
        members = asdict(checkpoint) | {"place": list(checkpoint.place)}
        stored = Object(orjson.dumps(members), {"content-type": "application/json"})
        self._bucket.put(f"{folder}{checkpoint.id}.json", stored, TIMEOUT_S)
        if checkpoint.state == "done":
            self._bucket.delete(f"{OPEN}{checkpoint.id}.json")

    def waiting(self, now_ms: int) -> Iterator[Checkpoint]:
        """The replays that somebody has to go on with."""
        for key in list(self._bucket.keys(OPEN)) if self._bucket else []:
            stored = self._bucket.get(key) if self._bucket else None
            checkpoint = _read(stored) if stored else None
            if checkpoint and checkpoint.is_waiting(now_ms):
                yield checkpoint


def _read(stored: Object) -> Checkpoint | None:
    """Nothing of one that cannot be read: the replay begins anew, and X-Ray overwrites."""
    try:
        members = orjson.loads(stored.body)
        known = Checkpoint(**members)
        return replace(known, place=Place(*known.place), settled=tuple(known.settled), finished=tuple(known.finished))
    except (orjson.JSONDecodeError, TypeError):
        return None
