"""Documents → rows that know nothing of each other yet: one for each segment and subsegment, embedded ones too.

Takes   X-Ray documents of one trace, in any order.
Gives   rows by id. An id that came twice has one row: the one that is finished, else the first; and a note.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from raygate_local.waterfall.row import Json, Kind, Note, Row, Status

STATUSES: Final[tuple[Status, ...]] = ("fault", "throttle", "error")
"""The worst first: X-Ray sets `error` with `throttle`."""
LONGEST_QUERY: Final = 80
NOTHING: Final[Json] = {}


def rows_by_id(documents: Sequence[Json]) -> dict[str, Row]:
    """A parent that is embedded comes before its children."""
    rows: dict[str, Row] = {}
    for document in documents:
        for row in _within(document):
            known = rows.get(row.id)
            if known is None:
                rows[row.id] = row
                continue
            kept = row if known.in_progress and not row.in_progress else known
            kept.notes = [*known.notes, Note("sent_twice", "Another document has the same id.")]
            rows[row.id] = kept
    return rows


def _within(document: Json) -> Iterator[Row]:
    waiting: list[tuple[Json, str]] = [(document, str(document.get("parent_id") or ""))]
    kind: Kind = "subsegment" if document.get("type") == "subsegment" else "segment"
    while waiting:
        one, parent_id = waiting.pop()
        yield _row(one, parent_id, kind, str(document["id"]))
        kind = "subsegment"
        waiting += [(child, str(one["id"])) for child in reversed(one.get("subsegments") or ())]


def _row(document: Json, parent_id: str, kind: Kind, document_id: str) -> Row:
    start_s, end = float(document["start_time"]), document.get("end_time")
    row = Row(
        id=str(document["id"]),
        parent_id=parent_id,
        document=document,
        document_id=document_id,
        kind=kind,
        name=str(document["name"]),
        operation=operation(document),
        origin=_text(document, "origin"),
        namespace=_text(document, "namespace"),
        start_s=start_s,
        end_s=start_s if end is None else float(end),
        status=status(document),
        in_progress=end is None,
    )
    if row.in_progress:
        row.notes.append(Note("in_progress", "It has not ended yet, or its end has not come."))
    elif row.end_s < row.start_s:
        row.notes.append(Note("ends_before_start", "It ends before it starts.", row.start_s - row.end_s))
    return row


def status(document: Json) -> Status:
    """The worst that it says of itself."""
    return next((one for one in STATUSES if document.get(one) is True), "ok")


def operation(document: Json) -> str:
    """Method and path, else the operation of an AWS call, else the beginning of a query."""
    request = _block(_block(document, "http"), "request")
    method, url = _text(request, "method"), _text(request, "url")
    asked = f"{method} {_path(url)}".strip() if method or url else ""
    return asked or _text(_block(document, "aws"), "operation") or _query(document)[:LONGEST_QUERY]


def _query(document: Json) -> str:
    return " ".join(_text(_block(document, "sql"), "sanitized_query").split())


def _path(url: str) -> str:
    """Not by a library: it takes longer than all the rest of a row."""
    if not url:
        return ""
    rest = url.partition("://")[2] or url
    return "/" + rest.partition("?")[0].partition("#")[0].partition("/")[2]


def _block(document: Json, member: str) -> Json:
    value: Any = document.get(member)
    return value if isinstance(value, dict) else NOTHING


def _text(block: Json, member: str) -> str:
    value = block.get(member)
    return value if isinstance(value, str) else ""
