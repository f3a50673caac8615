"""All that a filter can ask of a trace, computed once.

Takes   the documents of one trace.
Gives   `Facts`: plain values, small to keep.
Rules   How the request went, how long it took and its HTTP are those of where it came in; `throttle` is true when any
        document says so, `partial` when any is in progress; users, annotations and the like count from anywhere. An
        annotation, user or exception of a subsegment is also its segment's. Of a call it counts how the caller saw it;
        where the caller tells of no call, how the called one did.
Source  X-Ray API reference, TraceSummary; X-Ray developer guide, "Use filter expressions".
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import orjson

from raygate_local.xray.filters import parts
from raygate_local.xray.filters.causes import root_causes
from raygate_local.xray.filters.inferred import inferred_service, is_drawn
from raygate_local.xray.filters.nodes import Node, entry_of, owners_of, tree
from raygate_local.xray.filters.parts import Gathering, Part
from raygate_local.xray.rules import Document

Edge: TypeAlias = tuple[int, int, Part]
"""Which segment, by its place, called which; and the call."""


@dataclass(slots=True)
class Facts:
    """One trace, as filters see it."""

    whole: Part = field(default_factory=dict)
    segments: list[Part] = field(default_factory=list)
    """Each with the `name`, `type` and `account.id` of its service; inferred ones are among them."""
    edges: list[Edge] = field(default_factory=list)
    causes: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    """FaultRootCauses, ErrorRootCauses, ResponseTimeRootCauses, as GetTraceSummaries gives them."""

    def dump(self) -> bytes:
        """To be kept."""
        return orjson.dumps([self.whole, self.segments, self.edges, self.causes])

    @classmethod
    def load(cls, kept: bytes) -> "Facts":
        """What was kept."""
        whole, segments, edges, causes = orjson.loads(kept)
        return cls(whole, segments, [(source, target, call) for source, target, call in edges], causes)


def facts_of(documents: Sequence[Document]) -> Facts:
    """What is to be known about the trace that they are."""
    with tree(documents) as nodes:
        return facts_in(nodes)


def facts_in(nodes: Sequence[Node]) -> Facts:
    """The same, of documents in their places."""
    if not nodes:
        return Facts()
    segments, edges = _segments(nodes)
    return Facts(_whole(nodes, segments), segments, edges, root_causes(nodes, entry_of(nodes)))


def _whole(nodes: Sequence[Node], segments: Sequence[Part]) -> Part:
    entry, put = entry_of(nodes), [node for node in nodes if not node.is_embedded]
    start_s, end_s = min(node.start_s for node in put), max(node.end_s for node in put)
    whole = Gathering()
    whole.add_all(parts.of_itself(entry.document))
    whole.add("responsetime", _seconds(entry.start_s, entry.end_s))
    whole.add("duration", _seconds(start_s, end_s))
    for keyword, is_so in (
        ("throttle", any(node.document.get("throttle") is True for node in nodes)),
        ("partial", any(node.is_in_progress for node in nodes)),
        ("inferred", any("inferred" in segment for segment in segments)),
        ("root", _is_root(entry)),
    ):
        if is_so:
            whole.add(keyword, value=True)
    for node in nodes:
        whole.add_all(parts.of_all_below(node.document))
    for segment in segments:
        whole.add_all((keyword, value) for keyword in ("name", "type") for value in segment.get(keyword, ()))
    return whole.part()


def _segments(nodes: Sequence[Node]) -> tuple[list[Part], list[Edge]]:
    """The segments, those that X-Ray would infer, and who called whom."""
    owners = owners_of(nodes)
    owned: defaultdict[Node, list[Node]] = defaultdict(list)
    for node in nodes:
        owned[owners[node]].append(node)
    made = {node: _segment(node, owned[node]) for node in nodes if node.is_segment}
    inferred = {node: _inferred(node) for node in nodes if is_drawn(node)}
    places = {node: place for place, node in enumerate([*made, *inferred])}
    pairs = [(_caller(node, owners, inferred), node) for node in places]
    edges = [(places[caller], places[node], _call(node, caller)) for caller, node in pairs if caller in places]
    return [*made.values(), *inferred.values()], edges


def _caller(node: Node, owners: Mapping[Node, Node], inferred: Mapping[Node, Part]) -> Node | None:
    """Of a segment the queue that it came through, else the segment that called it."""
    if node.is_segment and node.parent in inferred:
        return node.parent
    above = node.parent if node.is_segment else node
    owner = owners[above] if above else None
    return owner if owner and owner.is_segment else None


def _segment(node: Node, owned: Sequence[Node]) -> Part:
    """With what those say that belong to it."""
    made = Gathering()
    made.add_all(parts.service(node.document))
    _add_course(made, node)
    if _is_root(node):
        made.add("root", value=True)
    for one in owned:
        made.add_all(parts.of_all_below(one.document))
    return made.part()


def _inferred(node: Node) -> Part:
    made = Gathering()
    name, kind = inferred_service(node.document)
    made.add("name", name)
    made.add("type", kind)
    made.add("inferred", value=True)
    _add_course(made, node)
    return made.part()


def _call(node: Node, caller: Node | None) -> Part:
    """As the caller saw it, if it tells."""
    above = node.parent
    seen = above if node.is_segment and above and above.is_call and above is not caller else node
    made = Gathering()
    made.add("name", node.document["name"])
    _add_course(made, seen)
    made.add_all(parts.of_all_below(seen.document))
    return made.part()


def _add_course(made: Gathering, node: Node) -> None:
    """How it went, and how long it took."""
    made.add_all(parts.of_itself(node.document))
    made.add("responsetime", _seconds(node.start_s, node.end_s))
    made.add("duration", _seconds(node.start_s, node.last_s))
    if node.is_in_progress:
        made.add("partial", value=True)


def _is_root(node: Node) -> bool:
    return node.is_segment and node.document.get("parent_id") is None


def _seconds(start_s: float, end_s: float) -> float:
    return round(max(0.0, end_s - start_s), 6)
