"""What X-Ray did not take, kept where it is durable: undelivered documents in the queue, refused ones in the bucket.

Takes   documents with their fates; `Keeper` knows the stores, where the documents came from, and the time there is.
Gives   `Keeping`: the fates, in which what was confirmed is `queued` or `parked`; how much the stores did not take.
Rules   Undelivered documents share messages: up to half a megabyte of them in each, which is about 64 KB compressed,
        the unit that SQS is paid by. A document that the bucket does not take goes to the queue, and the worker parks
        it later: a bucket that is away makes nothing final. Without a bucket a refused document stays refused. Both
        stores are asked side by side. Nothing is called kept that its store has not confirmed.
"""

from collections.abc import Iterable, Sequence
from functools import partial
from hashlib import sha256
from typing import Final, NamedTuple

import orjson

from raygate.deliver.budget import Budget
from raygate.deliver.fate import Fate
from raygate.keep.claims import claim
from raygate.keep.layout import claim_key
from raygate.keep.message import Packed, Undelivered, pack
from raygate.keep.stores import Bucket, KeepError, Queue, Stores
from raygate.lanes import Lanes

MOST_TOGETHER: Final = 512 * 1024
"""Bytes of documents in one message; even what cannot be compressed fits into the queue's 1 MiB then."""

UNKEPT: Final = Fate("unavailable", "refused, and neither bucket nor queue can take it", is_retryable=True)
UNDELIVERED: Final = frozenset({"throttled", "unavailable"})

_KEEPING: Final = Lanes("keep")
_PARKING: Final = Lanes("park")


class Origin(NamedTuple):
    """The request that documents came in."""

    tenant: str = ""
    request_id: str = ""
    received_ms: int = 0


class Keeping(NamedTuple):
    """What became of the documents, by position."""

    fates: list[Fate]
    queue_failed: int = 0
    """Documents that the queue should have taken, and has not confirmed."""
    parking_failed: int = 0
    """Documents that the bucket should have taken, and has not confirmed."""


class Keeper(NamedTuple):
    """Where the documents of one request may be kept, and how much time there is."""

    stores: Stores
    origin: Origin
    now_ms: int
    """Milliseconds since 1970."""
    budget: Budget

    def keep(self, texts: Sequence[str], fates: Sequence[Fate]) -> Keeping:
        """Queue what may pass later, park what never will."""
        refused = [at for at, fate in enumerate(fates) if fate.state == "refused"] if self.stores.bucket else []
        waiting = [at for at, fate in enumerate(fates) if fate.state in UNDELIVERED] if self.stores.queue else []
        if not refused and not waiting:  # nearly always: no thread has to be asked
            return Keeping(list(fates))
        parking = _KEEPING.begin(partial(self._park, refused, texts, fates))
        queued = self._enqueue(waiting, texts)
        parked = parking.result()
        unparked = [at for at in refused if at not in parked]
        queued |= self._enqueue(unparked, texts)
        kept = list(fates)
        for at in unparked:
            kept[at] = UNKEPT
        for at in queued:
            kept[at] = Fate("queued", fates[at].reason)
        for at in parked:
            kept[at] = Fate("parked", fates[at].reason)
        missing = {*waiting, *unparked} - queued if self.stores.queue else ()
        return Keeping(kept, len(missing), len(unparked))

    def _enqueue(self, positions: Sequence[int], texts: Sequence[str]) -> set[int]:
        """The positions of the documents that are in the queue now."""
        if not positions or not self.budget.left_s():
            return set()
        groups = list(_together(positions, texts))
        messages = [pack(Undelivered(tuple(texts[at] for at in group), *self.origin)) for group in groups]
        confirmed = enqueue(messages, self.stores, self.now_ms, self.budget.left_s())
        return {at for group, is_confirmed in zip(groups, confirmed, strict=True) if is_confirmed for at in group}

    def _park(self, positions: Sequence[int], texts: Sequence[str], fates: Sequence[Fate]) -> set[int]:
        """The positions of the documents that lie in the bucket now."""
        bucket = self.stores.bucket
        timeout_s = self.budget.left_s() / 2  # what cannot be parked needs time to be queued
        if not bucket or not positions or not timeout_s:
            return set()
        jobs = [partial(self._stored, bucket, texts[at], fates[at], timeout_s) for at in positions]
        done = _PARKING.run(jobs, late=False, timeout_s=timeout_s)
        return {at for at, is_parked in zip(positions, done, strict=True) if is_parked}

    def _stored(self, bucket: Bucket, text: str, fate: Fate, timeout_s: float) -> bool:
        from raygate.keep.parked import Parked, parked_object  # noqa: PLC0415 - a cold start shall not pay for it

        document = orjson.loads(text)
        trace_id, document_id = (str(document.get(name) or "") for name in ("trace_id", "id"))
        parked = Parked(text, trace_id, document_id, fate.reason, fate.message, *self.origin, self.now_ms)
        try:
            bucket.put(parked.key, parked_object(parked), timeout_s)
        except KeepError:
            return False
        return True


def enqueue(messages: Sequence[Packed], stores: Stores, now_ms: int, timeout_s: float) -> list[bool]:
    """For each message whether the queue has confirmed it; the body of one that is too large goes to the bucket."""
    if not stores.queue or not messages or timeout_s <= 0:
        return [False] * len(messages)
    small = [_claimed(one, stores.queue, stores.bucket, now_ms, timeout_s / 2) for one in messages]
    sendable = [at for at, one in enumerate(small) if one is not None]
    confirmed = [False] * len(messages)
    told = stores.queue.send([one for one in small if one is not None], timeout_s)
    for at, is_confirmed in zip(sendable, told, strict=True):
        confirmed[at] = is_confirmed
    return confirmed


def _claimed(message: Packed, queue: Queue, bucket: Bucket | None, now_ms: int, timeout_s: float) -> Packed | None:
    if message.weight <= queue.most_bytes:
        return message
    if bucket is None:
        return None
    small, stored = claim(message, key := claim_key(now_ms, sha256(message.body.encode()).hexdigest()))
    try:
        bucket.put(key, stored, timeout_s)
    except KeepError:
        return None
    return small


def _together(positions: Iterable[int], texts: Sequence[str]) -> Iterable[list[int]]:
    group: list[int] = []
    room = MOST_TOGETHER
    for at in positions:
        size = len(texts[at].encode())
        if group and size > room:
            yield group
            group, room = [], MOST_TOGETHER
        group.append(at)
        room -= size
    if group:
        yield group
