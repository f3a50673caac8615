"""Documents as they came → documents as X-Ray gets them.

Takes   texts, whose they are, the settings, and the time there is.
Gives   `Prepared`: texts, ids and owners by position, and the fault of each that is none; None when the time is up.
Rules   Secrets go as they go from spans: values under secret keys, and secrets within any text, all the way down, in
        the subsegments too. The tenant's annotation is ours alone. `fit` changes what X-Ray would not take; a document
        whose members have other forms than X-Ray's guide gives is left alone, and X-Ray says what is wrong with it.
"""

from collections.abc import Sequence
from dataclasses import field
from typing import Final

from raygate.deliver import Budget
from raygate.documents.check import Document, Fault, read
from raygate.records import dataclass
from raygate.redact import Redaction
from raygate.segment.fit import Fitted, encoded, fit
from raygate.segment.formed import is_well_formed
from raygate.segment.tenant import with_tenant
from raygate.settings import Settings

PIECE: Final = 256
"""So many documents at a time, then comes a look at the clock."""


@dataclass(slots=True)
class Prepared:
    """What is ready to be sent, and what never will be."""

    texts: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)
    """For each text the position of the document it was made of."""
    faults: dict[int, Fault] = field(default_factory=dict)
    """By position."""
    fitted: int = 0
    redacted: int = 0


def prepare(texts: Sequence[str], tenant: str, settings: Settings, budget: Budget) -> Prepared | None:
    """Check, redact, annotate, fit."""
    redaction = Redaction.of(settings)
    prepared = Prepared()
    for position, text in enumerate(texts):
        if position % PIECE == 0 and not budget.left_s():
            return None
        document = read(text)
        if isinstance(document, Fault):
            prepared.faults[position] = document
            continue
        clean = _clean(document, redaction)
        fitted = _fitted(_annotated(clean, tenant) if settings.annotate_tenant else clean)
        prepared.texts.append(fitted.text)
        prepared.ids.append(document["id"])
        prepared.owners.append(position)
        prepared.fitted += bool(fitted.changes)
    prepared.redacted = redaction.count if redaction else 0
    return prepared


def _clean(document: Document, redaction: Redaction | None) -> Document:
    if redaction is None:
        return document
    clean: Document = redaction.attributes(document)
    return clean


def _annotated(document: Document, tenant: str) -> Document:
    """With the tenant, and without what somebody else wrote under that name, however deep."""
    if isinstance(document.get("annotations", {}), dict):
        document = with_tenant(document, tenant)
    below = document.get("subsegments")
    if not isinstance(below, list):
        return document
    return document | {"subsegments": [_annotated(one, "") if isinstance(one, dict) else one for one in below]}


def _fitted(document: Document) -> Fitted:
    return fit(document) if is_well_formed(document) else Fitted(document, encoded(document).decode())
