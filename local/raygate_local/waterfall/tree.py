"""Rows → rows in the order of a tree, a parent before its children and they by start.

Takes   rows by id.
Gives   all of them exactly once, with depth, parent, service and size of the sub-tree. A parent that is named and not
        here has a row of its own, above its children. Rows that are their own ancestors are cut open where they
        start first, and say so.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from raygate_local.waterfall.row import NO_ROW, Note, Row

NOT_HERE = "It has not come: it may still run, be on its way, have been refused, or never have been traced."


def in_order(rows: Mapping[str, Row]) -> list[Row]:
    """From the top."""
    known = dict(rows)
    by_start = sorted(rows.values(), key=lambda row: row.start_s)
    children: defaultdict[str, list[Row]] = defaultdict(list)
    for row in by_start:
        children[row.parent_id].append(row)
    for parent_id, orphans in list(children.items()):
        if parent_id and parent_id not in known:
            known[parent_id] = _missing(parent_id, orphans)
    roots = sorted([*children.pop("", ()), *_added(rows, known)], key=lambda row: row.start_s)
    ordered: list[Row] = []
    seen: set[str] = set()
    for root in roots:
        _descend(root, children, ordered, seen)
    for row in by_start:
        if row.id not in seen:  # only rings, and what hangs on them, are left
            _descend(_opened(row, known), children, ordered, seen)
    _measure(ordered)
    return ordered


def _missing(parent_id: str, orphans: list[Row]) -> Row:
    """A row in the place of what is not here, as long as its children are."""
    for orphan in orphans:
        orphan.notes.append(Note("missing_parent", f"Its parent {parent_id} is not here."))
    return Row(
        id=parent_id,
        parent_id="",
        document={},
        document_id="",
        kind="missing",
        name="",
        operation="",
        origin="",
        namespace="",
        start_s=min(orphan.start_s for orphan in orphans),
        end_s=max(orphan.end_s for orphan in orphans),
        notes=[Note("missing_parent", NOT_HERE)],
    )


def _added(rows: Mapping[str, Row], known: Mapping[str, Row]) -> Iterator[Row]:
    return (row for row_id, row in known.items() if row_id not in rows)


def _opened(row: Row, known: Mapping[str, Row]) -> Row:
    """The first of the ring that the row is in, or hangs on."""
    way: dict[str, Row] = {}
    while row.id not in way:
        way[row.id] = row
        row = known[row.parent_id]
    ids = list(way)
    first = min((way[one] for one in ids[ids.index(row.id) :]), key=lambda one: (one.start_s, one.id))
    first.notes.append(Note("ring", f"It is its own ancestor: its parent {first.parent_id} is below it."))
    return first


def _descend(top: Row, children: Mapping[str, list[Row]], ordered: list[Row], seen: set[str]) -> None:
    waiting = [(top, NO_ROW)]
    while waiting:
        row, parent = waiting.pop()
        if row.id in seen:
            continue
        seen.add(row.id)
        row.parent, row.depth = parent, 0 if parent == NO_ROW else ordered[parent].depth + 1
        row.service = row.name if row.kind == "segment" else "" if parent == NO_ROW else ordered[parent].service
        number = len(ordered)
        ordered.append(row)
        waiting += [(child, number) for child in reversed(children.get(row.id, ()))]


def _measure(ordered: list[Row]) -> None:
    """Sizes of sub-trees, and how far what is in progress, or not here, has come."""
    for row in reversed(ordered):
        if row.parent == NO_ROW:
            continue
        above = ordered[row.parent]
        above.size += row.size
        if above.in_progress or above.kind == "missing":
            above.end_s = max(above.end_s, row.end_s)
