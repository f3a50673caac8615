"""The whole journey in reading order: a request in, an `Outcome` out.

Takes   the request, the settings, `put`, the time there is, and the sender's quota. Every caller uses this one: the
        function, the command line, the local server.
Gives   `Outcome`: each span in exactly one state.
Raises  `DecodeError` when nothing of the request is readable. A span that cannot become a document is counted.
"""

from math import ceil
from typing import Final

from raygate.decode import decode
from raygate.deliver import Budget, Put, deliver
from raygate.enrich import enrich
from raygate.errors import SpanError
from raygate.request import Admit, Outcome, Rejection, Request, unlimited
from raygate.segment import Converted, Options, convert
from raygate.segment.fit import Fitted, fit
from raygate.segment.tenant import with_tenant
from raygate.settings import Settings
from raygate.tally import tally

MOST_WAIT_S: Final = 30
"""Senders wait no longer: some of them drop the spans instead."""


def run(request: Request, settings: Settings, put: Put, budget: Budget, admit: Admit = unlimited) -> Outcome:
    """Decode, count against the quota, enrich, convert, annotate, fit, deliver."""
    decoded = decode(request, settings)
    spans = len(decoded.spans) + len(decoded.rejected)
    if wait_s := admit(spans):
        return over_quota(spans, wait_s)
    enriched = enrich(decoded.spans, settings)
    converted = convert(enriched.spans, Options.of(settings))
    if settings.annotate_tenant:
        converted.documents = [with_tenant(document, request.tenant) for document in converted.documents]
    documents, owners, misfits = fit_all(converted, settings)
    texts, ids = [fitted.text for fitted in documents], [fitted.document["id"] for fitted in documents]
    delivery = deliver(texts, ids, put, budget)
    return Outcome(
        spans=spans,
        **tally(owners, delivery.fates, [*decoded.rejected, *converted.rejected, *misfits]),
        warnings=tuple(decoded.warnings),
        counts={
            "bytes_inflated": decoded.inflated_bytes,
            "redacted": enriched.redacted,
            "documents": len(documents),
            "fitted": sum(bool(fitted.changes) for fitted in documents),
            "calls": delivery.calls,
        },
    )


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


def fit_all(converted: Converted, settings: Settings) -> tuple[list[Fitted], list[int], list[Rejection]]:
    """Fit every document. A span loses both of its documents when one of them cannot be sent."""
    replace_non_finite = settings.mapping != "adot"  # the exporter drops such spans
    fitted: list[tuple[int, Fitted]] = []
    misfits: dict[int, Rejection] = {}
    for document, owner in zip(converted.documents, converted.owners, strict=True):
        try:
            fitted.append((owner, fit(document, replace_non_finite=replace_non_finite)))
        except SpanError as error:
            misfits.setdefault(owner, Rejection(str(error), owner))
    kept = [(owner, document) for owner, document in fitted if owner not in misfits]
    return [document for _, document in kept], [owner for owner, _ in kept], list(misfits.values())
