"""What is kept in a message → documents, ready to be sent, by today's settings.

Takes   a message as it arrived; where a message may point to.
Gives   `Part`, one for each request or list of documents in the message.
Raises  `MessageError` or `DecodeError` when nothing can be made of it: it will never pass. `KeepError` when what it
        points to cannot be reached now.
Rules   A message is a request or documents (`keep.message`), a claim for one, or a notification of S3 about objects
        that hold them. Documents are sent as they are: what converted them has had its say.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final, TypeAlias

import orjson

from raygate.decode import decode
from raygate.deliver import Budget
from raygate.enrich import enrich
from raygate.keep import Accepted, Bucket, KeepError, Kept, MessageError, Packed, Stores, Undelivered, unpack
from raygate.keep.claims import CLAIM, redeem
from raygate.keep.keeping import Origin
from raygate.making import make
from raygate.records import dataclass
from raygate.request import Rejection
from raygate.settings import Settings

SAID: Final = frozenset({"content-type", CLAIM})
"""Attributes that no notification has."""

Buckets: TypeAlias = Callable[[str], Bucket | None]
"""A bucket by its name; None when there is no way to it."""


@dataclass(frozen=True, slots=True)
class Part:
    """One request, or one list of documents."""

    origin: Origin
    spans: int
    """What is counted: spans of a request, else the documents themselves."""
    texts: list[str]
    ids: list[str]
    owners: list[int]
    """For each document the position of its span."""
    rejected: list[Rejection]
    accepted: Accepted | None = None
    """The request."""


class LateError(Exception):
    """There is no time left for this message."""


def kept_in(packed: Packed, stores: Stores, settings: Settings, buckets: Buckets) -> Iterator[Kept]:
    """Everything that the message holds, or points to."""
    if is_notice(packed):
        yield from _notified(packed.body, settings, buckets)
    else:
        yield unpack(redeem(packed, stores.bucket))


def is_notice(packed: Packed) -> bool:
    """Whether it only says where something lies."""
    return SAID.isdisjoint(name.lower() for name in packed.attributes) and packed.body.lstrip()[:1] == "{"


def part_of(kept: Kept, settings: Settings, budget: Budget) -> Part:
    """Convert, annotate, fit."""
    if isinstance(kept, Undelivered):
        ids = [_id(text) for text in kept.texts]
        origin = Origin(kept.tenant, kept.request_id, kept.received_ms)
        return Part(origin, len(ids), list(kept.texts), ids, list(range(len(ids))), [])
    request = kept.request
    decoded = decode(request, settings)
    made = make(enrich(decoded.spans, settings).spans, request.tenant, settings, budget)
    if made is None:
        raise LateError
    rejected = [*decoded.rejected, *made.rejected]
    spans = len(decoded.spans) + len(decoded.rejected)
    origin = Origin(request.tenant, kept.request_id, kept.received_ms)
    return Part(origin, spans, made.texts, made.ids, made.owners, rejected, kept)


def _id(text: str) -> str:
    try:
        document: Any = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise MessageError("one of the documents is no JSON") from error
    if not isinstance(document, dict):
        raise MessageError("one of the documents is no JSON object")
    return str(document.get("id") or "")


def _notified(body: str, settings: Settings, buckets: Buckets) -> Iterator[Kept]:
    from raygate.replay.asked import AskedError, OneObject  # noqa: PLC0415 - pydantic: only who needs it pays for it
    from raygate.replay.events import occasion  # noqa: PLC0415
    from raygate.replay.objects import kept_in as kept_in_object  # noqa: PLC0415

    try:
        asked = occasion(orjson.loads(body), settings.bucket).asked
    except (orjson.JSONDecodeError, AskedError) as error:
        raise MessageError("the message names no content type, and is no notification") from error
    for one in asked:
        if not isinstance(one, OneObject):
            raise MessageError("the message asks for a replay, and this is not the function for it")
        name = one.bucket or settings.bucket
        bucket = buckets(name)
        if bucket is None:
            raise KeepError("the message points to a bucket, and there is no way to it")
        stored = bucket.get(one.key)
        if stored is None:
            raise MessageError("the object that the message points to is not there")
        yield from kept_in_object(one.key, stored)
