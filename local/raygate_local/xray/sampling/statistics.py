"""What those who sample have reported: GetSamplingStatisticSummaries.

Takes   the store, and an operation's parameters.
Gives   how many requests matched each rule, were sampled, and were borrowed, by spans of ten seconds; in pages.
        `count`: adds a report.
Raises  `InvalidRequestError` for a token that is none of ours.
Note    Kept for half an hour.
Source  X-Ray API reference, GetSamplingStatisticSummaries.
"""

from typing import Final

from raygate_local.xray.calls.call import Parameters, as_token, from_token
from raygate_local.xray.sampling.keeping import ALONE, Json
from raygate_local.xray.store import Store

STATISTICS: Final = "sampling_statistics"
SPAN_S: Final = 10
KEPT_S: Final = 30 * 60
PAGE: Final = 100
COUNTS: Final = ("RequestCount", "SampledCount", "BorrowCount")


def count(store: Store, rule: str, report: Parameters) -> None:
    """One report more."""
    records, now_s = store.records(STATISTICS), store.clock()
    span = str(int(now_s) // SPAN_S * SPAN_S)
    spans = {at: counts for at, counts in records.get(rule, {}).items() if int(at) > now_s - KEPT_S}
    before = spans.get(span, dict.fromkeys(COUNTS, 0))
    spans[span] = {name: before[name] + (report.get(name) or 0) for name in COUNTS}
    records[rule] = spans


def get_sampling_statistic_summaries(store: Store, parameters: Parameters) -> Json:
    """The oldest first."""
    after = from_token(parameters, [int, str])
    with ALONE:
        records, oldest_s = store.records(STATISTICS), store.clock() - KEPT_S
        found = [
            (int(at), rule, counts) for rule in records for at, counts in records[rule].items() if int(at) > oldest_s
        ]
    left = sorted((one for one in found if [one[0], one[1]] > after), key=lambda one: one[:2])
    page = left[:PAGE]
    return {
        "SamplingStatisticSummaries": [{"RuleName": rule, "Timestamp": at, **counts} for at, rule, counts in page],
        **({"NextToken": as_token(page[-1][:2])} if len(left) > len(page) else {}),
    }
