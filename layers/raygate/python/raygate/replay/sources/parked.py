"""Documents that X-Ray refused. Those that it takes now are removed; the others stay, with the newer reason."""

from collections.abc import Iterator, Sequence

from raygate.keep.message import MessageError, Undelivered
from raygate.keep.parked import Parked, read_parked
from raygate.keep.stores import Bucket
from raygate.replay import asked as requests
from raygate.replay.checkpoint import Place
from raygate.replay.loads import Item
from raygate.replay.sources.listing import behind, keys


class ParkedDocuments:
    """Some of them, or one by its key."""

    is_ordered = True

    def __init__(self, bucket: Bucket, asked: requests.Parked, only: str = "") -> None:
        self._bucket, self._asked, self._only = bucket, asked, only

    def items(self, place: Place) -> Iterator[Item]:
        """One document each."""
        found = [self._only] if self._only else keys(self._bucket, "parked", self._asked, place.key)
        for key in found:
            if (key == place.key and place.at) or (stored := self._bucket.get(key)) is None:
                continue  # done, or delivered meanwhile by somebody else
            try:
                parked = read_parked(stored)
            except MessageError as error:
                yield Item(key, problem=str(error))
                continue
            if self._is_asked(parked):
                kept = Undelivered((parked.document,), parked.tenant, parked.request_id, parked.received_ms)
                yield Item(key, kept=kept, parked=parked)

    def finish(self, keys: Sequence[str]) -> None:
        """X-Ray has them."""
        for key in keys:
            self._bucket.delete(key)

    def pending(self) -> tuple[str, ...]:
        """Nothing."""
        return ()

    def left(self, key: str) -> int:
        """Documents behind this one, of whatever code."""
        return (0 if key else 1) if self._only else behind(self._bucket, "parked", self._asked, key)

    def close(self) -> None:
        """Nothing was taken."""

    def _is_asked(self, parked: Parked) -> bool:
        at, end_ms = parked.received_ms or parked.parked_ms, self._asked.end_ms
        in_time = self._asked.begin_ms <= at and (end_ms is None or at < end_ms)
        return in_time and self._asked.code in {None, parked.code}
