"""A row of the list.

Takes   what the store found: a trace in short.
Gives   `row`, plain values for the page; `status_of`: fault, throttle, error or ok, as X-Ray colours.
Rules   The status is that of where the request came in; `inner` is the worst one of anything in the trace, when that is
        another. X-Ray says of a whole trace that it was throttled, so of its entry it is known only by what else is
        said there: 429, or an error without a code.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from raygate_local.xray.store import Found

WORST_FIRST: Final = ("fault", "throttle", "error")


def row(found: Found) -> dict[str, Any]:
    """What is shown of it."""
    summary, status = found.summary, status_of(found)
    http, entry = summary.get("Http") or {}, summary.get("EntryPoint") or {}
    return {
        "id": found.trace_id,
        "start": found.start_s,
        "duration": summary.get("Duration", 0.0),
        "status": status,
        "inner": _inner(found, status),
        "partial": summary.get("IsPartial") is True,
        "service": entry.get("Name", ""),
        "type": entry.get("Type", ""),
        "method": http.get("HttpMethod", ""),
        "url": http.get("HttpURL", ""),
        "code": http.get("HttpStatus"),
        "services": list(dict.fromkeys(one.get("Name", "") for one in summary.get("ServiceIds") or ())),
        "spans": found.documents,
        "revision": found.revision,
        "annotations": _annotations(summary.get("Annotations") or {}),
        "users": [one.get("UserName", "") for one in summary.get("Users") or ()],
    }


def status_of(found: Found) -> str:
    """How the request went, where it came in."""
    summary = found.summary
    code = (summary.get("Http") or {}).get("HttpStatus")
    if summary.get("HasFault"):
        return "fault"
    if summary.get("HasThrottle") and (code == 429 or (code is None and summary.get("HasError"))):
        return "throttle"
    return "error" if summary.get("HasError") else "ok"


def _inner(found: Found, status: str) -> str:
    """Of all segments, and of calls whose other side told nothing."""
    said = {one for part in found.facts.segments for one in WORST_FIRST if True in part.get(one, ())}
    said |= {"throttle"} if found.summary.get("HasThrottle") else set()
    worst = next((one for one in WORST_FIRST if one in said), "ok")
    return worst if worst != status else ""


def _annotations(given: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, list[Any]]:
    return {key: [value for one in all_ for value in one["AnnotationValue"].values()] for key, all_ in given.items()}
