"""Traces fetched in two steps: StartTraceRetrieval, ListRetrievedTraces, GetRetrievedTracesGraph, CancelTraceRetrieval.

Rules   What is here is retrieved at once. The documents are segments: the format OTEL would need the spans, which
        X-Ray does not get. A retrieval is forgotten after an hour.
Source  X-Ray API reference.
"""

import secrets
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final

from raygate_local.xray.calls.call import Operation, Parameters, as_token, from_token
from raygate_local.xray.calls.graphs import trace_graph
from raygate_local.xray.calls.summaries import times
from raygate_local.xray.errors import InvalidRequestError, ResourceNotFoundError
from raygate_local.xray.store import Store, Trace

KIND: Final = "retrievals"
KEPT_S: Final = 3600.0
PAGE_TRACES: Final = 5
MOST_SPANS: Final = 100
"""Of one trace in one page."""


def start_trace_retrieval(store: Store, parameters: Parameters) -> dict[str, Any]:
    """Remember what is wanted."""
    times(parameters)
    retrievals, now_s = store.records(KIND), store.clock()
    for token in [token for token, one in retrievals.items() if one["started_s"] < now_s - KEPT_S]:
        retrievals.pop(token, None)
    token = secrets.token_urlsafe(24)
    retrievals[token] = {"trace_ids": list(dict.fromkeys(parameters["TraceIds"])), "started_s": now_s}
    return {"RetrievalToken": token}


def list_retrieved_traces(store: Store, parameters: Parameters) -> dict[str, Any]:
    """Their documents."""
    trace_ids = _wanted(store, parameters)
    if parameters.get("TraceFormat") == "OTEL":
        raise InvalidRequestError("The local X-Ray has segment documents and no spans: ask for the TraceFormat XRAY.")
    (first,) = from_token(parameters, [int]) or [0]
    parts = islice(_parts(store, trace_ids), max(0, first), None)
    page = list(islice(parts, PAGE_TRACES))
    is_more = next(parts, None) is not None
    return {
        "RetrievalStatus": "COMPLETE",
        "TraceFormat": "XRAY",
        "Traces": page,
        **({"NextToken": as_token([max(0, first) + len(page)])} if is_more else {}),
    }


def get_retrieved_traces_graph(store: Store, parameters: Parameters) -> dict[str, Any]:
    """Their service graph."""
    services = trace_graph(store, _wanted(store, parameters))
    return {"RetrievalStatus": "COMPLETE", "Services": [{"Service": one, "Links": []} for one in services]}


def cancel_trace_retrieval(store: Store, parameters: Parameters) -> dict[str, Any]:
    """Forget it."""
    _wanted(store, parameters)
    store.records(KIND).pop(parameters["RetrievalToken"], None)
    return {}


OPERATIONS: Final[Mapping[str, Operation]] = {
    "/StartTraceRetrieval": start_trace_retrieval,
    "/ListRetrievedTraces": list_retrieved_traces,
    "/GetRetrievedTracesGraph": get_retrieved_traces_graph,
    "/CancelTraceRetrieval": cancel_trace_retrieval,
}


def _wanted(store: Store, parameters: Parameters) -> list[str]:
    found = store.records(KIND).get(parameters["RetrievalToken"])
    if found is None:
        raise ResourceNotFoundError("There is no retrieval with that RetrievalToken.")
    return list(found["trace_ids"])


def _parts(store: Store, trace_ids: list[str]) -> Iterator[dict[str, Any]]:
    """Each trace, in as many parts as it needs."""
    for trace_id in trace_ids:
        trace = store.trace(trace_id)
        if trace:
            yield from _parts_of(trace)


def _parts_of(trace: Trace) -> Iterator[dict[str, Any]]:
    spans = iter([{"Id": document_id, "Document": one.text} for document_id, one in trace.stored.items()])
    while part := list(islice(spans, MOST_SPANS)):
        yield {"Id": trace.trace_id, "Duration": round(max(0.0, trace.end_s - trace.start_s), 6), "Spans": part}
