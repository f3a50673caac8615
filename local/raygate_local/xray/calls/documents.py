"""PutTraceSegments and BatchGetTraces: documents in and out.

Source  X-Ray API reference; for the size of a trace, AWS's list of X-Ray's quotas.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from raygate_local.xray.calls.call import Operation, Parameters, as_token, from_token
from raygate_local.xray.errors import InvalidRequestError
from raygate_local.xray.store import Store, Trace

MOST_DOCUMENTS: Final = 50
MOST_TRACE_IDS: Final = 5
PAGE_DOCUMENTS: Final = 5_000
"""A page of BatchGetTraces ends with the trace that reaches it: a trace is never cut in two."""
MOST_TRACE_BYTES: Final = 500_000
"""Above it X-Ray drops documents. The local X-Ray keeps them, and says LimitExceeded."""


def put_trace_segments(store: Store, parameters: Parameters) -> dict[str, Any]:
    """Keep the documents that follow the rules."""
    return store.put(_at_most(parameters["TraceSegmentDocuments"], "TraceSegmentDocuments", MOST_DOCUMENTS))


def batch_get_traces(store: Store, parameters: Parameters) -> dict[str, Any]:
    """All documents of up to five traces."""
    trace_ids = list(dict.fromkeys(_at_most(parameters["TraceIds"], "TraceIds", MOST_TRACE_IDS)))
    traces = {one: store.trace(one) for one in trace_ids}
    known = [trace for trace in traces.values() if trace]
    (first,) = from_token(parameters, [int]) or [0]
    page = list(_up_to_documents(known[max(0, first) :]))
    last = max(0, first) + len(page)
    return {
        "Traces": [_trace(one) for one in page],
        "UnprocessedTraceIds": [one for one, trace in traces.items() if trace is None],
        **({"NextToken": as_token([last])} if last < len(known) else {}),
    }


OPERATIONS: Final[Mapping[str, Operation]] = {
    "/TraceSegments": put_trace_segments,
    "/Traces": batch_get_traces,
}


def _at_most(given: list[str], name: str, most: int) -> list[str]:
    if len(given) > most:
        raise InvalidRequestError(f"{name} has {len(given)} members, more than {most}.")
    return given


def _trace(trace: Trace) -> dict[str, Any]:
    return {
        "Id": trace.trace_id,
        "Duration": round(max(0.0, trace.end_s - trace.start_s), 6),
        "LimitExceeded": sum(len(one.text) for one in trace.stored.values()) > MOST_TRACE_BYTES,
        "Segments": [{"Id": document_id, "Document": one.text} for document_id, one in trace.stored.items()],
    }


def _up_to_documents(traces: Sequence[Trace]) -> Iterator[Trace]:
    documents = 0
    for trace in traces:
        yield trace
        documents += len(trace.stored)
        if documents >= PAGE_DOCUMENTS:
            return
