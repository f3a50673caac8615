"""Where faults, errors and slowness come from.

Takes   the tree of a trace, and where the request came in.
Gives   FaultRootCauses, ErrorRootCauses and ResponseTimeRootCauses, in the shapes of a TraceSummary: each the way from
        where it is seen first to where it comes from, service by service, and in each the segment and its subsegments.
Rules   A fault comes from what has it while nothing below has it, and is seen as far up as everything has it. Slowness
        is followed from where the request came in to what takes at least half of the time of what it is in.
        `ClientImpacting`: the way begins where the request came in.
Note    X-Ray does not publish how it finds them; these are the rules that its descriptions of the result allow.
Source  X-Ray API reference, FaultRootCause, ErrorRootCause, ResponseTimeRootCause.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby, islice
from typing import Any, Final, TypeAlias

from raygate_local.xray.filters import parts
from raygate_local.xray.filters.inferred import inferred_service
from raygate_local.xray.filters.nodes import Node

Json: TypeAlias = dict[str, Any]
Entity: TypeAlias = Callable[[Node], Json]

MOST: Final = 20
"""Of each kind in one trace."""
LONGEST: Final = 100
"""Steps of one way, counted from where it comes from."""
SHARE: Final = 0.5


def root_causes(nodes: Sequence[Node], entry: Node) -> dict[str, list[Json]]:
    """All three kinds; each is absent when there is none."""
    took_s = entry.end_s - entry.start_s
    found = {
        "FaultRootCauses": [_cause(way, entry, _failed) for way in islice(_ways(nodes, "fault"), MOST)],
        "ErrorRootCauses": [_cause(way, entry, _failed) for way in islice(_ways(nodes, "error"), MOST)],
        "ResponseTimeRootCauses": [_cause(_slowest(entry), entry, _took(took_s))] if took_s > 0 else [],
    }
    return {kind: causes for kind, causes in found.items() if causes}


def _ways(nodes: Sequence[Node], flag: str) -> Iterator[list[Node]]:
    """From the top to where it comes from."""
    for node in nodes:
        if _has(node, flag) and not any(_has(child, flag) for child in node.children):
            way, above = [node], node.parent
            while above and _has(above, flag) and len(way) < LONGEST:
                way.append(above)
                above = above.parent
            yield way[::-1]


def _has(node: Node, flag: str) -> bool:
    return node.document.get(flag) is True


def _slowest(entry: Node) -> list[Node]:
    way = [entry]
    while len(way) < LONGEST:
        node = way[-1]
        slowest = max(node.children, key=lambda child: _overlap(node, child), default=None)
        if slowest is None or _overlap(node, slowest) < max(SHARE * (node.end_s - node.start_s), 1e-9):
            break
        way.append(slowest)
    return way


def _overlap(node: Node, child: Node) -> float:
    """What comes after its caller has answered does not slow the answer."""
    return min(node.end_s, child.end_s) - max(node.start_s, child.start_s)


def _cause(way: Sequence[Node], entry: Node, entity: Entity) -> Json:
    steps = [(_owner(node), node) for node in way]
    services = [_service(owner, [entity(node) for _, node in of]) for owner, of in groupby(steps, lambda step: step[0])]
    if way[-1].is_inferred:
        services.append(_inferred(way[-1], entity(way[-1])))
    return {"Services": services, "ClientImpacting": way[0] is entry}


def _owner(node: Node) -> Node:
    while not node.is_segment and node.parent:
        node = node.parent
    return node


def _service(owner: Node, path: list[Json]) -> Json:
    known = dict(parts.service(owner.document))
    members = {"Type": "type", "AccountId": "account.id"}
    optional = {member: known[keyword] for member, keyword in members.items() if keyword in known}
    return {"Name": known["name"], "Names": [known["name"]], **optional, "EntityPath": path, "Inferred": False}


def _inferred(node: Node, entity: Json) -> Json:
    """What was called, as far as its caller knows; the exceptions are the caller's."""
    name, kind = inferred_service(node.document)
    own = {"Name": name, "Remote": False} | ({"Exceptions": []} if "Exceptions" in entity else {})
    return {"Name": name, "Names": [name], "Type": kind, "EntityPath": [entity | own], "Inferred": True}


def _failed(node: Node) -> Json:
    return {
        "Name": node.document["name"],
        "Exceptions": parts.exceptions(node.document),
        "Remote": node.is_call,
    }


def _took(whole_s: float) -> Entity:
    def entity(node: Node) -> Json:
        coverage = round((node.end_s - node.start_s) / whole_s, 6)
        return {"Name": node.document["name"], "Coverage": coverage, "Remote": node.is_call}

    return entity
