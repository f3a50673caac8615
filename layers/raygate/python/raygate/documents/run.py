"""The journey of documents: check, redact, annotate, fit, deliver, keep. The steps are those of spans.

Takes   documents as texts, whose they are, the settings, `put`, the time there is, the sender's quota, the stores.
Gives   `Taken`: the `Outcome`, in which each document counts as a span; which ones X-Ray will never have; which ones
        nobody took.
Rules   With `RAYGATE_DELIVERY=buffered` the queue has them all, ready to be sent; if it does not take them, they are
        delivered at once. They are not archived: an archive holds requests that are converted again.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from raygate.deliver import Budget, Fate, Put, deliver
from raygate.documents.prepare import Prepared, prepare
from raygate.keep import NOWHERE, Stores
from raygate.keep.keeping import Keeping
from raygate.pipeline import UNKNOWN, Way, over_quota
from raygate.request import Admit, Outcome, Receipt, Rejection, unlimited
from raygate.segment.refit import refit
from raygate.settings import Settings
from raygate.tally import tally

LATER: Final = Fate("unavailable", "to be delivered by the worker", is_retryable=True)
NOBODY: Final = frozenset({"throttled", "unavailable"})
SAID: Final = {"parked": "X-Ray refused it; it is kept here with X-Ray's reason", "refused": "X-Ray refused it"}


class Unprocessed(NamedTuple):
    """A document that X-Ray does not have, and will not get by itself."""

    id: str
    code: str
    message: str


class Taken(NamedTuple):
    """What became of the documents."""

    outcome: Outcome
    unprocessed: Sequence[Unprocessed] = ()
    returned: Sequence[int] = ()
    """The positions of those that nobody took: whoever sent them still has them."""


def run_documents(  # noqa: PLR0913, PLR0917 - as `pipeline.run`
    texts: Sequence[str],
    tenant: str,
    settings: Settings,
    put: Put,
    budget: Budget,
    admit: Admit = unlimited,
    stores: Stores = NOWHERE,
    receipt: Receipt = UNKNOWN,
) -> Taken:
    """Count against the quota; then deliver at once, or let the queue have them."""
    everything = range(len(texts))
    if wait_s := admit(len(texts)):
        return Taken(over_quota(len(texts), wait_s), returned=everything)
    way = Way(settings, put, stores, receipt, budget)
    prepared = prepare(texts, tenant, settings, budget)
    if prepared is None:
        why = "no time is left for this request"
        return Taken(Outcome(len(texts), returned=len(texts), unavailable=why), returned=everything)
    if settings.delivery == "buffered" and stores.queue:
        kept = way.keeper(tenant).keep(prepared.texts, [LATER] * len(prepared.texts))
        if not kept.queue_failed:
            return _taken(len(texts), prepared, kept, {})
    first = budget.sooner(way.keeping_s)
    delivery = deliver(prepared.texts, prepared.ids, put, first, refit)
    kept = way.keeper(tenant).keep(delivery.texts, delivery.fates)
    return _taken(len(texts), prepared, kept, {"mended": delivery.mended, "calls": delivery.calls})


def _taken(documents: int, prepared: Prepared, kept: Keeping, counts: dict[str, int]) -> Taken:
    rejections = [Rejection(fault.reason, at) for at, fault in prepared.faults.items()]
    outcome = Outcome(
        spans=documents,
        **tally(prepared.owners, kept.fates, rejections),
        counts={
            "redacted": prepared.redacted,
            "documents": len(prepared.texts),
            "fitted": prepared.fitted,
            "queue_failed": kept.queue_failed,
            "parking_failed": kept.parking_failed,
            **counts,
        },
    )
    return Taken(
        outcome,
        [
            *(Unprocessed(fault.id, fault.code, fault.message) for fault in prepared.faults.values()),
            *(
                Unprocessed(known, fate.reason, SAID[fate.state])
                for known, fate in zip(prepared.ids, kept.fates, strict=True)
                if fate.state in SAID
            ),
        ],
        [owner for owner, fate in zip(prepared.owners, kept.fates, strict=True) if fate.state in NOBODY],
    )
