"""What is worth knowing about a trace without reading its documents: computed once for each revision, and kept.

Takes   a trace.
Gives   `About`: the summary, the facts for filters, and its part of the service graph, as bytes to be kept.
Note    `FORMAT` goes up with each change of what is in these bytes: what an older Raygate kept is made again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from raygate_local.xray.filters import Facts
from raygate_local.xray.filters.facts import facts_in
from raygate_local.xray.filters.nodes import Node, tree
from raygate_local.xray.graph.sightings import Sightings, sightings_in
from raygate_local.xray.summary import summary
from raygate_local.xray.trace import Trace

FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class About:
    """In bytes; each part is read only when it is asked for."""

    revision: int
    kept_summary: bytes
    kept_facts: bytes
    kept_graph: bytes

    @property
    def summary(self) -> dict[str, Any]:
        """As GetTraceSummaries gives it."""
        known: dict[str, Any] = orjson.loads(self.kept_summary)
        return known

    @property
    def facts(self) -> Facts:
        """What filters ask."""
        return Facts.load(self.kept_facts)

    @property
    def graph(self) -> Sightings:
        """What the service graph is drawn from."""
        return Sightings.load(self.kept_graph)


def about(trace: Trace) -> About:
    """All of it."""
    with tree(trace.documents) as nodes:
        causes, kept_facts = _facts(nodes)
        kept_graph = sightings_in(nodes).dump()
    return About(trace.revision, orjson.dumps(summary(trace) | causes), kept_facts, kept_graph)


def _facts(nodes: Sequence[Node]) -> tuple[dict[str, Any], bytes]:
    """What the summary tells of them, too, and the bytes: of a large trace there is nothing else as large."""
    facts = facts_in(nodes)
    return dict(facts.causes), facts.dump()
