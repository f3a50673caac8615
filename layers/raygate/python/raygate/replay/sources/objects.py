"""What lies in a bucket and stays there: a span of the archive, or one object."""

from collections.abc import Iterator, Sequence
from typing import Final

from raygate.keep.message import Accepted, MessageError
from raygate.keep.stores import Bucket
from raygate.replay.asked import Archive
from raygate.replay.checkpoint import Place
from raygate.replay.loads import Item
from raygate.replay.objects import kept_in
from raygate.replay.sources.listing import behind, keys

GONE: Final = "the object is not there"


class Archived:
    """The accepted requests of a span of time."""

    is_ordered = True

    def __init__(self, bucket: Bucket, asked: Archive) -> None:
        self._bucket, self._asked = bucket, asked

    def items(self, place: Place) -> Iterator[Item]:
        """Bundle by bundle; a bundle's hour may be wider than the span."""
        for key in keys(self._bucket, "archive", self._asked, place.key):
            for item in in_object(self._bucket, key, place.at if key == place.key else 0):
                if self._is_asked(item):
                    yield item

    def finish(self, keys: Sequence[str]) -> None:
        """The archive keeps what it has."""

    def pending(self) -> tuple[str, ...]:
        """Nothing."""
        return ()

    def left(self, key: str) -> int:
        """Bundles behind this one."""
        return behind(self._bucket, "archive", self._asked, key)

    def close(self) -> None:
        """Nothing was taken."""

    def _is_asked(self, item: Item) -> bool:
        received_ms = item.kept.received_ms if isinstance(item.kept, Accepted) else 0
        end_ms = self._asked.end_ms
        return not received_ms or (self._asked.begin_ms <= received_ms and (end_ms is None or received_ms < end_ms))


class Single:
    """One object."""

    is_ordered = True

    def __init__(self, bucket: Bucket, key: str) -> None:
        self._bucket, self._key = bucket, key

    def items(self, place: Place) -> Iterator[Item]:
        """Everything in it."""
        return in_object(self._bucket, self._key, place.at)

    def finish(self, keys: Sequence[str]) -> None:
        """It stays."""

    def pending(self) -> tuple[str, ...]:
        """Nothing."""
        return ()

    def left(self, key: str) -> int:
        """Nothing, once it was begun."""
        return 0 if key else 1

    def close(self) -> None:
        """Nothing was taken."""


def in_object(bucket: Bucket, key: str, first: int) -> Iterator[Item]:
    """What an object holds, from that number on; where it cannot be read any further, an item that says so."""
    stored = bucket.get(key)
    if stored is None:
        if not first:
            yield Item(key, problem=GONE)
        return
    at = 0
    try:
        for kept in kept_in(key, stored):
            if at >= first:
                yield Item(key, at, kept)
            at += 1
    except MessageError as error:
        if at >= first:
            yield Item(key, at, problem=str(error))
