"""The whole journey in reading order: a request in, an `Outcome` out.

Takes   the request, the settings, `put`, the time there is, and the sender's quota. Every caller uses this one: the
        function, the command line, the local server.
Gives   `Outcome`: each span in exactly one state.
Raises  `DecodeError` when nothing of the request is readable. A span that cannot become a document is counted.
Note    Every span that stores its resource repeats it, so that a small request can become gigabytes of documents: they
        are made a few at a time, only their texts are kept, and there is a limit to all of them together.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Final

from raygate.decode import decode
from raygate.deliver import Budget, Put, deliver
from raygate.enrich import enrich
from raygate.errors import SpanError, TooLargeError
from raygate.request import Admit, Outcome, Rejection, Request, unlimited
from raygate.segment import Converted, Options, convert
from raygate.segment.fit import Fitted, fit
from raygate.segment.tenant import with_tenant
from raygate.settings import Settings
from raygate.span import Span
from raygate.tally import tally

PIECE: Final = 256
"""So many spans become documents at a time."""

MOST_GROWTH: Final = 8
"""All documents of a request, before they are made to fit, in largest bodies. Real ones are twice their body."""

MOST_WAIT_S: Final = 30
"""Senders wait no longer: some of them drop the spans instead."""


def run(request: Request, settings: Settings, put: Put, budget: Budget, admit: Admit = unlimited) -> Outcome:
    """Decode, count against the quota, enrich, convert, annotate, fit, deliver."""
    decoded = decode(request, settings)
    spans = len(decoded.spans) + len(decoded.rejected)
    if wait_s := admit(spans):
        return over_quota(spans, wait_s)
    enriched = enrich(decoded.spans, settings)
    made = make(enriched.spans, request.tenant, settings, budget)
    if made is None:
        return out_of_time(spans)
    delivery = deliver(made.texts, made.ids, put, budget)
    return Outcome(
        spans=spans,
        **tally(made.owners, delivery.fates, [*decoded.rejected, *made.rejected]),
        warnings=tuple(decoded.warnings),
        counts={
            "bytes_inflated": decoded.inflated_bytes,
            "redacted": enriched.redacted,
            "documents": len(made.texts),
            "fitted": made.fitted,
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


def out_of_time(spans: int) -> Outcome:
    """Nothing was sent: the sender still has every span."""
    return Outcome(spans, returned=spans, unavailable="no time is left for this request")


@dataclass(slots=True)
class Made:
    """The documents of a request, ready to be sent."""

    texts: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)
    """For each document the position of its span."""
    rejected: list[Rejection] = field(default_factory=list)
    fitted: int = 0
    """Documents that had to be changed."""


def make(spans: Sequence[Span], tenant: str, settings: Settings, budget: Budget) -> Made | None:
    """Convert, annotate, fit; None when the time for the request is up."""
    made = Made()
    room = MOST_GROWTH * settings.max_decompressed_bytes
    for start in range(0, len(spans), PIECE):
        if not budget.left_s():
            return None
        converted = convert(spans[start : start + PIECE], Options.of(settings))
        if settings.annotate_tenant:
            converted.documents = [with_tenant(document, tenant) for document in converted.documents]
        documents, owners, misfits = fit_all(converted, settings, room)
        room -= sum(fitted.bytes_before for fitted in documents)
        made.texts += [fitted.text for fitted in documents]
        made.ids += [fitted.document["id"] for fitted in documents]
        made.owners += [start + owner for owner in owners]
        made.rejected += [Rejection(one.reason, start + one.index) for one in (*converted.rejected, *misfits)]
        made.fitted += sum(bool(fitted.changes) for fitted in documents)
    return made


def fit_all(
    converted: Converted, settings: Settings, room: int = sys.maxsize
) -> tuple[list[Fitted], list[int], list[Rejection]]:
    """Fit every document. A span loses both of its documents when one of them cannot be sent."""
    replace_non_finite = settings.mapping != "adot"  # the exporter drops such spans
    fitted: list[Fitted] = []
    owners: list[int] = []
    misfits: dict[int, Rejection] = {}
    for document, owner in zip(converted.documents, converted.owners, strict=True):
        try:
            one = fit(document, replace_non_finite=replace_non_finite)
        except SpanError as error:
            misfits.setdefault(owner, Rejection(str(error), owner))
            continue
        fitted.append(one)
        owners.append(owner)
        room -= one.bytes_before
        if room < 0:
            raise TooLargeError("the documents of this request are too large together: send fewer spans at once")
    if misfits:
        kept = [at for at, owner in enumerate(owners) if owner not in misfits]
        fitted, owners = [fitted[at] for at in kept], [owners[at] for at in kept]
    return fitted, owners, list(misfits.values())
