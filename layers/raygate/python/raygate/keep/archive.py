"""The archive: accepted requests in the bucket, as they came but for what redaction takes out.

Takes   a request that was read and has spans that can be stored.
Gives   `begin`: begins to store it, and gives the question whether that failed, to be asked at the end.
Rules   Beside the delivery, not after it. The object is named by what is in it, so that a request that a sender repeats
        within the hour lies there once. A request that is answered 503 in the end stays there too: it was readable, and
        if its sender gives up this is its only copy. The archive never decides the answer: the spans are in X-Ray or in
        the queue, and a sender who repeats them for the sake of a copy would only make more to be archived.
"""

from collections.abc import Callable
from hashlib import sha256
from typing import Final

from raygate.deliver.budget import Budget
from raygate.keep.bundles import bundle
from raygate.keep.layout import archive_key
from raygate.keep.message import Accepted, pack
from raygate.keep.redacted import redacted
from raygate.keep.stores import Bucket, KeepError
from raygate.lanes import Lanes
from raygate.request import Receipt, Request
from raygate.settings import Settings

MOST_S: Final = 2.0
"""No answer waits longer for its copy."""

_ARCHIVING: Final = Lanes("archive")


def begin(
    request: Request, receipt: Receipt, settings: Settings, bucket: Bucket | None, budget: Budget
) -> Callable[[], bool]:
    """Begin, when there is a bucket; the result waits for the end and says whether it failed."""
    if not bucket:
        return lambda: False
    timeout_s = min(MOST_S, budget.left_s())
    return _ARCHIVING.begin(lambda: _failed(request, receipt, settings, bucket, timeout_s)).result


def _failed(request: Request, receipt: Receipt, settings: Settings, bucket: Bucket, timeout_s: float) -> bool:
    packed = pack(Accepted(redacted(request, settings), receipt.request_id, receipt.received_ms))
    name = sha256(packed.body.encode()).hexdigest()[:32]
    try:
        bucket.put(archive_key(request.tenant, receipt.received_ms, name), bundle([packed]), timeout_s)
    except KeepError:
        return True
    return False
