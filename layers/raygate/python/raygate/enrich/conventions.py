"""What a sender says under other names or in another form than the mapping reads.

Takes   a span as decoded.
Does    sets attributes and events on it, added or restated. What the sender says under the name that the mapping reads
        always stands.
Rules   The rows are tables in `enrich.rows`. Rows are chosen by the attribute keys that are present, once for each
        set of keys; a row that reads an attribute runs before those that build on what it sets.
Source  each row names its own; xray-conversion.md says what the mapping reads.
"""

from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

from raygate.enrich.row import AttributeRow, Row, SpanRow
from raygate.enrich.rows import calls, database, events, http, peers
from raygate.memory import KEY_SETS, KeySet
from raygate.records import dataclass
from raygate.span import CLIENT, CONSUMER, INTERNAL, PRODUCER, SERVER, UNSPECIFIED, Attributes, Span

KINDS = {"internal": INTERNAL, "server": SERVER, "client": CLIENT, "producer": PRODUCER, "consumer": CONSUMER}
NO_KIND = -1
"""Stands for a number that OTLP has no kind for."""


def _set_kind(span: Span) -> bool:
    named = span.attributes["span.kind"]
    kind = KINDS.get(named.lower()) if isinstance(named, str) else None
    if span.kind != UNSPECIFIED or kind is None:
        return False
    span.kind = kind
    return True


KIND_ROW = SpanRow(
    id="span-kind",
    reads=("span.kind",),
    writes=("the span's kind",),
    when="the kind is unspecified and the attribute names one",
    source="OpenTracing; Datadog's JavaScript tracer, which sends kind 0",
    effect="segment or subsegment, `namespace` and `name` are those of the kind",
    change=_set_kind,
)

ATTRIBUTE_ROWS: tuple[AttributeRow, ...] = (*calls.ROWS, *http.ROWS, *database.ROWS, *peers.ROWS)
"""In order: `rpc.service` is settled before the peers ask for it, `db.system` before the rest of the database."""

ROWS = (KIND_ROW, *ATTRIBUTE_ROWS, *events.BY_ATTRIBUTE, *events.BY_EVENT)

WRITTEN = events.WRITTEN.union(*(row.writes for row in ATTRIBUTE_ROWS))
"""The attributes that rows set, of spans and of events."""


Step: TypeAlias = tuple[AttributeRow, frozenset[str]]
"""One attribute row of a plan; it is passed over when an earlier row has written one of these."""


@dataclass(slots=True, eq=False, repr=False)
class Plan:
    """The rows that a set of keys calls for."""

    sets_kind: bool
    settled: str
    """An attribute that settles a row by its type, int, for nearly all senders; `""` where there is none."""
    others: tuple[Step, ...]
    """The steps where it does."""
    steps: tuple[Step, ...]
    span_rows: tuple[SpanRow, ...]


NOTHING: Final = Plan(sets_kind=False, settled="", others=(), steps=(), span_rows=())
"""As for most sets."""


def _planned(keys: KeySet, kind: int) -> Plan:
    """The plan for spans of a kind; one for all numbers that are none."""
    kind = kind if kind == UNSPECIFIED or kind in KINDS.values() else NO_KIND
    plan: Plan | None = keys.made.get(kind)
    return plan or keys.keep(kind, _plan(kind, keys.keys))


def _plan(kind: int, keys: tuple[str, ...]) -> Plan:
    present = frozenset(keys)
    rows = [row for row in ROWS if _is_called_for(row, present)]
    attribute_rows = [row for row in rows if isinstance(row, AttributeRow) and (not row.kinds or kind in row.kinds)]
    sets_kind = KIND_ROW in rows and kind == UNSPECIFIED
    span_rows = tuple(row for row in rows if isinstance(row, SpanRow) and row is not KIND_ROW)
    if not (sets_kind or attribute_rows or span_rows):
        return NOTHING
    settled, row = next(_settled(attribute_rows, present), ("", None))
    others = [one for one in attribute_rows if one is not row]
    return Plan(sets_kind, settled, _steps(others), _steps(attribute_rows), span_rows)


def _settled(rows: list[AttributeRow], present: frozenset[str]) -> Iterator[tuple[str, AttributeRow]]:
    """The rows that read one attribute alone, as it was sent, and have nothing to do where it is an integer."""
    written: set[str] = set()
    for row in rows:
        read = [key for key in row.reads if key in present]
        if row.settled_by_integer and len(read) == 1 and written.isdisjoint(read):
            yield read[0], row
        written.update(row.writes)


def _steps(rows: list[AttributeRow]) -> tuple[Step, ...]:
    written: set[str] = set()
    steps = []
    for row in rows:
        steps.append((row, frozenset(written.intersection(row.unless))))
        written.update(row.writes)
    return tuple(steps)


def _is_called_for(row: Row, keys: frozenset[str]) -> bool:
    is_read = not keys.isdisjoint(row.reads) and keys.isdisjoint(row.unless)
    return is_read and not (row.needs and keys.isdisjoint(row.needs))


def apply(span: Span, used: list[str] | None = None) -> None:
    """Set what the rows add; their ids are appended to `used`."""
    attributes = span.attributes
    keys = span.keys = KEY_SETS[tuple(attributes)]
    plan: Plan = keys.made.get(span.kind) or _planned(keys, span.kind)
    if plan is not NOTHING:
        if plan.sets_kind and _change(span, (KIND_ROW,), used):
            plan = _planned(keys, span.kind)
        steps = plan.others if plan.settled and type(attributes[plan.settled]) is int else plan.steps
        if steps:
            _set_attributes(span, steps, used)
        if plan.span_rows:
            _change(span, plan.span_rows, used)
    if span.events:
        _change(span, events.called_for(span), used)


def _set_attributes(span: Span, steps: tuple[Step, ...], used: list[str] | None) -> None:
    given = now = span.attributes
    for row, guards in steps:
        if guards and not now.keys().isdisjoint(guards):
            continue
        more = row.change(span, now)
        if more:
            if now is given:
                now = given | more
            else:
                now |= more
            if row.composes:
                span.cleared_by = None
            if used is not None:
                used.append(row.id)
    if now is not given:
        span.first = now if span.first is given else _with_the_same(span.first, given, now)
        span.attributes = now
        if len(now) != len(given):
            span.keys = None


def _with_the_same(first: Attributes, given: Attributes, now: Attributes) -> Attributes:
    """The first values of repeated keys with what has been added to the last ones."""
    return {**first, **{key: value for key, value in now.items() if key not in given or value is not given[key]}}


def _change(span: Span, rows: Sequence[SpanRow], used: list[str] | None) -> bool:
    has_changed = False
    for row in rows:
        if row.change(span):
            has_changed = True
            if row.composes:
                span.cleared_by = None
            if used is not None:
                used.append(row.id)
    return has_changed
