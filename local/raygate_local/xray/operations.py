"""X-Ray's operations that are ours: PutTraceSegments, BatchGetTraces, GetTraceSummaries.

Takes   the store, and an operation's parameters as they come in JSON.
Gives   its result, of the shape that the service's model gives.
Raises  `InvalidRequestError` for parameters that the service would not take.
Source  X-Ray API reference.
"""

import base64
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from raygate_local.xray.members import LAST_SECOND
from raygate_local.xray.store import Store, Trace, end_of
from raygate_local.xray.summary import summary

Parameters: TypeAlias = Mapping[str, Any]
Operation: TypeAlias = Callable[[Store, Parameters], dict[str, Any]]

MOST_DOCUMENTS: Final = 50
MOST_TRACE_IDS: Final = 5
PAGE_DOCUMENTS: Final = 5_000
"""A page of BatchGetTraces ends with the trace that reaches it: a trace is never cut in two."""
PAGE_SUMMARIES: Final = 100


class InvalidRequestError(Exception):
    """The service answers 400 with InvalidRequestException."""


def put_trace_segments(store: Store, parameters: Parameters) -> dict[str, Any]:
    """Keep the documents that follow the rules."""
    return store.put(_strings(parameters, "TraceSegmentDocuments", MOST_DOCUMENTS))


def batch_get_traces(store: Store, parameters: Parameters) -> dict[str, Any]:
    """All documents of up to five traces."""
    trace_ids = list(dict.fromkeys(_strings(parameters, "TraceIds", MOST_TRACE_IDS)))
    known = [store.traces[one] for one in trace_ids if one in store.traces]
    (first,) = _token(parameters, [int]) or [0]
    page = list(_up_to_documents(known[max(0, first) :]))
    last = max(0, first) + len(page)
    return {
        "Traces": [_trace(one) for one in page],
        "UnprocessedTraceIds": [one for one in trace_ids if one not in store.traces],
        **({"NextToken": _as_token([last])} if last < len(known) else {}),
    }


def get_trace_summaries(store: Store, parameters: Parameters) -> dict[str, Any]:
    """Traces of a span of time in short, oldest first."""
    if parameters.get("FilterExpression"):
        raise InvalidRequestError("The local X-Ray knows no filter expressions: leave FilterExpression out.")
    kind = parameters.get("TimeRangeType") or "TraceId"
    if kind not in MOMENTS:
        raise InvalidRequestError(f"TimeRangeType must be one of {', '.join(MOMENTS)}.")
    start_s, end_s = _time(parameters, "StartTime"), _time(parameters, "EndTime")
    if start_s > end_s:
        raise InvalidRequestError("StartTime must not be after EndTime.")
    # SDKs cut the times to whole seconds; who asks for everything until now means this second too.
    within = [one for one in store.traces.values() if any(start_s <= at < end_s + 1 for at in MOMENTS[kind](one))]
    after = _token(parameters, [float, str])
    keys = sorted(key for key in (_position(one) for one in within) if key > after)
    page = keys[:PAGE_SUMMARIES]
    return {
        "TraceSummaries": [summary(store.traces[trace_id]) for _, trace_id in page],
        "TracesProcessedCount": len(within),
        "ApproximateTime": start_s,
        **({"NextToken": _as_token(page[-1])} if len(keys) > len(page) else {}),
    }


OPERATIONS: Final[Mapping[str, Operation]] = {
    "/TraceSegments": put_trace_segments,
    "/Traces": batch_get_traces,
    "/TraceSummaries": get_trace_summaries,
}

MOMENTS: Final[Mapping[str, Callable[[Trace], Iterator[float]]]] = {
    "TraceId": lambda trace: iter((trace.start_s,)),
    "Event": lambda trace: iter((trace.updated_s,)),
    "Service": lambda trace: (end_of(one.document) for one in trace.stored.values()),
}
"""The times of a trace that a span of time is compared with: its start, its last update, its documents' ends."""


def _trace(trace: Trace) -> dict[str, Any]:
    return {
        "Id": trace.trace_id,
        "Duration": round(max(0.0, trace.end_s - trace.start_s), 6),
        "LimitExceeded": False,
        "Segments": [{"Id": document_id, "Document": one.text} for document_id, one in trace.stored.items()],
    }


def _up_to_documents(traces: Sequence[Trace]) -> Iterator[Trace]:
    documents = 0
    for trace in traces:
        yield trace
        documents += len(trace.stored)
        if documents >= PAGE_DOCUMENTS:
            return


def _position(trace: Trace) -> list[Any]:
    """What a page goes on after, also when traces have come in the meantime."""
    return [trace.start_s, trace.trace_id]


def _strings(parameters: Parameters, name: str, most: int) -> list[str]:
    given = parameters.get(name)
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        raise InvalidRequestError(f"{name} must be a list of strings.")
    if len(given) > most:
        raise InvalidRequestError(f"{name} has {len(given)} members, more than {most}.")
    return given


def _time(parameters: Parameters, name: str) -> float:
    given = parameters.get(name)
    if not isinstance(given, (int, float)) or isinstance(given, bool) or abs(given) > LAST_SECOND:
        raise InvalidRequestError(f"{name} must be a number of seconds since 1970.")
    return float(given)


def _as_token(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


def _token(parameters: Parameters, types: Sequence[type]) -> list[Any]:
    """The values in NextToken; none when there is no token."""
    given = parameters.get("NextToken")
    if given is None:
        return []
    try:
        values = json.loads(base64.urlsafe_b64decode(given))
    except (TypeError, ValueError):
        values = None
    if not isinstance(values, list) or [type(one) for one in values] != list(types):
        raise InvalidRequestError("NextToken is not one of ours.")
    return values
