"""Span by span: what became what, by which rule.

Takes   a span as decoded, and the settings.
Gives   `explain`: its documents field by field, each with what it comes from and the rule; its attributes, each with
        what became of it and how X-Ray finds it. `differences`: the fields that the exporter makes otherwise, with
        the rows of `docs/mapping.md` that do it.
Rules   Nothing here knows the mapping: what comes from what is found by converting the span again with one thing
        changed. It takes some ten milliseconds a span, and is for a person who looks at one.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from raygate.segment import fit
from raygate.settings import Settings
from raygate.span import Span
from raygate_local.explain.enrichment import Origins, restored
from raygate_local.explain.fates import fates
from raygate_local.explain.fields import Way, fields_of
from raygate_local.explain.journey import Journey, documents_of
from raygate_local.explain.model import Difference, Explained, ExplainedDocument, Field, Source
from raygate_local.explain.places import Place
from raygate_local.explain.probing import Influences, influences, is_other
from raygate_local.explain.rules import ROWS, Rule, rule_of

__all__ = ["Difference", "Explained", "differences", "explain"]


def explain(span: Span, settings: Settings) -> Explained:
    """What became of a span."""
    journey = Journey.of(span, settings)
    found = influences(journey.enriched, lambda changed: fields_of(documents_of(changed, settings)))
    origins = Origins.of(journey, settings)
    before = fields_of(journey.converted)
    fields = [
        [
            _field(
                way[1:],
                value,
                _sources(found, way, origins),
                is_fitted=way not in before or is_other(before[way], value),
            )
            for way, value in fields_of([one.document]).items()
            for way in [(at, *way[1:])]
        ]
        for at, one in enumerate(journey.fitted)
    ]
    return Explained(
        trace_id=span.trace_id,
        span_id=span.span_id,
        name=span.name,
        documents=[
            ExplainedDocument(one.document, explained, one.changes)
            for one, explained in zip(journey.fitted, fields, strict=True)
        ],
        fates=list(fates(journey, fields, settings, found.unexamined)),
        rows=[ROWS[row] for row in journey.rows],
        rejected=journey.rejected,
        unexamined=found.unexamined,
    )


def differences(span: Span, settings: Settings) -> Iterator[Difference]:
    """The fields that differ between the mappings `extended` and `adot`, before anything is made to fit."""
    extended, adot = replace(settings, mapping="extended"), replace(settings, mapping="adot")
    journey = Journey.of(span, extended)
    ours, theirs = fields_of(journey.converted), fields_of(Journey.of(span, adot).converted)
    different = [way for way in {**theirs, **ours} if is_other(ours.get(way, ...), theirs.get(way, ...))]
    if not different:
        return
    undone = {row: fields_of(documents_of(restored(journey, row), extended)) for row in journey.rows}
    for way in different:
        rows = tuple(row for row, fields in undone.items() if is_other(fields.get(way, ...), ours.get(way, ...)))
        yield Difference(way, _side(theirs, way), _side(ours, way), rows)


def _side(fields: dict[Way, object], way: Way) -> tuple[object, ...]:
    return (fields[way],) if way in fields else ()


def _sources(found: Influences[Way], way: Way, origins: Origins) -> tuple[list[Source], list[Source]]:
    shown = _sent(found.shown.get(way, ()), origins)
    decided_by = _sent(found.decided_by.get(way, ()), origins)
    return shown, [source for source in decided_by if source not in shown]


def _sent(places: Iterable[Place], origins: Origins) -> list[Source]:
    return list(dict.fromkeys(source for place in places for source in origins.sources(place)))


def _field(way: Way, value: object, sources: tuple[list[Source], list[Source]], *, is_fitted: bool) -> Field:
    shown, decided_by = sources
    made_by_fit = is_fitted and not shown and not decided_by
    return Field(way, value, Rule.of(fit) if made_by_fit else rule_of(str(way[0])), shown, decided_by, is_fitted)
