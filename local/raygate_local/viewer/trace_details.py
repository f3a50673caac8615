"""Everything about one row of a trace: the document, the span it came from, and the rules between them.

Takes   the row, its trace, the span when it is kept, the settings.
Gives   one JSON object: what the tabs of the page show.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any, TypeAlias

import orjson

from raygate.settings import Settings
from raygate.span import Span
from raygate_local.explain import explain
from raygate_local.viewer import marks, otlp
from raygate_local.viewer.filter_of import filters
from raygate_local.waterfall import Row, Waterfall
from raygate_local.waterfall.row import NO_ROW
from raygate_local.xray.store import Trace, entry_of, with_subsegments

Json: TypeAlias = dict[str, Any]


def details(trace: Trace, shown: Waterfall, number: int, span: Span | None, settings: Settings) -> Json:
    """What there is to say about the row of this number."""
    row = shown.rows[number]
    stored = trace.stored.get(row.document_id)
    text = stored.text if stored else ""
    return {
        "row": number,
        "id": row.id,
        "document_id": row.document_id,
        "document": {member: value for member, value in row.document.items() if member != "subsegments"},
        "raw": text,
        "ancestors": [_named(one) for one in _ancestors(shown, row)],
        "notes": [asdict(note) for note in row.notes],
        "filters": filters(shown, number, is_entry=entry_of(trace)["id"] == row.id),
        "marks": [
            asdict(mark) for mark in marks.of_document(text, [part for part, _ in with_subsegments(stored.document)])
        ]
        if stored
        else [],
        "links": list(_links(row)),
        "otlp": otlp.of_span(span) if span else None,
        "otlp_request": otlp.request_of([span]) if span else None,
        "rules": _rules(span, row.id, settings) if span else None,
    }


def searchable(row: Row) -> bytes:
    """All keys and values of a row, in lower case: what a search looks through."""
    own = {member: value for member, value in row.document.items() if member != "subsegments"}
    return orjson.dumps(own or {"id": row.id}, default=str).lower()


def _ancestors(shown: Waterfall, row: Row) -> Iterator[Row]:
    """From the top down."""
    way = []
    while row.parent != NO_ROW:
        row = shown.rows[row.parent]
        way.append(row)
    yield from reversed(way)


def _named(row: Row) -> Json:
    return {"id": row.id, "name": row.name or row.id, "operation": row.operation}


def _links(row: Row) -> Iterator[Json]:
    for link in row.document.get("links") or ():
        if isinstance(link, Mapping):
            yield {
                "trace_id": str(link.get("trace_id", "")),
                "id": str(link.get("id", "")),
                "attributes": link.get("attributes") or {},
            }


def _rules(span: Span, document_id: str, settings: Settings) -> Json:
    """What `explain` says, with the document that the row is first."""
    explained = explain(span, settings).as_json()
    documents = explained.get("documents", [])
    explained["documents"] = sorted(documents, key=lambda one: one["document"].get("id") != document_id)
    return explained
