"""What stands on the page, as HTML.

Takes   traces and documents.
Gives   `Markup`; every value is escaped by its `format`.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from markupsafe import Markup

from raygate_local.xray.rules import Document
from raygate_local.xray.store import Trace, end_of, entry_of, is_in_progress, start_of
from raygate_local.xray.summary import has, http_of
from raygate_local.xray.tree import Row

FLAGS: Final = ("fault", "error", "throttle")
DEEPEST: Final = 12
"""Deeper documents are not moved further to the right."""

PAGE: Final = Markup("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="/icon.svg">
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header><a href="/">Raygate</a> <span>local X-Ray</span></header>
<main>
{content}
</main>
</body>
</html>
""")

WELCOME: Final = Markup("""<h1>No traces yet</h1>
<p>Send one to the endpoint, then reload this page{how}</p>
{sample}""")

TRACES: Final = Markup("""<h1>Traces <small>{count}</small></h1>
<div class="wide"><table>
<thead><tr><th>Trace</th><th>Service</th><th>Operation</th><th>Start (UTC)</th>\
<th class="number">Duration</th><th class="number">Documents</th><th>State</th></tr></thead>
<tbody>
{rows}
</tbody>
</table></div>
{pages}""")

TRACE_ROW: Final = Markup("""<tr><td class="trace"><a class="id" href="/traces/{id}">{id}</a></td>\
<td class="text service">{service}</td><td class="text operation">{operation}</td>\
<td class="time">{start}</td><td class="number duration">{duration}</td>\
<td class="number documents">{documents}</td><td class="flags">{flags}</td></tr>""")

TRACE: Final = Markup("""<p class="back"><a href="/">All traces</a></p>
<h1>{service} <span>{operation}</span> {flags}</h1>
<dl>
<div><dt>Trace</dt><dd class="id">{id}</dd></div>
<div><dt>W3C trace id</dt><dd class="id">{w3c}</dd></div>
<div><dt>Start (UTC)</dt><dd>{start}</dd></div>
<div><dt>Duration</dt><dd>{duration}</dd></div>
<div><dt>Documents</dt><dd>{documents}</dd></div>
</dl>
<div class="tree">
{rows}
</div>
{pages}""")

DOCUMENT: Final = Markup("""<details><summary class="depth-{depth}"><span class="name">{name} {operation}</span>\
<span class="flags">{flags}</span><span class="number">{duration}</span>\
<svg class="bar{state}" aria-hidden="true"><rect x="{x:.3f}%" width="{width:.3f}%" height="100%" rx="2"/></svg>\
</summary><pre>{text}</pre></details>""")

FLAG: Final = Markup('<b class="{flag}">{flag}</b>')
NOTE: Final = Markup("<i>{text}</i>")
SAMPLE: Final = Markup("<pre><code>{command}</code></pre>")
MESSAGE: Final = Markup('<h1>{title}</h1>\n<p>{text}</p>\n<p><a href="/">All traces</a></p>')
PAGES: Final = Markup("<nav>{newer} <span>page {page} of {last}</span> {older}</nav>")
TO_PAGE: Final = Markup('<a href="?page={page}">{text}</a>')


def whole(title: str, content: Markup) -> str:
    """A whole page."""
    return PAGE.format(title=f"{title} · Raygate", content=content)


def welcome(sample: str) -> Markup:
    """The first screen, when nothing has arrived."""
    return WELCOME.format(how=":" if sample else ".", sample=SAMPLE.format(command=sample) if sample else "")


def message(title: str, text: str) -> Markup:
    """Something to say, and the way back."""
    return MESSAGE.format(title=title, text=text)


def traces(shown: Sequence[Trace], count: int, pages: Markup) -> Markup:
    """The list."""
    return TRACES.format(count=count, rows=Markup("\n").join(map(_trace_row, shown)), pages=pages)


def trace(one: Trace, shown: Sequence[Row], count: int, pages: Markup) -> Markup:
    """A trace with its documents."""
    entry = entry_of(one)
    return TRACE.format(
        id=one.trace_id,
        w3c=one.trace_id.replace("-", "")[1:],
        service=entry["name"],
        operation=operation(entry),
        flags=_flags([flag for flag in FLAGS if has(one, flag)]),
        start=moment(one.start_s),
        duration=span_of_time(one.end_s - one.start_s),
        documents=count,
        rows=Markup("\n").join(_document(row, one) for row in shown),
        pages=pages,
    )


def pages(page: int, last: int) -> Markup:
    """Where to go from a page of several."""
    if last == 1:
        return Markup()
    newer = TO_PAGE.format(page=page - 1, text="← Previous") if page > 1 else ""
    older = TO_PAGE.format(page=page + 1, text="Next →") if page < last else ""
    return PAGES.format(newer=newer, page=page, last=last, older=older)


def operation(document: Document) -> str:
    """What was asked: method and path, else what the document says about itself."""
    http = http_of(document)
    path = "/" + http.get("HttpURL", "").partition("://")[2].partition("/")[2].partition("?")[0]
    asked = f"{http['HttpMethod']} {path if 'HttpURL' in http else ''}" if "HttpMethod" in http else ""
    called = (document.get("aws") or {}).get("operation")
    return asked.strip() or (called if isinstance(called, str) else "")


def moment(seconds: float) -> str:
    """A time, to the millisecond."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(" ", "milliseconds").removesuffix("+00:00")


def span_of_time(seconds: float) -> str:
    """In a unit that can be read."""
    if seconds >= 1:
        return f"{seconds:,.2f} s"
    return f"{seconds * 1e3:.1f} ms" if seconds >= 1e-3 else f"{max(0.0, seconds) * 1e6:.0f} µs"


def _trace_row(one: Trace) -> Markup:
    entry = entry_of(one)
    return TRACE_ROW.format(
        id=one.trace_id,
        service=entry["name"],
        operation=operation(entry),
        start=moment(one.start_s),
        duration=span_of_time(one.end_s - one.start_s),
        documents=len(one.stored),
        flags=_flags([flag for flag in FLAGS if has(one, flag)]),
    )


def _document(row: Row, one: Trace) -> Markup:
    document, whole_s = row.document, max(one.end_s - one.start_s, 1e-9)
    flags = [flag for flag in FLAGS if document.get(flag) is True]
    width = min(100.0, max(0.4, (end_of(document) - start_of(document)) / whole_s * 100))
    x = (start_of(document) - one.start_s) / whole_s * 100
    return DOCUMENT.format(
        depth=min(row.depth, DEEPEST),
        name=document["name"],
        operation=NOTE.format(text=f"{operation(document)}{' (its parent is not here)' if row.is_orphan else ''}"),
        flags=_flags(flags),
        duration="in progress" if is_in_progress(document) else span_of_time(end_of(document) - start_of(document)),
        state=f" {flags[0]}" if flags else "",
        x=min(x, 100 - width),
        width=width,
        text=json.dumps(document, indent=2, ensure_ascii=False),
    )


def _flags(flags: Sequence[str]) -> Markup:
    return Markup(" ").join(FLAG.format(flag=flag) for flag in flags)
