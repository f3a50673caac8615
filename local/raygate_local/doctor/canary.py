"""The last check: a trace is sent through the endpoint and read back from X-Ray."""

from raygate_local.doctor.situation import Found, Situation, failure, ok, warning
from raygate_local.sending.post import Parcel
from raygate_local.sending.sample import Sample, sample

FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 2.0


def canary(situation: Situation) -> Found:
    """Send it, wait for it, compare."""
    made = sample(situation.random_bytes, int(situation.clock() * 1e9))
    trace_id = f"1-{made.trace_id[:8]}-{made.trace_id[8:]}"
    answer = situation.sender.post(Parcel(made.body))
    if not answer.is_taken or answer.rejected:
        told = f": {answer.message.rstrip('.')}" if answer.message else ""
        todo = answer.advice or "The endpoint's log says which documents X-Ray refused, and why."
        return failure(f"the endpoint answers {answer.phrase}{told}.", todo, trace_id=trace_id)
    began = situation.clock()
    seen = _seen(situation, trace_id, made)
    took_s = situation.clock() - began
    if seen == made.spans:
        return ok(f"trace {trace_id} came through in {took_s:.1f} s, all {seen} spans", trace_id=trace_id)
    text = f"of {made.spans} spans {seen} can be read after {took_s:.0f} s: trace {trace_id}."
    todo = (
        "Do endpoint and --xray mean the same X-Ray, account and region? Otherwise they may be queued: look at the "
        "endpoint's log, and wait longer with --wait."
    )
    return (warning if seen else failure)(text, todo, trace_id=trace_id, seen=seen)


def _seen(situation: Situation, trace_id: str, made: Sample) -> int:
    """How many of its spans X-Ray has, when it has all of them or patience is over."""
    until, pause_s = situation.clock() + situation.patience_s, FIRST_PAUSE_S
    while True:
        documents = situation.xray.documents([trace_id]).get(trace_id, [])
        seen = sum(map(_spans, documents))
        if seen >= made.spans or situation.clock() >= until:
            return min(seen, made.spans)
        situation.pause(pause_s)
        pause_s = min(LONGEST_PAUSE_S, pause_s * 2)


def _spans(document: dict[str, object]) -> int:
    """The document and what X-Ray has nested within it; what it has inferred is nobody's span."""
    if document.get("inferred"):
        return 0
    below = document.get("subsegments")
    return 1 + sum(_spans(one) for one in below if isinstance(one, dict)) if isinstance(below, list) else 1
