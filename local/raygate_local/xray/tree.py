"""A trace's documents as a tree: who called whom.

Takes   a `Trace`.
Gives   `rows`: each document, and each subsegment within one, exactly once, a parent before its children and they by
        start; with its depth. What has no parent here, or is its own forefather, stands at the left.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from raygate_local.xray.rules import Document
from raygate_local.xray.store import Trace, start_of, with_subsegments


@dataclass(frozen=True, slots=True)
class Row:
    """One document and where it stands."""

    document: Document
    depth: int
    is_orphan: bool
    """Its parent is named, and not here."""


def rows(trace: Trace) -> Iterator[Row]:
    """From the left and the top."""
    nodes: dict[str, Document] = {}
    parents: dict[str, str] = {}
    for document in trace.documents:
        for node, parent_id in with_subsegments(document):
            nodes[node["id"]] = node
            parents[node["id"]] = parent_id or ""
    children: defaultdict[str, list[str]] = defaultdict(list)
    for node_id in sorted(nodes, key=lambda one: start_of(nodes[one])):
        children[parents[node_id]].append(node_id)
    left = [node_id for node_id in nodes if parents[node_id] not in nodes]
    seen: set[str] = set()
    for top in sorted(left, key=lambda one: start_of(nodes[one])) + list(nodes):  # after the tops whatever is in a ring
        waiting = [(top, 0)]
        while waiting:
            node_id, depth = waiting.pop()
            if node_id not in seen:
                seen.add(node_id)
                parent_id = parents[node_id]
                yield Row(nodes[node_id], depth, is_orphan=bool(parent_id) and parent_id not in nodes)
                waiting += [(child, depth + 1) for child in reversed(children[node_id])]
