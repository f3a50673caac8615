"""Every metric that the functions write, found by having them write: names, with the dimensions of each.

Gives   `written`: (metric, names of its dimensions) of what the three reporters print for a request, a batch and a
        replay in which everything happened.
"""

import io
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import redirect_stdout
from dataclasses import fields
from functools import cache
from typing import Any

from raygate import reporting, telling
from raygate.ingest import Report
from raygate.keep import Packed
from raygate.keys import Principal
from raygate.replay import reporting as of_replay
from raygate.replay.counts import Counts
from raygate.request import Outcome, Request
from raygate.worker import reporting as of_worker
from raygate.worker.arrived import Arrived, Settled
from raygate.worker.report import Report as WorkerReport

Written = frozenset[tuple[str, frozenset[str]]]


@cache
def written() -> Written:
    """All of them."""
    outcome = Outcome(1, parked=Counter({"InvalidSegment": 1}), counts=dict.fromkeys(telling.METRICS, 0))
    request = Report(
        status=200, principal=Principal("shop", "key"), request=Request(b"", "protobuf"), outcome=outcome, duration_ms=1
    )
    settled = Settled(Arrived("1", Packed("x"), 1), outcomes=[("shop", outcome)])
    with redirect_stdout(io.StringIO()) as printed:
        reporting.report(request)
        of_worker.report(WorkerReport("sqs", [settled], dict.fromkeys(of_worker.METRICS, 0)))
        of_replay.report("replay_done", {field.name: 0 for field in fields(Counts)} | {"unaccounted": 0})
    return frozenset(pair for line in printed.getvalue().splitlines() for pair in _metrics(json.loads(line)))


def _metrics(line: Mapping[str, Any]) -> Iterator[tuple[str, frozenset[str]]]:
    for group in line["_aws"]["CloudWatchMetrics"]:
        assert group["Namespace"] == "Raygate"
        for dimensions in group["Dimensions"]:
            yield from ((metric["Name"], frozenset(dimensions)) for metric in group["Metrics"])
