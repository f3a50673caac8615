"""A trace's waterfall as lines of text.

Takes   a `Waterfall`, a width, the signs to draw with; whether equal siblings are folded.
Gives   a line for each row: tree and name, the bar where it was running, how long. The colour says what became of it,
        and so does the sign behind the duration, for who sees no colour.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from rich.text import Text

from raygate_local.terminal.screen import Signs, cut, duration, plain
from raygate_local.waterfall import Row, Status, Waterfall
from raygate_local.waterfall.row import NO_ROW

NAME_SHARE: Final = 0.45
DURATION_WIDTH: Final = 9
MARK_WIDTH: Final = 2

STYLES: Final[dict[Status, str]] = {"ok": "green", "error": "yellow", "throttle": "magenta", "fault": "red"}
MARKS: Final[dict[Status, str]] = {"ok": " ", "error": "!", "throttle": "~", "fault": "x"}


def lines(trace: Waterfall, width: int, signs: Signs, *, is_folded: bool = True) -> Iterator[Text]:
    """From the top."""
    name_width = int(width * NAME_SHARE)
    bar_width = width - name_width - DURATION_WIDTH - MARK_WIDTH - 2
    hidden = _hidden(trace) if is_folded else frozenset()
    counts = {fold.rows[0]: len(fold.rows) for fold in trace.folds} if is_folded else {}
    sums = {fold.rows[0]: fold.sum_s for fold in trace.folds}
    stems = _stems(trace.rows, hidden, signs)
    for number, row in enumerate(trace.rows):
        if number in hidden:
            continue
        seconds = sums[number] if number in counts else row.duration_s
        told = f" x{counts[number]}" if number in counts else ""
        name = cut(stems[number] + _title(row), name_width - len(told), signs.ellipsis) + told
        mark = signs.ellipsis if row.in_progress else MARKS[row.status]
        line = Text(f"{name:<{name_width}} ", no_wrap=True)
        line.append(_bar(row, trace, bar_width, signs), style=STYLES[row.status])
        line.append(f" {duration(seconds):>{DURATION_WIDTH}} {mark}".rstrip(), style=_style(row))
        yield line


def failures(trace: Waterfall) -> Iterator[str]:
    """What went wrong where it went wrong: one line for each failure that is not another's."""
    for row in trace.rows:
        if row.status == "ok" or row.is_inherited:
            continue
        cause = row.document.get("cause")
        exceptions = cause.get("exceptions") if isinstance(cause, dict) else None
        told = [_exception(one) for one in exceptions or () if isinstance(one, dict)]
        why = "; ".join(filter(None, told)) or _status_code(row) or "it does not say why"
        yield f"{row.status}: {_title(row)}: {why}"


def _exception(exception: dict[str, object]) -> str:
    return plain(": ".join(str(part) for part in (exception.get("type"), exception.get("message")) if part))


def _status_code(row: Row) -> str:
    http = row.document.get("http")
    response = http.get("response") if isinstance(http, dict) else None
    status = response.get("status") if isinstance(response, dict) else None
    return f"status {status}" if status else ""


def _title(row: Row) -> str:
    if row.kind == "missing":
        return f"({row.id} has not come)"
    return plain(f"{row.name}  {row.operation}" if row.operation and row.operation != row.name else row.name)


def _style(row: Row) -> str:
    return STYLES[row.status] if row.status != "ok" and not row.is_inherited else ""


def _bar(row: Row, trace: Waterfall, width: int, signs: Signs) -> str:
    scale = width / trace.duration_s if trace.duration_s else 0.0
    before = min(width - 1, int((row.start_s - trace.start_s) * scale))
    length = max(1, min(width - before, round(row.duration_s * scale)))
    return " " * before + (signs.gap if row.kind == "missing" else signs.bar) * length + " " * (width - before - length)


def _hidden(trace: Waterfall) -> frozenset[int]:
    """Equal siblings but the first, with all that is below them."""
    hidden: set[int] = set()
    for number, row in enumerate(trace.rows):
        if row.fold not in {NO_ROW, number} or row.parent in hidden:
            hidden.add(number)
    return frozenset(hidden)


def _stems(rows: Sequence[Row], hidden: frozenset[int], signs: Signs) -> dict[int, str]:
    """What is drawn before each name, so that one sees whose child it is."""
    last = {row.parent: number for number, row in enumerate(rows) if number not in hidden}
    below: dict[int, str] = {NO_ROW: ""}
    stems: dict[int, str] = {}
    for number, row in enumerate(rows):
        if number in hidden:
            continue
        is_last = last[row.parent] == number
        is_top = row.parent == NO_ROW
        stems[number] = "" if is_top else below[row.parent] + (signs.last if is_last else signs.middle)
        below[number] = "" if is_top else below[row.parent] + ("  " if is_last else signs.line)
    return stems
