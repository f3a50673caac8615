"""One span on its way, step by step, as the pipeline goes it.

Takes   a span as decoded, and the settings.
Gives   `Journey`: the span as it was enriched, by which rows; its documents before and after they were made to fit.
"""

from dataclasses import dataclass, replace

from raygate import enrich
from raygate.making import fit_all
from raygate.request import Rejection
from raygate.segment import Converted, Document, Options, convert
from raygate.segment.fit import Fitted
from raygate.segment.tenant import with_tenant
from raygate.settings import Settings
from raygate.span import Resource, Span


@dataclass(frozen=True, slots=True)
class Journey:
    """Where the span was."""

    span: Span
    enriched: Span
    rows: tuple[str, ...]
    converted: tuple[Document, ...]
    fitted: tuple[Fitted, ...]
    rejected: str

    @classmethod
    def of(cls, span: Span, settings: Settings) -> "Journey":
        """Go it."""
        enriched = enriched_of(span, settings)
        converted = _converted(enriched, settings)
        fitted, _, misfits = fit_all(converted, settings)
        rejected = next(iter((*converted.rejected, *misfits)), Rejection("", 0)).reason
        rows = tuple(enrich.explain(span, settings))
        return cls(span, enriched, rows, tuple(converted.documents), tuple(fitted), rejected)


def enriched_of(span: Span, settings: Settings) -> Span:
    """The span as the mapping gets it, whether it is as it was read or with something else in one place."""
    return enrich.enrich([replace(span, cleared_by=None)], settings).spans[0]


def documents_of(enriched: Span, settings: Settings) -> list[Document]:
    """What the mapping makes of it."""
    return _converted(enriched, settings).documents


def _converted(enriched: Span, settings: Settings) -> Converted:
    converted = convert([enriched], Options.of(settings))
    if settings.annotate_tenant:
        converted.documents = [with_tenant(document, "") for document in converted.documents]
    return converted


def with_own_resource(span: Span) -> Resource:
    """A copy that remembers nothing, and that nothing is remembered in for long."""
    return Resource(span.resource.attributes, span.resource.first, span.resource.dropped_attributes_count)
