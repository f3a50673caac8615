"""How functions speak: one log line for each thing that happened, and metrics in that same stream.

Takes   an event's name in the past tense, what there is to say, and the numbers that are metrics.
Gives   one JSON line; metrics in CloudWatch's embedded format in the namespace `Raygate`, of the service as a whole and
        some of them once more for each tenant, and what X-Ray refused by its code.
Rules   Only functions import this: the laptop prints lines for people, and Powertools costs 50 ms.
        Never a token, a body or an attribute value: they are the customer's.
        Whose metrics they are says `POWERTOOLS_SERVICE_NAME`, the stack's name: two stacks do not add up.
"""

from collections.abc import Mapping
from traceback import format_tb
from typing import Any, Final, Literal, TypeAlias

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

from raygate.request import Outcome

Level: TypeAlias = Literal["debug", "info", "warning", "error"]
Line: TypeAlias = dict[str, Any]

log = Logger()
metrics = Metrics(namespace="Raygate")
by_tenant = EphemeralMetrics(namespace="Raygate")
by_code = EphemeralMetrics(namespace="Raygate")

TELL: Final = {"debug": log.debug, "info": log.info, "warning": log.warning, "error": log.error}

METRICS: Final = {
    "spans": "SpansReceived",
    "delivered": "SpansDelivered",
    "queued": "SpansQueued",
    "parked": "SpansParked",
    "rejected": "SpansRejected",
    "returned": "SpansReturned",
    "unaccounted": "SpansUnaccounted",
    "documents": "Documents",
    "calls": "XRayCalls",
    "fitted": "DocumentsFitted",
    "mended": "DocumentsMended",
    "redacted": "ValuesRedacted",
    "over_quota": "SpansOverQuota",
    "queue_failed": "QueueFailed",
    "parking_failed": "ParkingFailed",
    "archive_failed": "ArchiveFailed",
}
"""Which numbers of an outcome's line are metrics too."""

OF_A_TENANT: Final = ("spans", "delivered", "queued", "parked", "rejected", "returned", "over_quota")
"""Which of them are counted for each tenant besides: few, since CloudWatch is paid by the metric and its dimensions."""

UNITS: Final = {
    "Duration": MetricUnit.Milliseconds,
    "WorkerDuration": MetricUnit.Milliseconds,
    "BytesIn": MetricUnit.Bytes,
    "BytesInflated": MetricUnit.Bytes,
}
"""Of metrics that are no counts; a name that ends in `Age` is in seconds."""


def say(event: str, level: Level, line: Line, counts: Mapping[str, float] | None = None) -> None:
    """Log it, and write its metrics, by their names in CloudWatch."""
    TELL[level](event, extra=line)
    if counts:
        _write(metrics, counts)


def say_of(tenant: str, counts: Mapping[str, float]) -> None:
    """The metrics of one tenant."""
    by_tenant.add_dimension("tenant", tenant)
    _write(by_tenant, counts)


def say_refused(codes: Mapping[str, int]) -> None:
    """How many spans X-Ray refused for good, by its code."""
    for code, spans in codes.items():
        by_code.add_dimension("code", code)
        _write(by_code, {"SpansRefused": spans})


def _write(written: Metrics | EphemeralMetrics, counts: Mapping[str, float]) -> None:
    """All at once: `add_metric` checks each name and unit, which are ours, and that takes two thirds of the time."""
    written.metric_set.update(
        {name: {"Unit": _unit(name).value, "Value": [float(value)]} for name, value in counts.items()}
    )
    written.flush_metrics()


def _unit(name: str) -> MetricUnit:
    return UNITS.get(name) or (MetricUnit.Seconds if name.endswith("Age") else MetricUnit.Count)


def line_of(outcome: Outcome) -> Line:
    """Where the spans ended. `unaccounted` is the difference that must not be."""
    rejected, parked = outcome.rejected.total(), outcome.parked.total()
    states = {
        "delivered": outcome.delivered,
        "queued": outcome.queued,
        "parked": parked,
        "rejected": rejected,
        "returned": outcome.returned,
    }
    line: Line = {"spans": outcome.spans, **states, "unaccounted": abs(outcome.spans - sum(states.values()))}
    line |= outcome.counts
    for key, counted in (("reasons", outcome.rejected), ("refusals", outcome.parked)):
        if counted:
            line[key] = dict(counted)
    if outcome.warnings:
        line["warnings"] = list(outcome.warnings)
    return line


def counts_of(line: Line, keys: Mapping[str, str] = METRICS) -> dict[str, float]:
    """The numbers of a line that are metrics, by their names in CloudWatch."""
    return {name: line[key] for key, name in keys.items() if key in line}


def counts_of_tenant(line: Line) -> dict[str, float]:
    """Those that are counted for its tenant besides."""
    return {METRICS[key]: line[key] for key in OF_A_TENANT if key in line}


def accident_of(accident: BaseException) -> Line:
    """What happened where, the first of a chain last. Not what was said: it may quote what a sender sent."""
    told = []
    error: BaseException | None = accident
    while error:
        told.append("".join(["".join(format_tb(error.__traceback__)), type(error).__name__, "\n"]))
        error = error.__cause__ or error.__context__
    return {"exception_name": type(accident).__name__, "exception": "because of\n".join(told)}
