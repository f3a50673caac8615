"""GetServiceGraph, GetTraceGraph, GetTimeSeriesServiceStatistics: what called what, and how that went.

Note    All services come in one answer; there are no further pages.
Source  X-Ray API reference.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from raygate_local.xray.calls.call import Operation, Parameters
from raygate_local.xray.calls.summaries import WHOLE_SECOND_S, matching, times
from raygate_local.xray.errors import InvalidRequestError
from raygate_local.xray.graph.selector import select
from raygate_local.xray.graph.service_graph import graph_of, services
from raygate_local.xray.graph.sightings import Link, Service, Sightings, services_of, sightings_of
from raygate_local.xray.graph.statistics import Statistics, histogram
from raygate_local.xray.sampling.groups import get_group
from raygate_local.xray.store import Found, Store
from raygate_local.xray.trace import start_of

Origins: TypeAlias = dict[str, tuple[Service, float]]

PERIODS_S: Final = (60, 300)
DEFAULT_PERIOD_S: Final = 60


def get_service_graph(store: Store, parameters: Parameters) -> dict[str, Any]:
    """Of a span of time."""
    found = _in_time(store, parameters)
    return {
        "StartTime": parameters["StartTime"],
        "EndTime": parameters["EndTime"],
        "Services": _services(store, (one.graph for one in found)),
        "ContainsOldGroupVersions": False,
    }


def get_trace_graph(store: Store, parameters: Parameters) -> dict[str, Any]:
    """Of some traces; those that are not here are passed over."""
    return {"Services": trace_graph(store, parameters["TraceIds"])}


def trace_graph(store: Store, trace_ids: Iterable[str]) -> list[dict[str, Any]]:
    """The services of these traces."""
    traces = [store.trace(one) for one in dict.fromkeys(trace_ids)]
    return _services(store, (sightings_of(one.documents) for one in traces if one))


def get_time_series_service_statistics(store: Store, parameters: Parameters) -> dict[str, Any]:
    """By the minute, or by five; those without a request are left out."""
    period_s = parameters.get("Period") or DEFAULT_PERIOD_S
    if period_s not in PERIODS_S:
        raise InvalidRequestError(f"Period must be one of {', '.join(map(str, PERIODS_S))}.")
    member, chosen = select(parameters.get("EntitySelectorExpression"))
    series: dict[float, Statistics] = {}
    for one in _in_time(store, parameters):
        for seen in chosen(one.graph):
            series.setdefault(seen.start_s // period_s * period_s, Statistics()).add(seen)
    rows = ((at_s, series[at_s]) for at_s in sorted(series) if series[at_s].outcomes)
    return {
        "TimeSeriesServiceStatistics": [_point(at_s, member, statistics) for at_s, statistics in rows],
        "ContainsOldGroupVersions": False,
    }


OPERATIONS: Final[Mapping[str, Operation]] = {
    "/ServiceGraph": get_service_graph,
    "/TraceGraph": get_trace_graph,
    "/TimeSeriesServiceStatistics": get_time_series_service_statistics,
}


def _in_time(store: Store, parameters: Parameters) -> Iterator[Found]:
    start_s, end_s = times(parameters)
    is_group = parameters.get("GroupName") or parameters.get("GroupARN")
    expression = get_group(store, parameters)["Group"]["FilterExpression"] if is_group else None
    return matching(store, store.find(start_s, end_s + WHOLE_SECOND_S), expression)


def _services(store: Store, traces: Iterable[Sightings]) -> list[dict[str, Any]]:
    return services(graph_of(traces, resolver(store)))


def resolver(store: Store) -> Callable[[Link], tuple[Service, float] | None]:
    """Looks up linked documents, each trace once."""
    known: dict[str, Origins] = {}

    def resolve(link: Link) -> tuple[Service, float] | None:
        if link.trace_id not in known:
            known[link.trace_id] = _origins(store, link.trace_id)
        return known[link.trace_id].get(link.id)

    return resolve


def _origins(store: Store, trace_id: str) -> Origins:
    trace = store.trace(trace_id)
    if trace is None:
        return {}
    known = services_of(trace.documents)
    starts = ((document_id, start_of(one.document)) for document_id, one in trace.stored.items())
    return {document_id: (known[document_id], start_s) for document_id, start_s in starts}


def _point(at_s: float, member: str, statistics: Statistics) -> dict[str, Any]:
    return {
        "Timestamp": at_s,
        member: statistics.summary(),
        "ResponseTimeHistogram": histogram(statistics.response_times),
    }
