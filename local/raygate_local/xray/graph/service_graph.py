"""The service graph of several traces.

Takes   the sightings of each.
Gives   `services`: nodes with their edges, as GetServiceGraph and GetTraceGraph answer.
Rules   A service is known by name, type and account. A client is drawn for each service that requests come in at.
        What a link says to have come from another document is an edge of the type `link`, from that document's queue
        or service, with the time that it waited.
Source  X-Ray API reference, Service and Edge.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from raygate_local.xray.graph.sightings import CLIENT, Link, Seen, Service, Sightings
from raygate_local.xray.graph.statistics import Statistics, histogram, rounded

Resolve: TypeAlias = Callable[[Link], tuple[Service, float] | None]
"""Where something came from, and when it was sent."""


@dataclass(slots=True)
class _Times:
    start_s: float = float("inf")
    end_s: float = float("-inf")

    def add(self, seen: Seen) -> None:
        """From the first to the last."""
        self.start_s, self.end_s = min(self.start_s, seen.start_s), max(self.end_s, seen.end_s)


@dataclass(slots=True)
class Edge:
    """From one service to another."""

    statistics: Statistics = field(default_factory=Statistics)
    times: _Times = field(default_factory=_Times)
    ages: Counter[float] = field(default_factory=Counter)
    """How long what is linked had waited; none when it is a call."""


@dataclass(slots=True)
class Node:
    """A service."""

    statistics: Statistics = field(default_factory=Statistics)
    times: _Times = field(default_factory=_Times)
    edges: dict[tuple[Service, bool], Edge] = field(default_factory=dict)
    """By the service that is called, and whether it is a link."""
    is_root: bool = False


@dataclass(slots=True)
class Graph:
    """All of them."""

    nodes: dict[Service, Node] = field(default_factory=dict)

    def node(self, service: Service) -> Node:
        """That service's, made when it is new."""
        return self.nodes.setdefault(service, Node())

    def add(self, sightings: Sightings, resolve: Resolve) -> None:
        """What one more trace shows."""
        services = sightings.services
        for place, seen in sightings.served:
            node = self.node(services[place])
            node.statistics.add(seen)
            node.times.add(seen)
        for source, target, seen in sightings.called:
            self._edge(services[source], services[target], seen)
        for link, place, seen in sightings.linked:
            origin = resolve(link)
            if origin:
                service, sent_s = origin
                edge = self._edge(service, services[place], seen, is_link=True)
                edge.ages[rounded(max(0.0, seen.start_s - sent_s))] += 1

    def _edge(self, source: Service, target: Service, seen: Seen, *, is_link: bool = False) -> Edge:
        node = self.node(source)
        node.times.add(seen)
        edge = node.edges.setdefault((target, is_link), Edge())
        edge.statistics.add(seen)
        edge.times.add(seen)
        if source.type == CLIENT:
            self.node(target).is_root = True
        return edge


def graph_of(traces: Iterable[Sightings], resolve: Resolve) -> Graph:
    """Put together."""
    graph = Graph()
    for sightings in traces:
        graph.add(sightings, resolve)
    return graph


def services(graph: Graph) -> list[dict[str, Any]]:
    """As the operations answer."""
    references = {service: place for place, service in enumerate(graph.nodes)}
    return [_service(service, node, references) for service, node in graph.nodes.items()]


def _service(service: Service, node: Node, references: dict[Service, int]) -> dict[str, Any]:
    statistics = node.statistics
    return {
        "ReferenceId": references[service],
        "Name": service.name,
        "Names": [service.name],
        "Root": node.is_root,
        **({"AccountId": service.account_id} if service.account_id else {}),
        **({"Type": service.type} if service.type else {}),
        "State": "active" if service.is_active else "unknown",
        "StartTime": node.times.start_s,
        "EndTime": node.times.end_s,
        "Edges": [_edge(edge, references[target], is_link=link) for (target, link), edge in node.edges.items()],
        "SummaryStatistics": statistics.summary(),
        "DurationHistogram": histogram(statistics.durations),
        "ResponseTimeHistogram": histogram(statistics.response_times),
    }


def _edge(edge: Edge, reference: int, *, is_link: bool) -> dict[str, Any]:
    linked = {"EdgeType": "link", "ReceivedEventAgeHistogram": histogram(edge.ages)} if is_link else {}
    return {
        "ReferenceId": reference,
        "StartTime": edge.times.start_s,
        "EndTime": edge.times.end_s,
        "SummaryStatistics": edge.statistics.summary(),
        "ResponseTimeHistogram": histogram(edge.statistics.response_times),
        "Aliases": [],
        **linked,
    }
