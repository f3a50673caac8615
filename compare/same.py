"""Whether the exporter and we make the same of a request.

Takes   what the exporter told of it, our documents, and the ids that are in the request.
Gives   the places where they differ; `recorded`: the exporter's documents with a placeholder for each id that it
        made, in the form of `tests/data/golden`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import orjson

from compare.given import Given, spans_of
from tests.same_documents import Difference, differences


@dataclass(frozen=True, slots=True)
class Told:
    """What the exporter made of a request: documents, a refusal of the whole of it, or a crash."""

    documents: tuple[str, ...] = ()
    refused: str = ""
    crashed: str = ""


def ids_of(given: Given) -> frozenset[str]:
    """Every span id that the request itself has."""
    return frozenset(identifier.hex() for span in spans_of(given) for identifier in (span.span_id, span.parent_span_id))


def all_differences(told: Told, ours: list[dict[str, Any]], ids: frozenset[str]) -> list[Difference]:
    """Where, and what it is there; nothing when they are the same, and for a crash, after which nothing is known."""
    if told.crashed:
        return []
    if told.refused:
        return [Difference("$", f"refused by the collector alone: {told.refused}")]
    bound: dict[str, str] = {}
    found = list(differences(recorded(told, ids), ours, bound))
    if taken := ids.intersection(bound.values()):
        found.append(Difference("$", f"the exporter made an id where we have the request's: {sorted(taken)}"))
    return found


def recorded(told: Told, ids: frozenset[str]) -> list[dict[str, Any]]:
    """The exporter's documents, as they are compared and kept."""
    names: dict[str, str] = {}

    def named(identifier: Any) -> Any:
        is_made = isinstance(identifier, str) and identifier not in ids
        return names.setdefault(identifier, f"{{{{random-id-{len(names) + 1}}}}}") if is_made else identifier

    documents: list[dict[str, Any]] = [orjson.loads(text) for text in told.documents]
    for document in documents:
        _rename(document, ("id", "parent_id"), named)
        for exception in document.get("cause", {}).get("exceptions", ()):
            _rename(exception, ("id", "cause"), named)
    return documents


def _rename(part: dict[str, Any], members: Iterable[str], named: Callable[[Any], Any]) -> None:
    part |= {member: named(part[member]) for member in members if member in part}
