"""Which failures are a row's own, and which came up from below.

Takes   rows in order, with their parents.
Gives   `is_inherited`: it failed, so did a child, and all it says about it is what the child says too: nothing, a
        reference to an exception elsewhere, or the same exceptions.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from raygate_local.waterfall.row import NO_ROW, Json, Row

Told: TypeAlias = tuple[object, object]
"""Type and message of an exception."""


def add_inheritance(rows: Sequence[Row]) -> None:
    """From the leaves up."""
    below: defaultdict[int, set[Told]] = defaultdict(set)
    failing: set[int] = set()
    for number in range(len(rows) - 1, -1, -1):
        row = rows[number]
        if row.status == "ok":
            continue
        told = exceptions(row.document)
        if number in failing:
            row.is_inherited = all(_is_known(one, below[number]) for one in told)
        if row.parent != NO_ROW:
            failing.add(row.parent)
            below[row.parent].update(told)


def exceptions(document: Json) -> list[Told]:
    """What it says of its failure; a `cause` that is an id refers to somebody else's."""
    cause: Any = document.get("cause")
    listed = cause.get("exceptions") if isinstance(cause, Mapping) else None
    return [(one.get("type") or "", one.get("message")) for one in listed or () if isinstance(one, Mapping)]


def _is_known(told: Told, below: set[Told]) -> bool:
    """Without a type it is only the status's message, which SDKs make from the exception that they saw."""
    if told in below:
        return True
    kind, message = told
    return not kind and any(str(other) in str(message) for _, other in below if other)
