"""GetTraceSummaries: the traces of a span of time in short, oldest first, those that a filter expression asks for.

Note    SDKs cut the times to whole seconds, so the second that EndTime names is within the span of time. Sampling with
        a FixedRate gives that share of the traces, the same ones each time; a PartialScan is a scan of everything.
Source  X-Ray API reference, GetTraceSummaries; X-Ray developer guide, "Use filter expressions".
"""

import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from raygate_local.xray.calls.call import Operation, Parameters, as_token, from_token
from raygate_local.xray.errors import InvalidRequestError
from raygate_local.xray.filters import FilterError, parse
from raygate_local.xray.sampling import groups_of
from raygate_local.xray.store import Found, Store

PAGE_SUMMARIES: Final = 100
WHOLE_SECOND_S: Final = 1.0


def get_trace_summaries(store: Store, parameters: Parameters) -> dict[str, Any]:
    """One page."""
    start_s, end_s = times(parameters)
    found = store.find(start_s, end_s + WHOLE_SECOND_S, parameters.get("TimeRangeType") or "TraceId")
    after = from_token(parameters, [float, str])
    waiting = (one for one in found if _position(one) > after)
    page: list[tuple[Found, dict[str, Any]]] = []
    for one in matching(store, _sampled(waiting, parameters), parameters.get("FilterExpression")):
        summary = one.summary
        if summary:  # else it is gone since it was found
            page.append((one, summary))
        if len(page) == PAGE_SUMMARIES:
            break
    is_more = len(page) == PAGE_SUMMARIES and next(waiting, None) is not None
    return {
        "TraceSummaries": [summary for _, summary in page],
        "TracesProcessedCount": len(found),
        "ApproximateTime": start_s,
        **({"NextToken": as_token(_position(page[-1][0]))} if is_more else {}),
    }


OPERATIONS: Final[Mapping[str, Operation]] = {"/TraceSummaries": get_trace_summaries}


def times(parameters: Parameters) -> tuple[float, float]:
    """StartTime and EndTime."""
    start_s, end_s = float(parameters["StartTime"]), float(parameters["EndTime"])
    if start_s > end_s:
        raise InvalidRequestError("StartTime must not be after EndTime.")
    return start_s, end_s


def matching(store: Store, found: Iterable[Found], expression: str | None) -> Iterator[Found]:
    """Those that a filter expression asks for; all of them when there is none."""
    try:
        wanted = parse(expression or "", groups_of(store))
    except FilterError as error:
        raise InvalidRequestError(f"FilterExpression cannot be read: {error}.") from error
    if wanted.is_everything:
        return iter(found)
    return (one for one in found if wanted.finds(one.kept_facts))


def _sampled(found: Iterable[Found], parameters: Parameters) -> Iterator[Found]:
    strategy = parameters.get("SamplingStrategy") or {}
    share = strategy.get("Value", 1.0) if strategy.get("Name") == "FixedRate" else 1.0
    if not 0 <= share <= 1:
        raise InvalidRequestError("The Value of a SamplingStrategy must be from 0 to 1.")
    is_whole = not parameters.get("Sampling") or share == 1
    yield from (one for one in found if is_whole or zlib.crc32(one.trace_id.encode()) < share * 2**32)


def _position(found: Found) -> list[Any]:
    """What a page goes on after, also when traces have come in the meantime."""
    return [found.start_s, found.trace_id]
