"""A document that X-Ray refused during a replay: parked, or parked still, with what X-Ray says now."""

from dataclasses import replace
from typing import Any, Final

import orjson

from raygate.deliver import Fate
from raygate.keep.message import Accepted, Undelivered
from raygate.keep.parked import Parked, parked_object
from raygate.keep.stores import Bucket
from raygate.replay.loads import Item

TIMEOUT_S: Final = 5.0


def park(item: Item, text: str, fate: Fate, bucket: Bucket, now_ms: int) -> None:
    """Durable when this returns. One that was parked before stays where it is."""
    if item.parked:
        parked, key = replace(item.parked, document=text, code=fate.reason, message=fate.message), item.key
    else:
        parked = _parked(item.kept, text, fate, now_ms)
        key = parked.key
    bucket.put(key, parked_object(parked), TIMEOUT_S)


def _parked(kept: Accepted | Undelivered | None, text: str, fate: Fate, now_ms: int) -> Parked:
    document: dict[str, Any] = orjson.loads(text)
    tenant = kept.request.tenant if isinstance(kept, Accepted) else kept.tenant if kept else ""
    return Parked(
        text,
        trace_id=str(document.get("trace_id", "")),
        id=str(document.get("id", "")),
        code=fate.reason,
        message=fate.message,
        tenant=tenant,
        request_id=kept.request_id if kept else "",
        received_ms=kept.received_ms if kept else 0,
        parked_ms=now_ms,
    )
