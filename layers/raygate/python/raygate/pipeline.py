"""The whole journey in reading order: a request in, an `Outcome` out.

Takes   the request and its receipt, the settings, `put`, the time there is, the sender's quota, and the stores. Every
        caller uses this one: the function, the command line, the local server.
Gives   `Outcome`: each span in exactly one state.
Raises  `DecodeError` when nothing of the request is readable. A span that cannot become a document is counted.
Rules   X-Ray has the time until shortly before the end, since what it does not take has to be kept after that.
        Where the queue should have the whole request and does not take it, the request is delivered at once instead.
"""

from collections import Counter
from collections.abc import Callable
from math import ceil
from typing import Final, NamedTuple

from raygate.decode import Decoded, decode
from raygate.deliver import Budget, Put, deliver
from raygate.enrich import enrich
from raygate.keep import NOWHERE, Accepted, Stores, pack
from raygate.keep.keeping import Keeper, Origin, enqueue
from raygate.making import MOST_GROWTH, Made, fit_all, make
from raygate.request import Admit, Outcome, Receipt, Request, unlimited
from raygate.segment.refit import refit
from raygate.settings import Settings
from raygate.tally import tally

__all__ = ["MOST_GROWTH", "Made", "fit_all", "make", "run"]

MOST_WAIT_S: Final = 30
"""Senders wait no longer: some of them drop the spans instead."""

KEEPING_S: Final = 2.0
"""Of the time for a request, what the stores have when X-Ray has used up the rest."""

UNKNOWN: Final = Receipt()


class Way(NamedTuple):
    """Where the spans of one request go, and how much time there is."""

    settings: Settings
    put: Put
    stores: Stores
    receipt: Receipt
    budget: Budget

    @property
    def keeping_s(self) -> float:
        """What X-Ray has to leave."""
        return KEEPING_S if self.stores.queue or self.stores.bucket else 0.0

    def keeper(self, tenant: str) -> Keeper:
        """Who keeps what X-Ray does not take. Now is still the moment of the receipt, but for some seconds."""
        origin = Origin(tenant, self.receipt.request_id, self.receipt.received_ms)
        return Keeper(self.stores, origin, self.receipt.received_ms, self.budget)


def run(  # noqa: PLR0913, PLR0917 - everything that is not the same for each request comes from outside
    request: Request,
    settings: Settings,
    put: Put,
    budget: Budget,
    admit: Admit = unlimited,
    stores: Stores = NOWHERE,
    receipt: Receipt = UNKNOWN,
) -> Outcome:
    """Decode, count against the quota; then deliver at once, or let the queue have it."""
    decoded = decode(request, settings)
    spans = len(decoded.spans) + len(decoded.rejected)
    if wait_s := admit(spans):
        return over_quota(spans, wait_s)
    way = Way(settings, put, stores, receipt, budget)
    if settings.delivery == "buffered" and decoded.spans and is_queued(request, way):
        return buffered(decoded)
    return direct(request, decoded, way)


def is_queued(request: Request, way: Way) -> bool:
    """Give the whole request to the queue, to be converted and delivered by the worker."""
    if not way.stores.queue or not way.budget.left_s():
        return False
    from raygate.keep.redacted import redacted  # noqa: PLC0415 - only whole requests need it, and few starts see one

    message = pack(Accepted(redacted(request, way.settings), way.receipt.request_id, way.receipt.received_ms))
    timeout_s = min(KEEPING_S, way.budget.left_s() / 2)  # the rest is for X-Ray, if the queue is away
    return all(enqueue([message], way.stores, way.receipt.received_ms, timeout_s))


def buffered(decoded: Decoded) -> Outcome:
    """The queue has every span that can be stored."""
    return Outcome(
        spans=len(decoded.spans) + len(decoded.rejected),
        queued=len(decoded.spans),
        rejected=Counter(rejection.reason for rejection in decoded.rejected),
        warnings=tuple(decoded.warnings),
        counts={"bytes_inflated": decoded.inflated_bytes},
    )


def direct(request: Request, decoded: Decoded, way: Way) -> Outcome:
    """Enrich, convert, annotate, fit, deliver; keep what X-Ray does not take."""
    settings, budget = way.settings, way.budget
    enriched = enrich(decoded.spans, settings)
    first = budget.sooner(way.keeping_s)
    made = make(enriched.spans, request.tenant, settings, first)
    if made is None:
        return buffered(decoded) if is_queued(request, way) else out_of_time(decoded)
    has_archive_failed = archiving(request, way) if settings.archive and made.texts else nothing_failed
    delivery = deliver(made.texts, made.ids, way.put, first, refit)
    kept = way.keeper(request.tenant).keep(delivery.texts, delivery.fates)
    return Outcome(
        spans=len(decoded.spans) + len(decoded.rejected),
        **tally(made.owners, kept.fates, [*decoded.rejected, *made.rejected]),
        warnings=tuple(decoded.warnings),
        counts={
            "bytes_inflated": decoded.inflated_bytes,
            "redacted": enriched.redacted,
            "documents": len(made.texts),
            "fitted": made.fitted,
            "mended": delivery.mended,
            "calls": delivery.calls,
            "queue_failed": kept.queue_failed,
            "parking_failed": kept.parking_failed,
            "archive_failed": has_archive_failed(),
        },
    )


def archiving(request: Request, way: Way) -> Callable[[], bool]:
    """Begin to archive the request; the result waits for the end and says whether it failed."""
    from raygate.keep.archive import begin  # noqa: PLC0415 - a start without an archive shall not pay for it

    return begin(request, way.receipt, way.settings, way.stores.bucket, way.budget)


def nothing_failed() -> bool:
    """There is no archive."""
    return False


def over_quota(spans: int, wait_s: float) -> Outcome:
    """Nothing was tried: the sender still has every span."""
    return Outcome(
        spans,
        returned=spans,
        unavailable="the key's quota of spans a minute is used up",
        throttled=True,
        retry_after_s=min(MOST_WAIT_S, max(1, ceil(wait_s))),
        counts={"over_quota": spans},
    )


def out_of_time(decoded: Decoded) -> Outcome:
    """Nothing was sent: the sender still has every span."""
    spans = len(decoded.spans) + len(decoded.rejected)
    return Outcome(spans, returned=spans, unavailable="no time is left for this request")
