"""A trace as a file: OTLP, X-Ray's JSON, CSV, Markdown, one HTML page.

Takes   the trace, the spans that are kept of it.
Gives   `FORMS`: by name, the form's file extension, content type and how it is made. `export`: the file.
Raises  `NothingError`, one sentence, when no span of the trace is kept and OTLP is asked for.
Rules   What X-Ray has is exported as it lies there, byte for byte. A cell that a spreadsheet would calculate has an
        apostrophe before it. Nothing in the files is ever fetched from anywhere.
Source  X-Ray API reference, BatchGetTraces; opentelemetry-proto, trace/v1/trace.proto.
"""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

import orjson

from raygate.span import Span
from raygate_local.terminal.screen import UNICODE, duration
from raygate_local.terminal.waterfall import failures, lines
from raygate_local.viewer import otlp
from raygate_local.viewer.offline import offline
from raygate_local.waterfall import Row, waterfall
from raygate_local.waterfall.row import NO_ROW
from raygate_local.xray.store import Trace, entry_of

CALCULATED: Final = ("=", "+", "-", "@", "\t", "\r")
CHAT_WIDTH: Final = 100
MOST_CHAT_ROWS: Final = 200
COLUMNS: Final = (
    "trace_id", "id", "parent_id", "depth", "kind", "service", "name", "operation", "origin", "namespace", "status",
    "is_inherited", "start", "duration_ms", "self_ms", "http_method", "http_url", "http_status",
)  # fmt: skip


class NothingError(Exception):
    """There is nothing to export in this form. The message says why."""


class Source(NamedTuple):
    """What is to be exported."""

    trace: Trace
    spans: Sequence[Span]
    """Those that are kept of it, as they were sent."""


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of file."""

    extension: str
    content_type: str
    make: Callable[[Source], bytes]


def as_xray(source: Source) -> bytes:
    """As BatchGetTraces answers, and the AWS CLI prints."""
    trace = source.trace
    segments = [{"Id": one.document["id"], "Document": one.text} for one in trace.stored.values()]
    length = round(max(0.0, trace.end_s - trace.start_s), 3)
    one = {"Id": trace.trace_id, "Duration": length, "LimitExceeded": False, "Segments": segments}
    return orjson.dumps({"Traces": [one], "UnprocessedTraceIds": []}, option=orjson.OPT_INDENT_2)


def as_otlp(source: Source) -> bytes:
    """An export request with the spans, without what redaction took out of them."""
    if not source.spans:
        raise NothingError(
            "No span of this trace is kept as it was sent, since its documents came as documents: export X-Ray JSON."
        )
    return orjson.dumps(otlp.request_of(source.spans), option=orjson.OPT_INDENT_2)


def as_csv(source: Source) -> bytes:
    """A line for each row of the waterfall."""
    written = io.StringIO(newline="")
    table = csv.writer(written)
    table.writerow(COLUMNS)
    rows = waterfall(source.trace.documents).rows
    table.writerows([_cell(one) for one in _cells(row, rows, source.trace.trace_id)] for row in rows)
    return written.getvalue().encode("utf-8-sig")


def as_markdown(source: Source) -> bytes:
    """What one pastes into a chat: what failed, and the waterfall."""
    trace, shown = source.trace, waterfall(source.trace.documents)
    entry = next(row for row in shown.rows if row.id == entry_of(trace)["id"])
    started = datetime.fromtimestamp(shown.start_s, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    drawn = [line.plain.rstrip() for line in lines(shown, CHAT_WIDTH, UNICODE)]
    left_out = [f"… and {len(drawn) - MOST_CHAT_ROWS:,} more rows"] if len(drawn) > MOST_CHAT_ROWS else []
    facts = [
        f"trace    {trace.trace_id}",
        f"request  {_one_line(f'{entry.name} {entry.operation}')}",
        f"status   {entry.status}, {duration(shown.duration_s).strip()}, {started}",
        *(f"remark   {one}" for one in shown.remarks()),
        *(f"failed   {_one_line(one)}" for one in failures(shown)),
    ]
    text = "\n".join([*facts, "", *drawn[:MOST_CHAT_ROWS], *left_out])
    fence = "`" * max(3, _longest_run(text, "`") + 1)
    return f"**Trace {trace.trace_id}**\n\n{fence}text\n{text}\n{fence}\n".encode("utf-8", "replace")


def as_html(source: Source) -> bytes:
    """One page that needs nothing else."""
    return offline(source.trace)


FORMS: Final[Mapping[str, Form]] = {
    "otlp": Form("otlp.json", "application/json", as_otlp),
    "xray": Form("xray.json", "application/json", as_xray),
    "csv": Form("csv", "text/csv; charset=utf-8", as_csv),
    "markdown": Form("md", "text/markdown; charset=utf-8", as_markdown),
    "html": Form("html", "text/html; charset=utf-8", as_html),
}


def _cells(row: Row, rows: Sequence[Row], trace_id: str) -> list[Any]:
    http = _block(row.document, "http")
    request, response = _block(http, "request"), _block(http, "response")
    started = datetime.fromtimestamp(row.start_s, UTC).isoformat(timespec="microseconds")
    return [
        trace_id, row.id, rows[row.parent].id if row.parent != NO_ROW else row.parent_id, row.depth, row.kind,
        row.service, row.name, row.operation, row.origin, row.namespace, row.status, row.is_inherited, started,
        round(row.duration_s * 1000, 4), round(row.self_s * 1000, 4), request.get("method", ""),
        request.get("url", ""), response.get("status", ""),
    ]  # fmt: skip


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(CALCULATED) else value


def _block(document: Mapping[str, Any], member: str) -> Mapping[str, Any]:
    value = document.get(member)
    return value if isinstance(value, Mapping) else {}


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _longest_run(text: str, sign: str) -> int:
    longest = run = 0
    for one in text:
        run = run + 1 if one == sign else 0
        longest = max(longest, run)
    return longest
