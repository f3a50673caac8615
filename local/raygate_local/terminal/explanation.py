"""An explained span as lines of text.

Takes   an `Explained`, or the differences of a span.
Gives   lines of at most 80 columns where a value allows it: documents block by block, then attribute by attribute.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from textwrap import wrap
from typing import Any, Final

import orjson

from raygate_local.explain import Difference, Explained
from raygate_local.explain.fields import text_of
from raygate_local.explain.model import ExplainedDocument, Fate, Field, Source, json_value
from raygate_local.explain.rules import ROWS, Rule
from raygate_local.terminal.screen import COLUMNS, cut, plain

MOST_VALUE: Final = 44
CONSTANT: Final = "the mapping itself"
NOT_EXAMINED: Final = "unknown: not everything was looked at"


def lines(explained: Explained) -> Iterator[str]:
    """The span, its documents, its attributes, the rows that applied."""
    yield f"span {explained.span_id}  {plain(explained.name)}"
    if explained.rejected:
        yield f"  no document: {plain(explained.rejected)}"
    of_nothing = NOT_EXAMINED if explained.unexamined else CONSTANT
    for document in explained.documents:
        yield ""
        yield from _document(document, of_nothing)
    yield ""
    yield "  what became of its attributes"
    for fate in explained.fates:
        yield from _wrapped(f"    {_attribute(fate)}")
    if explained.rows:
        yield ""
        yield "  rows of docs/mapping.md that apply"
    for row in explained.rows:
        yield from _wrapped(f"    {row.id} ({row.section}): {row.effect}")
    if explained.unexamined:
        yield f"  {explained.unexamined} more things of this span were too many to look at"


def _document(document: ExplainedDocument, of_nothing: str) -> Iterator[str]:
    whole = document.document
    yield f"  {'subsegment' if whole.get('type') else 'segment'} {whole['id']}  {plain(whole['name'])}"
    rules = list(dict.fromkeys(field.rule for field in document.fields))
    for rule, fields in groupby(
        sorted(document.fields, key=lambda field: rules.index(field.rule)), lambda one: one.rule
    ):
        yield from _wrapped(f"    {_rule(rule)}")
        for field in fields:
            yield from _wrapped(
                f"      {plain(field.path)} = {_value(field.value)}  <- {_sources(field) or of_nothing}", more=10
            )
    for change in document.changes:
        yield from _wrapped(f"    changed for X-Ray: {plain(change)}")


def _rule(rule: Rule) -> str:
    section = rule.source.removeprefix("xray-conversion.md, ")
    return f"{rule.words.rstrip('.')} ({', '.join(filter(None, (rule.file, section)))})"


def _sources(field: Field) -> str:
    parts = [", ".join(_told(field.shown))] if field.shown else []
    if field.decided_by:
        parts.append(f"decided by {', '.join(_told(field.decided_by))}")
    if field.rows:
        parts.append(f"row {', '.join(field.rows)}")
    if field.is_fitted:
        parts.append("changed for X-Ray")
    return "; ".join(parts)


def _told(sources: Sequence[Source]) -> list[str]:
    return list(dict.fromkeys(plain(source.place) for source in sources))


def _attribute(fate: Fate) -> str:
    ends = [f"{plain(end.path)}{f' (search: {plain(end.search)})' if end.search else ''}" for end in fate.ends]
    told = ", ".join(dict.fromkeys(ends)) or f"nowhere: {fate.why}"
    decides = f"; decides {', '.join(dict.fromkeys(map(plain, fate.decides)))}" if fate.decides else ""
    setting = f"; to search by it: {plain(fate.setting)}" if fate.setting else ""
    return f"{plain(fate.place)} = {_value(fate.value)}  -> {told}{decides}{setting}"


def difference_lines(span_id: str, name: str, differences: Sequence[Difference]) -> Iterator[str]:
    """What differs in a span's documents; nothing when nothing does."""
    if differences:
        yield f"span {span_id}  {plain(name)}"
    for one in differences:
        yield f"  {plain(text_of(one.way[1:]))}"
        yield f"    adot      {_side(one.adot)}"
        yield f"    extended  {_side(one.extended)}"
        for row in one.rows:
            yield from _wrapped(f"    row {row} ({ROWS[row].section}): {ROWS[row].effect}")


def _side(value: tuple[Any, ...]) -> str:
    return _value(value[0]) if value else "absent"


def _value(value: Any) -> str:
    return cut(plain(orjson.dumps(json_value(value)).decode()), MOST_VALUE, "...")


def _wrapped(line: str, more: int = 4) -> Iterator[str]:
    """At blanks only; what follows is further to the right."""
    indent = len(line) - len(line.lstrip())
    return iter(
        wrap(
            line.lstrip(),
            COLUMNS,
            initial_indent=" " * indent,
            subsequent_indent=" " * (indent + more),
            break_long_words=False,
            break_on_hyphens=False,
        )
    )
