"""The documents of a trace as a tree: whose children they are, and which segment they belong to.

Takes   the documents of one trace, as X-Ray takes them.
Gives   a `Node` for each document and for each subsegment within one, a parent before its children, and they by start.
Rules   Of two with the same id the later one counts. What has no parent here stands at the top, and so does the first
        of a ring. A subsegment belongs to the nearest segment above it; where there is none here, to the topmost.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from raygate_local.xray.rules import Document


@dataclass(slots=True, eq=False)
class Node:
    """One document in its place."""

    document: Document
    is_segment: bool
    is_embedded: bool
    """It came within another document."""
    parent: "Node | None"
    children: list["Node"] = field(default_factory=list)
    last_s: float = 0.0
    """Where the last one at or below it ends."""

    @property
    def start_s(self) -> float:
        """In seconds since 1970."""
        return float(self.document["start_time"])

    @property
    def end_s(self) -> float:
        """In seconds since 1970; what is in progress ends where it starts."""
        end = self.document.get("end_time")
        return self.start_s if end is None else float(end)

    @property
    def is_in_progress(self) -> bool:
        """Whether its end is not known yet."""
        return self.document.get("end_time") is None

    @property
    def is_call(self) -> bool:
        """Whether it is about a request to another service."""
        return not self.is_segment and self.document.get("namespace") in ("aws", "remote")

    @property
    def is_inferred(self) -> bool:
        """Whether what it calls is known from it alone."""
        return self.is_call and not any(child.is_segment for child in self.children)


@dataclass(frozen=True, slots=True)
class _Given:
    document: Document
    parent_id: str | None
    is_segment: bool = False
    is_embedded: bool = False


def nodes_of(documents: Sequence[Document]) -> list[Node]:
    """The whole tree, from the top."""
    found = {one.document["id"]: one for document in sorted(documents, key=_start) for one in _within(document)}
    below: defaultdict[str | None, list[str]] = defaultdict(list)
    for node_id in sorted(found, key=lambda one: _start(found[one].document)):
        parent_id = found[node_id].parent_id
        below[parent_id if parent_id in found else None].append(node_id)
    placed: dict[str, Node] = {}
    for top in [*below[None], *found]:  # after the tops whatever is in a ring
        waiting: list[tuple[str, Node | None]] = [(top, None)]
        while waiting:
            node_id, parent = waiting.pop()
            if node_id not in placed:
                placed[node_id] = _placed(found[node_id], parent)
                waiting += [(child, placed[node_id]) for child in reversed(below[node_id])]
    nodes = list(placed.values())
    for node in reversed(nodes):
        node.last_s = max([node.end_s, *(child.last_s for child in node.children)])
    return nodes


@contextmanager
def tree(documents: Sequence[Document]) -> Iterator[list[Node]]:
    """The same for a while: parents and children hold each other, and taken apart nothing of it stays in memory."""
    nodes = nodes_of(documents)
    try:
        yield nodes
    finally:
        for node in nodes:
            node.children.clear()


def owners_of(nodes: Sequence[Node]) -> dict[Node, Node]:
    """For each node the one it belongs to, maybe itself."""
    owners: dict[Node, Node] = {}
    for node in nodes:
        owners[node] = node if node.is_segment or node.parent is None else owners[node.parent]
    return owners


def entry_of(nodes: Sequence[Node]) -> Node:
    """Where the request came in: the root, else the first segment, else the first document."""
    by_start = sorted(nodes, key=lambda node: node.start_s)
    segments = [node for node in by_start if node.is_segment]
    roots = [node for node in segments if node.document.get("parent_id") is None]
    return (roots or segments or [node for node in by_start if node.parent is None])[0]


def _start(document: Document) -> float:
    return float(document["start_time"])


def _within(document: Document) -> Iterator[_Given]:
    yield _Given(document, document.get("parent_id"), is_segment=document.get("type") is None)
    waiting = [document]
    while waiting:
        parent = waiting.pop()
        for child in parent.get("subsegments") or ():
            yield _Given(child, parent["id"], is_embedded=True)
            waiting.append(child)


def _placed(given: _Given, parent: Node | None) -> Node:
    node = Node(given.document, given.is_segment, given.is_embedded, parent)
    if parent:
        parent.children.append(node)
    return node
