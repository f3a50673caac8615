"""What the function says: log lines with numbers, and the spans of a replay as metrics.

Rules   Never a token, a body or an attribute value, and no key of an object: a tenant's name may be in it.
"""

from collections.abc import Mapping
from typing import Any, Final

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

log = Logger()
metrics = Metrics(namespace="Raygate")

METRICS: Final = {
    "found": "ReplaySpansFound",
    "delivered": "ReplaySpansDelivered",
    "parked": "ReplaySpansParked",
    "rejected": "ReplaySpansRejected",
    "left": "ReplaySpansLeft",
    "unaccounted": "ReplaySpansUnaccounted",
    "throttled": "ReplayCallsThrottled",
    "unreadable": "ReplayUnreadable",
}


def report(event: str, told: Mapping[str, Any]) -> None:
    """One line; and metrics at the end of a run."""
    log.info(event, extra={name: value for name, value in told.items() if name != "resume"})
    if event in {"replay_done", "replay_interrupted"}:
        for key, name in METRICS.items():
            metrics.add_metric(name, MetricUnit.Count, told.get(key, 0))
        metrics.flush_metrics()
