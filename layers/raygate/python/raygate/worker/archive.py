"""The archive of a batch: its requests in the bucket, those of one tenant and hour in one object.

Takes   messages that are over, once each: what comes again is archived then.
Gives   how many objects were stored, and how many requests the bucket did not take.
Rules   As in `keep.archive`: what redaction takes out is not in it, and the archive decides nothing. The spans are in
        X-Ray or durable, and to take a message for undone would send them again for the sake of a copy.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from hashlib import sha256
from typing import Final

from raygate.deliver import Budget
from raygate.keep import Accepted, Bucket, KeepError, Packed, pack
from raygate.keep.bundles import bundle
from raygate.keep.layout import archive_key
from raygate.keep.redacted import redacted
from raygate.lanes import Lanes
from raygate.settings import Settings

HOUR_MS: Final = 3_600_000
MOST_BUNDLE: Final = 32 * 1024 * 1024
"""Bytes of messages in one object."""

_ARCHIVING: Final = Lanes("bundle")


def archive(
    requests: Iterable[Accepted], settings: Settings, bucket: Bucket | None, now_ms: int, budget: Budget
) -> Counter[str]:
    """Store them; `bundles` and `archive_failed`."""
    if not settings.archive or bucket is None:
        return Counter()
    groups: dict[tuple[str, int], list[Packed]] = defaultdict(list)
    for one in requests:
        received_ms = one.received_ms or now_ms
        groups[one.request.tenant, received_ms // HOUR_MS].append(_packed(one, settings))
    bundles = [(key, part) for key, group in groups.items() for part in _parts(group)]
    timeout_s = budget.left_s()
    jobs = [partial(_stored, bucket, *key, part, timeout_s) for key, part in bundles]
    stored = _ARCHIVING.run(jobs, late=False, timeout_s=timeout_s)
    failed = sum(len(part) for (_, part), is_stored in zip(bundles, stored, strict=True) if not is_stored)
    return Counter({"bundles": sum(stored), "archive_failed": failed})


def _packed(accepted: Accepted, settings: Settings) -> Packed:
    if accepted.request_id:  # it came through our door, and was redacted there
        return pack(accepted)
    return pack(replace(accepted, request=redacted(accepted.request, settings)))


def _parts(group: Sequence[Packed]) -> Iterable[list[Packed]]:
    part: list[Packed] = []
    room = MOST_BUNDLE
    for one in group:
        if part and one.weight > room:
            yield part
            part, room = [], MOST_BUNDLE
        part.append(one)
        room -= one.weight
    if part:
        yield part


def _stored(bucket: Bucket, tenant: str, hour: int, part: Sequence[Packed], timeout_s: float) -> bool:
    name = sha256("".join(one.body for one in part).encode()).hexdigest()[:32]
    try:
        bucket.put(archive_key(tenant, hour * HOUR_MS, name), bundle(part), timeout_s)
    except KeepError:
        return False
    return True
