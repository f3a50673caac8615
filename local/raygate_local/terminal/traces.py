"""A list of traces as lines of text.

Takes   what GetTraceSummaries gives.
Gives   `row`: one trace, its columns cut to the width; `as_json`: the same for a program.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from rich.text import Text

from raygate_local.terminal.screen import Signs, cut, duration, plain
from raygate_local.terminal.waterfall import STYLES
from raygate_local.waterfall import Status

COLUMNS: Final = ("TRACE", "STARTED", "DURATION", "STATUS", "WHAT")
ID_WIDTH, TIME_WIDTH, DURATION_WIDTH, STATUS_WIDTH = 35, 8, 9, 8
FLAGS: Final[dict[str, Status]] = {"HasFault": "fault", "HasThrottle": "throttle", "HasError": "error"}
"""The worst first."""


def heading() -> str:
    """The names of the columns."""
    trace, started, took, status, what = COLUMNS
    return f"{trace:<{ID_WIDTH}}  {started:<{TIME_WIDTH}}  {took:>{DURATION_WIDTH}}  {status:<{STATUS_WIDTH}}  {what}"


def row(summary: Mapping[str, Any], width: int, signs: Signs) -> Text:
    """One trace."""
    told = as_json(summary)
    status: Status = told["status"]
    line = Text(f"{told['trace_id']:<{ID_WIDTH}}  {_clock(told['start_time']):<{TIME_WIDTH}}  ", no_wrap=True)
    line.append(f"{duration(told['duration']):>{DURATION_WIDTH}}  ")
    line.append(f"{status:<{STATUS_WIDTH}}", style=STYLES[status])
    line.append(f"  {cut(plain(_what(told)), max(1, width - line.cell_len - 2), signs.ellipsis)}")
    return line


def _what(told: Mapping[str, Any]) -> str:
    """What was asked for, then whose it is: on 80 columns there is room for a path only, and services are few."""
    path = urlsplit(str(told["http"].get("url", ""))).path
    return f"{path}  {told['name']}" if path.strip("/") else str(told["name"])


def as_json(summary: Mapping[str, Any]) -> dict[str, Any]:
    """Plain values."""
    http, entry = summary.get("Http") or {}, summary.get("EntryPoint") or {}
    started = summary.get("StartTime")
    trace_id = str(summary["Id"])
    return {
        "trace_id": trace_id,
        "name": entry.get("Name") or next((one.get("Name", "") for one in summary.get("ServiceIds") or ()), ""),
        "start_time": started.timestamp() if isinstance(started, datetime) else int(trace_id[2:10], 16),
        "duration": float(summary.get("Duration") or 0.0),
        "status": status_of(summary),
        "is_partial": bool(summary.get("IsPartial")),
        "http": {key: http[member] for key, member in HTTP.items() if http.get(member)},
    }


HTTP: Final = {"method": "HttpMethod", "url": "HttpURL", "status": "HttpStatus"}


def status_of(summary: Mapping[str, Any]) -> Status:
    """The worst thing in the trace."""
    return next((status for flag, status in FLAGS.items() if summary.get(flag)), "ok")


def _clock(seconds: float) -> str:
    return datetime.fromtimestamp(seconds).astimezone().strftime("%H:%M:%S")
