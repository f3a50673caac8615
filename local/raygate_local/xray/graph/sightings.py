"""What one trace shows of the service graph: which services answered, and who called whom.

Takes   the documents of a trace.
Gives   `Sightings`: the services, what each of them saw, and each call between two of them; plain values, to be kept.
Rules   A segment is a request that its service answered; one whose parent is not here was sent by a client. A call
        is an edge as the caller saw it, to the services whose segments are below it; where there is none, to the
        service that is inferred. A segment below another one without a call between is an edge as it saw it itself.
        A queue is drawn even if who reads from it is known: then the way goes through it. What is in progress is on
        the map, but not in the counts.
Source  X-Ray API reference, Service and Edge; X-Ray developer guide, "Using the X-Ray trace map".
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple, TypeAlias

import orjson

from raygate_local.xray.filters.inferred import inferred_service
from raygate_local.xray.filters.nodes import Node, owners_of, tree
from raygate_local.xray.rules import Document

Outcome: TypeAlias = Literal["ok", "error", "throttle", "fault", "pending"]

CLIENT: Final = "client"
QUEUES: Final = frozenset(
    {"AWS::SQS", "AWS::SQS::Queue", "AWS::SNS", "AWS::SNS::Topic", "AWS::Kinesis", "AWS::Events", "AWS::EventBridge"}
)


class Service(NamedTuple):
    """A node of the graph."""

    name: str
    type: str | None
    account_id: str | None
    is_active: bool
    """It sent segments itself."""


class Seen(NamedTuple):
    """One request, as somebody saw it."""

    start_s: float
    end_s: float
    last_s: float
    """Where the last thing that it set off ended."""
    outcome: Outcome


class Link(NamedTuple):
    """What was read, and where it says that it came from."""

    trace_id: str
    id: str


@dataclass(slots=True)
class Sightings:
    """Of one trace."""

    services: list[Service] = field(default_factory=list)
    served: list[tuple[int, Seen]] = field(default_factory=list)
    """Which service, by its place above, and what it saw."""
    called: list[tuple[int, int, Seen]] = field(default_factory=list)
    """Who called whom."""
    linked: list[tuple[Link, int, Seen]] = field(default_factory=list)
    """Where something came from that a service worked on."""

    def dump(self) -> bytes:
        """To be kept."""
        return json.dumps([self.services, self.served, self.called, self.linked], separators=(",", ":")).encode()

    @classmethod
    def load(cls, kept: bytes) -> "Sightings":
        """What was kept."""
        services, served, called, linked = orjson.loads(kept)
        return cls(
            [Service(*one) for one in services],
            [(place, Seen(*seen)) for place, seen in served],
            [(source, target, Seen(*seen)) for source, target, seen in called],
            [(Link(*link), place, Seen(*seen)) for link, place, seen in linked],
        )


def sightings_of(documents: Sequence[Document]) -> Sightings:
    """What the trace that they are shows."""
    with tree(documents) as nodes:
        return sightings_in(nodes)


def sightings_in(nodes: Sequence[Node]) -> Sightings:
    """The same, of documents in their places."""
    return _Sighting(nodes).sightings


def services_of(documents: Sequence[Document]) -> dict[str, Service]:
    """For each document's id where something that it sent came from: the queue, the service called, its own."""
    with tree(documents) as nodes:
        owners = owners_of(nodes)
        return {node.document["id"]: _source(node, owners) for node in nodes}


class _Sighting:
    """In the making."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        self.owners = owners_of(nodes)
        self.places: dict[Service, int] = {}
        self.sightings = Sightings()
        for node in nodes:
            if node.is_segment:
                self._segment(node)
            elif node.is_call:
                self._call(node)
            self._links(node)
        self.sightings.services = list(self.places)

    def _segment(self, node: Node) -> None:
        service = _service(node.document)
        self._served(service, node)
        parent = node.parent
        if parent is None:
            self._called(Service(service.name, CLIENT, service.account_id, is_active=False), service, node)
        elif _is_queue(parent):
            self._called(_inferred(parent), service, node)
        elif not parent.is_call and self.owners[parent].is_segment:
            self._called(_service(self.owners[parent].document), service, node)

    def _call(self, node: Node) -> None:
        targets = dict.fromkeys(_service(child.document) for child in node.children if child.is_segment)
        if not targets or _is_queue(node):
            targets = {_inferred(node): None}
            self._served(_inferred(node), node)
        owner = self.owners[node]
        for target in targets if owner.is_segment else ():
            self._called(_service(owner.document), target, node)

    def _links(self, node: Node) -> None:
        owner = self.owners[node]
        for link in node.document.get("links") or () if owner.is_segment else ():
            if link.get("id"):
                place = self._place(_service(owner.document))
                self.sightings.linked.append((Link(link["trace_id"], link["id"]), place, _seen(node)))

    def _served(self, service: Service, node: Node) -> None:
        self.sightings.served.append((self._place(service), _seen(node)))

    def _called(self, source: Service, target: Service, node: Node) -> None:
        self.sightings.called.append((self._place(source), self._place(target), _seen(node)))

    def _place(self, service: Service) -> int:
        return self.places.setdefault(service, len(self.places))


def outcome_of(document: Document) -> Outcome:
    """How it went: each is counted once."""
    return next(_outcomes(document), "ok")


def _outcomes(document: Document) -> Iterator[Outcome]:
    if document.get("end_time") is None:
        yield "pending"
    flags: tuple[Outcome, ...] = ("fault", "throttle", "error")
    yield from (flag for flag in flags if document.get(flag) is True)


def _seen(node: Node) -> Seen:
    return Seen(node.start_s, node.end_s, node.last_s, outcome_of(node.document))


def _service(document: Document) -> Service:
    origin, account_id = document.get("origin"), (document.get("aws") or {}).get("account_id")
    known = account_id if isinstance(account_id, str) else None
    return Service(document["name"], origin or None, known, is_active=True)


def _inferred(node: Node) -> Service:
    name, kind = inferred_service(node.document)
    return Service(name, kind, None, is_active=False)


def _is_queue(node: Node) -> bool:
    return node.is_call and _inferred(node).type in QUEUES


def _source(node: Node, owners: Mapping[Node, Node]) -> Service:
    if node.is_inferred or _is_queue(node):
        return _inferred(node)
    return _service(owners[node].document)
