"""A waterfall as the page takes it: a column for each thing, so that 50,000 rows are a few megabytes.

Takes   a `Waterfall`.
Gives   columns of one length, the row's number being the place in them; texts that repeat are numbers into `words`.
        Times are milliseconds from the trace's start. What few rows have (notes, pieces of the critical path) stands
        by the row's number.
"""

from collections.abc import Iterable
from typing import Any, Final, TypeAlias

from raygate_local.waterfall import Row, Waterfall

Json: TypeAlias = dict[str, Any]

KINDS: Final = {"segment": 0, "subsegment": 1, "missing": 2}
STATUSES: Final = {"ok": 0, "error": 1, "throttle": 2, "fault": 3}
DIGITS: Final = 4
"""Of a millisecond: a tenth of a microsecond, less than doubles of today's time can tell."""


def columns(trace: Waterfall) -> Json:
    """Everything about every row that the picture needs."""
    words: dict[str, int] = {"": 0}
    rows = trace.rows

    def spelt(texts: Iterable[str]) -> list[int]:
        return [words.setdefault(text, len(words)) for text in texts]

    return {
        "columns": {
            "id": [row.id for row in rows],
            "parent": [row.parent for row in rows],
            "depth": [row.depth for row in rows],
            "size": [row.size for row in rows],
            "fold": [row.fold for row in rows],
            "kind": [KINDS[row.kind] for row in rows],
            "status": [STATUSES[row.status] for row in rows],
            "inherited": [int(row.is_inherited) for row in rows],
            "open": [int(row.in_progress) for row in rows],
            "start": [_ms(row.start_s - trace.start_s) for row in rows],
            "length": [_ms(row.duration_s) for row in rows],
            "self": [_ms(row.self_s) for row in rows],
            "name": spelt(row.name for row in rows),
            "operation": spelt(row.operation for row in rows),
            "service": spelt(row.service for row in rows),
            "badge": spelt(row.origin or row.namespace for row in rows),
        },
        "words": list(words),
        "notes": {number: [_note(note) for note in row.notes] for number, row in enumerate(rows) if row.notes},
        "critical": {number: _pieces(row, trace.start_s) for number, row in enumerate(rows) if row.critical},
        "folds": {fold.rows[0]: {"rows": fold.rows, "sum": _ms(fold.sum_s)} for fold in trace.folds},
    }


def _pieces(row: Row, start_s: float) -> list[tuple[float, float]]:
    return [(_ms(piece_start_s - start_s), _ms(piece_end_s - start_s)) for piece_start_s, piece_end_s in row.critical]


def _note(note: Any) -> Json:
    return {"kind": note.kind, "text": note.text, "ms": _ms(note.seconds)}


def _ms(seconds: float) -> float:
    return round(seconds * 1000, DIGITS)
