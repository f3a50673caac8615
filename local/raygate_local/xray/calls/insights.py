"""Insights: those of an account in which X-Ray has found none.

Note    X-Ray finds insights by watching for anomalies. That is not done here.
Source  X-Ray API reference.
"""

from collections.abc import Mapping
from typing import Any, Final

from raygate_local.xray.calls.call import Operation, Parameters
from raygate_local.xray.calls.summaries import times
from raygate_local.xray.errors import InvalidRequestError
from raygate_local.xray.store import Store


def get_insight_summaries(_: Store, parameters: Parameters) -> dict[str, Any]:
    """None."""
    times(parameters)
    return {"InsightSummaries": []}


def get_one(_: Store, parameters: Parameters) -> dict[str, Any]:
    """Whichever is asked for, it is not there."""
    raise InvalidRequestError(f"There is no insight {parameters['InsightId']}.")


OPERATIONS: Final[Mapping[str, Operation]] = {
    "/InsightSummaries": get_insight_summaries,
    "/Insight": get_one,
    "/InsightEvents": get_one,
    "/InsightImpactGraph": get_one,
}
