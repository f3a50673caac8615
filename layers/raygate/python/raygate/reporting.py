"""What the function says about a request: one log line, and metrics in that same stream.

Takes   `Report`.
Gives   one line, `exported`, `refused` or `failed`, with numbers; metrics, in which the spans add up: received =
        delivered + queued + parked + rejected + returned, and `SpansUnaccounted` is the difference. A few are counted
        once more by tenant.
Rules   Never a token, a body or an attribute value: they are the customer's.
"""

from typing import Final

from raygate.ingest import COUNTED, Report
from raygate.request import Request
from raygate.telling import (
    METRICS,
    Level,
    Line,
    accident_of,
    by_tenant,
    counts_of,
    counts_of_tenant,
    line_of,
    log,
    metrics,
    say,
    say_of,
    say_refused,
)

__all__ = ["METRICS", "by_tenant", "log", "metrics", "report"]

EVENTS: Final = {"export": "exported", "documents": "exported", "health": "healthy", "preflight": "preflighted"}
LEVELS: Final[dict[str, Level]] = {
    "exported": "info",
    "refused": "warning",
    "failed": "error",
    "healthy": "debug",
    "preflighted": "debug",
}

CODINGS: Final = frozenset({"", "identity", "gzip", "x-gzip", "deflate", "zlib", "zstd", "br", "snappy", "lz4"})
"""What is named in the log; anything else may be anything."""

SIZES: Final = {"bytes_in": "BytesIn", "bytes_inflated": "BytesInflated"}


def report(said: Report) -> None:
    """Log one request and count it. Health checks and preflights are only heard at level DEBUG."""
    line, event = _line(said), _event(said)
    if said.kind not in COUNTED:
        say(event, LEVELS[event], line)
        return
    say(event, LEVELS[event], line, _counts(said, line))
    if said.principal.tenant:
        say_of(said.principal.tenant, {"Requests": 1, **counts_of_tenant(line)})
    if said.outcome:
        say_refused(said.outcome.parked)


def _event(said: Report) -> str:
    if said.status >= 500:
        return "failed"
    if said.status >= 400:
        return "refused"
    return EVENTS[said.kind]


def _line(said: Report) -> Line:
    line: Line = {"status": said.status, "duration_ms": round(said.duration_ms, 2)}
    if said.receipt.request_id:
        line["request_id"] = said.receipt.request_id
    if said.principal.tenant:
        line["tenant"] = said.principal.tenant
    if said.principal.key_id:
        line["key"] = said.principal.key_id
    if said.request:
        line |= _request(said.request, said.kind)
    if said.outcome:
        line |= line_of(said.outcome)
    if said.refusal:
        line["why"] = said.refusal
    if said.accident:
        line |= accident_of(said.accident)
    return line


def _request(request: Request, kind: str) -> Line:
    coding = request.content_encoding.strip().lower()
    named = (coding or "none") if coding in CODINGS else "other"
    return {
        "encoding": "documents" if kind == "documents" else request.encoding,
        "coding": "inflated upstream" if request.inflated_upstream else named,
        "bytes_in": len(request.body),
    }


def _counts(said: Report, line: Line) -> dict[str, float]:
    return {
        "Requests": 1,
        "RequestsRefused": 400 <= said.status < 500,
        "RequestsFailed": said.status >= 500,
        "KeyStoreFailed": said.key_store_failed,
        "Duration": line["duration_ms"],
        **counts_of(line),
        **counts_of(line, SIZES),
    }
