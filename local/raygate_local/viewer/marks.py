"""Would AWS show this? What the service would refuse, cut or not find, said where the local X-Ray still shows it.

Takes   the sizes of a trace or document, and the time now.
Gives   marks: `ok` within half of the limit, `near` above, `over` when X-Ray does not take or find it.
Source  X-Ray's quotas: 64 KB a document, 500 KB a trace sent close together, 50 indexed annotations a trace,
        30 days of retention.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from raygate_local.xray.store import Trace, with_subsegments

MAX_DOCUMENT_BYTES: Final = 64 * 1024
MAX_TRACE_BYTES: Final = 500_000
MAX_ANNOTATIONS: Final = 50
MAX_AGE_S: Final = 30 * 24 * 3600
MAX_AHEAD_S: Final = 300
NEAR: Final = 0.8


@dataclass(frozen=True, slots=True)
class Mark:
    """One limit, and how much of it is used."""

    name: str
    level: Literal["ok", "near", "over"]
    value: float
    most: float
    text: str


def of_trace(trace: Trace, now_s: float) -> list[Mark]:
    """All that concern a trace as a whole."""
    sizes = [len(stored.text.encode()) for stored in trace.stored.values()]
    keys = {
        key for one in trace.documents for part, _ in with_subsegments(one) for key in part.get("annotations") or ()
    }
    return [
        _mark("Trace size", sum(sizes), MAX_TRACE_BYTES, "bytes", "X-Ray drops segments of a trace that is larger."),
        _mark("Largest document", max(sizes), MAX_DOCUMENT_BYTES, "bytes", "X-Ray refuses a larger document."),
        _mark("Annotation keys", len(keys), MAX_ANNOTATIONS, "keys", "X-Ray indexes no more of one trace."),
        age(trace.trace_id, trace.start_s, now_s),
    ]


def of_document(text: str, parts: Sequence[Mapping[str, Any]]) -> list[Mark]:
    """All that concern one document."""
    annotations = sum(len(part.get("annotations") or ()) for part in parts)
    return [
        _mark("Document size", len(text.encode()), MAX_DOCUMENT_BYTES, "bytes", "X-Ray refuses a larger document."),
        _mark("Annotations", annotations, MAX_ANNOTATIONS, "annotations", "X-Ray indexes no more of one trace."),
    ]


def age(trace_id: str, start_s: float, now_s: float) -> Mark:
    """X-Ray keeps a trace for 30 days; an id of its own form names a time, W3C's is random, and both are taken."""
    days, most = max(0.0, now_s - start_s) / 86_400, MAX_AGE_S / 86_400
    of_id_s = now_s - int(trace_id[2:10], 16)
    is_random = not -MAX_AHEAD_S <= of_id_s <= MAX_AGE_S
    text = f"It is {days:,.1f} days old" + (
        "; its id is a random one, which X-Ray takes since 2023." if is_random else "."
    )
    if days > most:
        return Mark("Age", "over", days, most, f"{text} X-Ray keeps traces for {most:.0f} days.")
    return Mark("Age", "ok", days, most, text)


def _mark(name: str, value: int, most: int, unit: str, over: str) -> Mark:
    share = value / most
    level: Literal["ok", "near", "over"] = "over" if share > 1 else "near" if share > NEAR else "ok"
    text = f"{value:,} of {most:,} {unit} ({share:.0%})."
    return Mark(name, level, value, most, text if level == "ok" else f"{text} {over}")
