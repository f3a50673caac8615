"""Spans → documents, ready to be sent: convert, annotate, fit, a few at a time.

Takes   enriched spans, the tenant, the settings, and the time there is.
Gives   `Made`: texts, ids and owners by position, and the spans that cannot become a document, with the reason.
Raises  `TooLargeError` when the documents of a request are too large together.
Why     every span that stores its resource repeats it, so that a small request can become gigabytes of documents: they
        are made a few at a time, only their texts are kept, and there is a limit to all of them together.
"""

import sys
from collections.abc import Sequence
from dataclasses import field
from typing import Final

from raygate.deliver import Budget
from raygate.errors import SpanError, TooLargeError
from raygate.records import dataclass
from raygate.request import Rejection
from raygate.segment import Converted, Options, convert
from raygate.segment.fit import Fitted, fit
from raygate.segment.tenant import with_tenant
from raygate.settings import Settings
from raygate.span import Span

PIECE: Final = 64
"""So many spans become documents at a time."""

MOST_GROWTH: Final = 8
"""All documents of a request, before they are made to fit, in largest bodies. Real ones are twice their body."""


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
        for fitted in documents:
            room -= fitted.bytes_before
            made.texts.append(fitted.text)
            made.ids.append(fitted.document["id"])
            made.fitted += bool(fitted.changes)
        made.owners += [start + owner for owner in owners]
        made.rejected += [Rejection(one.reason, start + one.index) for one in (*converted.rejected, *misfits)]
    return made


def fit_all(
    converted: Converted, settings: Settings, room: int = sys.maxsize
) -> tuple[list[Fitted], list[int], list[Rejection]]:
    """Fit every document. A span loses both of its documents when one of them cannot be sent."""
    replace_non_finite = settings.mapping != "adot"  # the exporter drops such spans
    fitted: list[Fitted] = []
    owners: list[int] = []
    misfits: dict[int, Rejection] = {}
    for document, owner, is_doubtful in zip(converted.documents, converted.owners, converted.doubtful, strict=True):
        try:
            one = fit(document, replace_non_finite=replace_non_finite, is_doubtful=is_doubtful)
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
