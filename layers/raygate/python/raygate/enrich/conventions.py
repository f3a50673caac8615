"""What a sender says under other names or in another form than the mapping reads.

Takes   a span as decoded.
Gives   the same span where no row applies; else a new one, with attributes and events added or restated. What the
        sender says under the name that the mapping reads always stands.
Rules   The rows are tables in `enrich.rows`. Rows are chosen by the attribute keys that are present, once for each
        set of keys; a row that reads an attribute runs before those that build on what it sets.
Source  each row names its own; xray-conversion.md says what the mapping reads.
"""

from functools import partial
from typing import NamedTuple

from raygate.enrich.row import AttributeRow, Row, SpanRow
from raygate.enrich.rows import calls, database, events, http, peers
from raygate.memory import ByKeys
from raygate.span import CLIENT, CONSUMER, INTERNAL, PRODUCER, SERVER, UNSPECIFIED, Attributes, Span, copy_of

KINDS = {"internal": INTERNAL, "server": SERVER, "client": CLIENT, "producer": PRODUCER, "consumer": CONSUMER}
NO_KIND = -1
"""Stands for a number that OTLP has no kind for."""


def _kind(span: Span) -> Span:
    named = span.attributes["span.kind"]
    kind = KINDS.get(named.lower()) if isinstance(named, str) else None
    if span.kind != UNSPECIFIED or kind is None:
        return span
    changed = copy_of(span)
    changed.kind = kind
    return changed


KIND_ROW = SpanRow(
    id="span-kind",
    reads=("span.kind",),
    writes=("the span's kind",),
    when="the kind is unspecified and the attribute names one",
    source="OpenTracing; Datadog's JavaScript tracer, which sends kind 0",
    effect="segment or subsegment, `namespace` and `name` are those of the kind",
    change=_kind,
)

ATTRIBUTE_ROWS: tuple[AttributeRow, ...] = (*calls.ROWS, *http.ROWS, *database.ROWS, *peers.ROWS)
"""In order: `rpc.service` is settled before the peers ask for it, `db.system` before the rest of the database."""

ROWS = (KIND_ROW, *ATTRIBUTE_ROWS, *events.BY_ATTRIBUTE, *events.BY_EVENT)

WRITTEN = events.WRITTEN.union(*(row.writes for row in ATTRIBUTE_ROWS))
"""The attributes that rows set, of spans and of events."""


class Step(NamedTuple):
    """One attribute row of a plan."""

    row: AttributeRow
    guards: frozenset[str]
    """It is passed over when an earlier row has written one of these."""
    settled: str
    """It is passed over when the attribute under this key is of the type that settles it."""

    @classmethod
    def of(cls, row: AttributeRow, written: set[str], present: frozenset[str]) -> "Step":
        """That of a row among these attributes, after the rows that write these."""
        read = [key for key in row.reads if key in present]
        settled = read[0] if row.settled_by and len(read) == 1 else ""
        return cls(row, frozenset(written.intersection(row.unless)), settled)


class Plan(NamedTuple):
    """The rows that a set of keys calls for."""

    kind: bool
    steps: tuple[Step, ...]
    span_rows: tuple[SpanRow, ...]


def _plan(kind: int, keys: tuple[str, ...]) -> Plan:
    present = frozenset(keys)
    rows = [row for row in ROWS if _is_called_for(row, present)]
    attribute_rows = [row for row in rows if isinstance(row, AttributeRow) and (not row.kinds or kind in row.kinds)]
    written: set[str] = set()
    steps = []
    for row in attribute_rows:
        steps.append(Step.of(row, written, present))
        written.update(row.writes)
    span_rows = tuple(row for row in rows if isinstance(row, SpanRow) and row is not KIND_ROW)
    return Plan(KIND_ROW in rows and kind == UNSPECIFIED, tuple(steps), span_rows)


_PLANS = {kind: ByKeys(partial(_plan, kind)) for kind in (UNSPECIFIED, *KINDS.values())}
_OTHERS = ByKeys(partial(_plan, NO_KIND))


def _is_called_for(row: Row, keys: frozenset[str]) -> bool:
    is_read = not keys.isdisjoint(row.reads) and keys.isdisjoint(row.unless)
    return is_read and not (row.needs and keys.isdisjoint(row.needs))


def apply(span: Span, used: list[str] | None = None) -> Span:
    """The span with what the rows add; their ids are appended to `used`."""
    is_of_kind, steps, span_rows = _PLANS.get(span.kind, _OTHERS)[tuple(span.attributes)]
    if is_of_kind:
        span = _changed(span, (KIND_ROW,), used)
        _, steps, span_rows = _PLANS[span.kind][tuple(span.attributes)]
    if steps:
        span = _with_attributes(span, steps, used)
    if span_rows:
        span = _changed(span, span_rows, used)
    if span.events and events.tell_of_exceptions(span.events):
        span = _changed(span, events.BY_EVENT, used)
    return span


def _with_attributes(span: Span, steps: tuple[Step, ...], used: list[str] | None) -> Span:
    given = now = span.attributes
    is_composed = False
    for row, guards, settled in steps:
        if (settled and type(now[settled]) is row.settled_by) or (guards and not guards.isdisjoint(now)):
            continue
        more = row.change(span, now)
        if more:
            if now is given:
                now = dict(given)
            now.update(more)
            is_composed |= row.composes
            if used is not None:
                used.append(row.id)
    if now is given:
        return span
    changed = copy_of(span)
    changed.attributes = now
    changed.first = now if span.first is given else _with_the_same(span.first, given, now)
    if is_composed:
        changed.cleared_by = None
    return changed


def _with_the_same(first: Attributes, given: Attributes, now: Attributes) -> Attributes:
    """The first values of repeated keys with what has been added to the last ones."""
    return {**first, **{key: value for key, value in now.items() if key not in given or value is not given[key]}}


def _changed(span: Span, rows: tuple[SpanRow, ...], used: list[str] | None) -> Span:
    for row in rows:
        changed = row.change(span)
        if changed is not span:
            span = changed
            if row.composes:
                span.cleared_by = None
            if used is not None:
                used.append(row.id)
    return span
