"""The parked documents: listed, found by id, explained.

Takes   a bucket, and which of them are wanted.
Gives   `Parking`: a parked document and where it lies. `found`: those of an id, which is that of the document, the
        trace, or the request that they came in, or the beginning of one.
"""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from raygate.keep import Bucket, MessageError
from raygate.keep.parked import Parked, read_parked
from raygate.replay.asked import Span
from raygate.replay.sources.listing import keys
from raygate_local.replaying.codes import explained

LEAST: Final = 4
"""Characters of an id that may stand for the whole."""


class Parking(NamedTuple):
    """One of them."""

    key: str
    parked: Parked

    def as_json(self) -> dict[str, Any]:
        """What the list says: not the document, nor what X-Ray says of it, which may quote it."""
        one = self.parked
        meaning, advice = explained(one.code)
        return {
            "id": one.id,
            "trace_id": one.trace_id,
            "tenant": one.tenant,
            "code": one.code,
            "meaning": meaning,
            "advice": advice,
            "request_id": one.request_id,
            "received_ms": one.received_ms,
            "parked_ms": one.parked_ms,
            "key": self.key,
        }


def parked(bucket: Bucket, tenant: str | None = None) -> Iterator[Parking]:
    """All of them, by tenant and hour; what is no parked document is passed over."""
    for key in keys(bucket, "parked", Span(tenant=tenant)):
        stored = bucket.get(key)
        try:
            if stored:
                yield Parking(key, read_parked(stored))
        except MessageError:
            continue


def found(bucket: Bucket, name: str, tenant: str | None = None) -> list[Parking]:
    """Those that the name stands for."""
    name = name.strip().lower()
    digits = name.replace("-", "")
    return [one for one in parked(bucket, tenant) if len(name) >= LEAST and _is_named(one.parked, name, digits)]


def _is_named(one: Parked, name: str, digits: str) -> bool:
    trace = one.trace_id.lower()
    own = (one.id.lower(), trace, one.request_id.lower())
    return any(text.startswith(name) for text in own) or trace.replace("-", "").removeprefix("1").startswith(digits)
