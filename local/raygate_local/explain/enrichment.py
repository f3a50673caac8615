"""What enrichment has set, by which row, and from what.

Takes   a `Journey`.
Gives   `Origins`: `sources` of a place of the enriched span, as places of the span that was sent; `restored`, the
        enriched span without what one row did.
Rules   A row is known by what it says it writes; what it read is found by trying.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from raygate.enrich import REDACTION_ID, conventions
from raygate.enrich import resource as defaults
from raygate.enrich.row import AttributeRow, ResourceRow, Row, SpanRow
from raygate.settings import Settings
from raygate.span import Span, copy_of
from raygate_local.explain import places
from raygate_local.explain.journey import Journey, enriched_of
from raygate_local.explain.model import Source
from raygate_local.explain.places import Kind, Place
from raygate_local.explain.probing import Influences, influences
from raygate_local.explain.rules import TABLE


@dataclass(slots=True)
class Origins:
    """The way back from the enriched span to the one that was sent."""

    sent: dict[Place, Any]
    changed: dict[Place, tuple[str, ...]]
    """What enrichment has set, and the rows that did."""
    read: Influences[Place]

    @classmethod
    def of(cls, journey: Journey, settings: Settings) -> "Origins":
        """Find them."""
        sent = places.read(journey.span)
        changed = dict(_changed(journey, sent))
        if not changed:
            return cls(sent, changed, Influences())

        def settled(span: Span) -> dict[Place, Any]:
            now = places.read(enriched_of(span, settings))
            return {place: now[place] for place in changed if place in now}

        return cls(sent, changed, influences(journey.span, settled))

    def sources(self, place: Place) -> Iterator[Source]:
        """Where that place of the enriched span comes from."""
        rows = self.changed.get(place)
        if rows is None:
            yield Source(place)
            return
        read = self.read.shown.get(place) or self.read.decided_by.get(place) or self._named(place, rows)
        if place in self.sent and place not in read:
            read = [place, *read]
        for one in read:
            yield Source(one, rows)

    def _named(self, place: Place, rows: tuple[str, ...]) -> list[Place]:
        """What the rows say they read: where several attributes say the same, none of them is missed."""
        kind: Kind = "resource" if place.kind == "resource" else "attribute"
        keys = (key for row in rows if row in TABLE for key in TABLE[row].reads)
        return [one for one in (Place(kind, key) for key in keys) if one in self.sent]


def _changed(journey: Journey, sent: dict[Place, Any]) -> Iterator[tuple[Place, tuple[str, ...]]]:
    rows = [TABLE[row] for row in journey.rows if row in TABLE]
    for place, value in places.read(journey.enriched).items():
        if place not in sent or sent[place] != value:
            by = tuple(row.id for row in rows if _writes(row, place))
            yield place, by or tuple(row for row in journey.rows if row == REDACTION_ID)


def _writes(row: Row, place: Place) -> bool:
    if isinstance(row, AttributeRow):
        return place.kind == "attribute" and place.key in row.writes
    if isinstance(row, ResourceRow):
        return place.kind == "resource" and place.key in row.writes
    if row is conventions.KIND_ROW:
        return place == Place("span", "kind")
    return place.kind.startswith("event")


def restored(journey: Journey, row_id: str) -> Span:
    """The enriched span without what that row did."""
    span, enriched = journey.span, journey.enriched
    row = TABLE.get(row_id)
    if row is None:  # redaction, which comes last of all
        unredacted = copy_of(span)
        conventions.apply(unredacted)
        return replace(unredacted, resource=defaults.apply(span.resource))
    if isinstance(row, SpanRow):
        return (
            replace(enriched, kind=span.kind) if row is conventions.KIND_ROW else replace(enriched, events=span.events)
        )
    for key in row.writes:
        place = Place("resource" if isinstance(row, ResourceRow) else "attribute", key)
        before = (span.resource if place.kind == "resource" else span).attributes
        now = places.instead(enriched, place, before[key]) if key in before else places.without(enriched, place)
        enriched = now or enriched
    return enriched
