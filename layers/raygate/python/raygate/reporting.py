"""What the function says about a request: one log line, and metrics in that same stream.

Takes   `Report`. Only the function imports this: the laptop prints lines for people, and Powertools costs 50 ms.
Gives   one line, `exported`, `refused` or `failed`, with numbers; metrics in CloudWatch's embedded format, in which the
        spans add up: received = delivered + rejected + returned, and `SpansUnaccounted` is the difference. A few are
        counted once more by tenant.
Rules   Never a token, a body or an attribute value: they are the customer's.
"""

from traceback import format_tb
from typing import Any, Final

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

from raygate.ingest import Report
from raygate.request import Outcome, Request

log = Logger(service="raygate")
metrics = Metrics(namespace="Raygate", service="raygate")
by_tenant = EphemeralMetrics(namespace="Raygate", service="raygate")

EVENTS: Final = {"export": "exported", "health": "healthy", "preflight": "preflighted"}
TELL: Final = {
    "exported": log.info,
    "refused": log.warning,
    "failed": log.error,
    "healthy": log.debug,
    "preflighted": log.debug,
}

CODINGS: Final = frozenset({"", "identity", "gzip", "x-gzip", "deflate", "zlib", "zstd", "br", "snappy", "lz4"})
"""What is named in the log; anything else may be anything."""

METRICS: Final = {
    "spans": "SpansReceived",
    "delivered": "SpansDelivered",
    "rejected": "SpansRejected",
    "returned": "SpansReturned",
    "unaccounted": "SpansUnaccounted",
    "documents": "Documents",
    "calls": "XRayCalls",
    "fitted": "DocumentsFitted",
    "redacted": "ValuesRedacted",
    "over_quota": "SpansOverQuota",
}
"""Which numbers of the line are metrics too."""

OF_A_TENANT: Final = ("spans", "delivered", "rejected", "returned", "over_quota")
"""Which of them are counted for each tenant besides: few, since CloudWatch is paid by the metric and its dimensions."""


def report(said: Report) -> None:
    """Log one request and count it. Health checks and preflights are only heard at level DEBUG."""
    line = _line(said)
    event = _event(said)
    TELL[event](event, extra=line)
    if said.kind == "export":
        _measure(said, line)
        if said.principal.tenant:
            _measure_tenant(said.principal.tenant, line)


def _event(said: Report) -> str:
    if said.status >= 500:
        return "failed"
    if said.status >= 400:
        return "refused"
    return EVENTS[said.kind]


def _line(said: Report) -> dict[str, Any]:
    line: dict[str, Any] = {"status": said.status, "duration_ms": round(said.duration_ms, 2)}
    if said.principal.tenant:
        line["tenant"] = said.principal.tenant
    if said.principal.key_id:
        line["key"] = said.principal.key_id
    if said.request:
        line |= _request(said.request)
    if said.outcome:
        line |= _outcome(said.outcome)
    if said.refusal:
        line["why"] = said.refusal
    if said.accident:
        line |= {"exception_name": type(said.accident).__name__, "exception": _places(said.accident)}
    return line


def _places(accident: BaseException) -> str:
    """What happened where, the first of a chain last. Not what was said: it may quote what a sender sent."""
    told = []
    error: BaseException | None = accident
    while error:
        told.append("".join(["".join(format_tb(error.__traceback__)), type(error).__name__, "\n"]))
        error = error.__cause__ or error.__context__
    return "because of\n".join(told)


def _request(request: Request) -> dict[str, Any]:
    coding = request.content_encoding.strip().lower()
    named = (coding or "none") if coding in CODINGS else "other"
    return {
        "encoding": request.encoding,
        "coding": "inflated upstream" if request.inflated_upstream else named,
        "bytes_in": len(request.body),
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    rejected = outcome.rejected.total()
    line: dict[str, Any] = {
        "spans": outcome.spans,
        "delivered": outcome.delivered,
        "rejected": rejected,
        "returned": outcome.returned,
        "unaccounted": abs(outcome.spans - outcome.delivered - rejected - outcome.returned),
        **outcome.counts,
    }
    if outcome.rejected:
        line["reasons"] = dict(outcome.rejected)
    if outcome.warnings:
        line["warnings"] = list(outcome.warnings)
    return line


def _measure(said: Report, line: dict[str, Any]) -> None:
    metrics.add_metric("Requests", MetricUnit.Count, 1)
    metrics.add_metric("RequestsRefused", MetricUnit.Count, 400 <= said.status < 500)
    metrics.add_metric("RequestsFailed", MetricUnit.Count, said.status >= 500)
    metrics.add_metric("Duration", MetricUnit.Milliseconds, line["duration_ms"])
    for key, name in METRICS.items():
        if key in line:
            metrics.add_metric(name, MetricUnit.Count, line[key])
    for key, name in {"bytes_in": "BytesIn", "bytes_inflated": "BytesInflated"}.items():
        if key in line:
            metrics.add_metric(name, MetricUnit.Bytes, line[key])
    metrics.flush_metrics()


def _measure_tenant(tenant: str, line: dict[str, Any]) -> None:
    by_tenant.add_dimension("tenant", tenant)
    by_tenant.add_metric("Requests", MetricUnit.Count, 1)
    for key in OF_A_TENANT:
        if key in line:
            by_tenant.add_metric(METRICS[key], MetricUnit.Count, line[key])
    by_tenant.flush_metrics()
