"""Keys of the bucket by tenant and hour, oldest first within a tenant.

Rules   Keys sort as their paths do, so a span of time is one run of keys: it is listed from its first hour on, and left
        at its last. The tenants are found by leaps: behind `archive/shop/` comes `archive/shop0`.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from raygate.keep.layout import Kind, tenant_part
from raygate.keep.stores import Bucket
from raygate.replay.asked import Span

MOST_COUNTED: Final = 10_000
"""What is behind is counted up to here: a listing takes time, too."""

HOUR: Final = "%Y/%m/%d/%H/"


def keys(bucket: Bucket, kind: Kind, span: Span, first: str = "") -> Iterator[str]:
    """The keys that may hold something of that span, from `first` on."""
    for tenant in [tenant_part(span.tenant)] if span.tenant is not None else _tenants(bucket, kind):
        folder = f"{kind}/{tenant}/"
        if folder < first and not first.startswith(folder):
            continue
        start = folder + (_hour(span.begin_ms) if span.begin_ms else "")
        end = folder + _hour(span.end_ms - 1) if span.end_ms is not None else ""
        # `after` is left out itself, and `first` is wanted.
        for key in bucket.keys(folder, max(start, first[:-1])):
            if end and key > end and not key.startswith(end):
                break
            if key >= first:
                yield key


def behind(bucket: Bucket, kind: Kind, span: Span, key: str) -> int:
    """How many keys come after this one; at `MOST_COUNTED` the counting ends."""
    count = 0
    for one in keys(bucket, kind, span, key):
        count += one != key
        if count >= MOST_COUNTED:
            break
    return count


def _tenants(bucket: Bucket, kind: Kind) -> Iterator[str]:
    after = ""
    while key := next(iter(bucket.keys(f"{kind}/", after)), None):
        tenant = key.split("/")[1]
        yield tenant
        after = f"{kind}/{tenant}0"


def _hour(ms: int) -> str:
    return datetime.fromtimestamp(ms // 1_000, UTC).strftime(HOUR)
