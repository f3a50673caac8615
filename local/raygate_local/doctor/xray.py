"""Checks of X-Ray: may we write, may we read, where do its segments go."""

from raygate.errors import RaygateError
from raygate_local.doctor.situation import Found, Situation, ok, skipped, warning

PROBE = "{}"
"""No document: X-Ray says so, if we may ask at all, and stores nothing."""


def permission(situation: Situation) -> Found:
    """Whether PutTraceSegments is allowed."""
    answer = situation.xray.call("put_trace_segments", TraceSegmentDocuments=[PROBE])
    refused = answer.get("UnprocessedTraceSegments") or [{}]
    return ok("PutTraceSegments is allowed", answered=refused[0].get("ErrorCode", ""))


def reading(situation: Situation) -> Found:
    """Whether the commands that show traces may ask for them."""
    now = situation.clock()
    try:
        found = situation.xray.summaries(now - 60, now)
    except RaygateError as error:
        return warning(f"{error}", "Sending works without it; `trace`, `tail` and the canary do not.")
    return ok(f"traces can be read; {len(found)} in the last minute", traces=len(found))


def destination(situation: Situation) -> Found:
    """Where X-Ray puts segments: its own store, or CloudWatch Logs with Transaction Search."""
    if situation.xray.is_here:
        return skipped("an X-Ray on this machine has its own store")
    try:
        answer = situation.xray.call("get_trace_segment_destination")
    except RaygateError as error:
        return warning(f"{error}", "Allow xray:GetTraceSegmentDestination to have it looked at.")
    where, status = str(answer.get("Destination", "XRay")), str(answer.get("Status", "ACTIVE"))
    if status != "ACTIVE":
        todo = "Wait until it is ACTIVE; until then segments may be at either place."
        return warning(f"segments are on their way to {where}: {status}.", todo, destination=where)
    if where == "CloudWatchLogs":
        todo = (
            "All spans are in the log group aws/spans; only as many as the indexing rule says, 1 % unless changed, "
            "are found by filter expressions: `aws xray update-indexing-rule` changes that."
        )
        return warning("segments go to CloudWatch Logs (Transaction Search).", todo, destination=where)
    return ok(f"segments go to {where}", destination=where)
