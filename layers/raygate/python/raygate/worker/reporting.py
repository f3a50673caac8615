"""What the function says about a batch: one log line, one more for each message that is not done, and metrics.

Gives   `batch_delivered`, with the numbers of the whole; `message_failed` and `message_given_up`, with the reason.
        Metrics: of the messages, and of their spans, in which received = delivered + queued + parked + rejected +
        dead + failed, and `WorkerUnaccounted` is the difference. Some of them once more for each tenant.
Rules   As in `telling`. The spans of a message that failed are counted again when it comes again: so they have names
        of their own, and those of requests add up by themselves.
"""

from collections.abc import Mapping
from typing import Final

from raygate.telling import Line, accident_of, counts_of, say, say_of, say_refused
from raygate.worker.arrived import Settled
from raygate.worker.report import Report

STATES: Final = ("delivered", "queued", "parked", "rejected", "dead", "failed")

METRICS: Final = {
    "received": "WorkerReceived",
    "delivered": "WorkerDelivered",
    "queued": "WorkerQueuedAgain",
    "parked": "WorkerParked",
    "rejected": "WorkerRejected",
    "dead": "WorkerDead",
    "failed": "WorkerFailed",
    "unaccounted": "WorkerUnaccounted",
    "documents": "Documents",
    "calls": "XRayCalls",
    "mended": "DocumentsMended",
    "archive_failed": "ArchiveFailed",
    "messages_done": "MessagesDone",
    "messages_dead": "MessagesDead",
    "messages_failed": "MessagesFailed",
    "duration_ms": "WorkerDuration",
}
OF_A_TENANT: Final = ("received", "delivered", "queued", "parked", "rejected", "dead")


def report(said: Report) -> None:
    """Log one batch and count it."""
    for one in said.settled:
        if one.word != "done":
            _say_message(one)
    spans = said.spans()
    line: Line = {"carrier": said.carrier, "duration_ms": round(said.duration_ms, 2), **said.counts}
    line |= {f"messages_{word}": said.messages()[word] for word in ("done", "dead", "failed")}
    line |= _counted(spans) | {"unaccounted": abs(spans["received"] - sum(spans[state] for state in STATES))}
    say("batch_delivered", "info", line, counts_of(line, METRICS))
    for tenant, counted in said.tenants().items():
        say_of(tenant, {METRICS[key]: counted[key] for key in OF_A_TENANT})
    say_refused(said.refusals())


def _counted(spans: Mapping[str, int]) -> Line:
    return {state: spans.get(state, 0) for state in ("received", *STATES)}


def _say_message(settled: Settled) -> None:
    line: Line = {"message_id": settled.message.id, "receives": settled.message.receives, "why": settled.reason}
    if settled.accident:
        line |= accident_of(settled.accident)
    if settled.word == "dead":
        say("message_given_up", "error", line)
    else:
        say("message_failed", "error" if settled.accident else "warning", line)
