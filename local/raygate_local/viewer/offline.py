"""One HTML file of a trace: opens without a server, asks nobody for anything.

Takes   a trace.
Gives   the page: its data as JSON that no browser takes for markup, its one script and one style named by their hashes
        in a policy of its own that allows nothing else.
Rules   Whatever a sender wrote is only in the data; the script writes it as text.
"""

import base64
import hashlib
from pathlib import Path
from typing import Any, Final

import orjson

from raygate_local.viewer import marks
from raygate_local.viewer.trace_columns import columns
from raygate_local.waterfall import waterfall
from raygate_local.xray.store import Trace, entry_of

HERE: Final = Path(__file__).with_name("static") / "exchange"
ESCAPED: Final[dict[str, str | int | None]] = {
    "<": "\\u003c",
    ">": "\\u003e",
    "&": "\\u0026",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
}
"""What could end the script element, or a line of it; within JSON all of it is inside texts."""

PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src '{script_hash}'; \
style-src '{style_hash}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Trace</title>
<style>{style}</style>
</head>
<body>
<main id="trace"><noscript>This page needs JavaScript.</noscript></main>
<script type="application/json" id="data">{data}</script>
<script>{script}</script>
</body>
</html>
"""


def offline(trace: Trace) -> bytes:
    """The page."""
    script, style = ((HERE / name).read_text(encoding="utf-8") for name in ("offline.js", "offline.css"))
    page = PAGE.format(
        script=script, style=style, script_hash=_hash(script), style_hash=_hash(style), data=_escaped(_data(trace))
    )
    return page.encode("utf-8", "replace")


def _data(trace: Trace) -> dict[str, Any]:
    shown = waterfall(trace.documents)
    entry = entry_of(trace)["id"]
    root = next(row for row in shown.rows if row.id == entry)
    return {
        "id": trace.trace_id,
        "w3c": trace.trace_id.replace("-", "")[1:],
        "name": root.name,
        "operation": root.operation,
        "status": root.status,
        "start_s": shown.start_s,
        "duration_s": shown.duration_s,
        "remarks": shown.remarks(),
        "limits": [mark.text for mark in marks.of_trace(trace, trace.end_s) if mark.level != "ok"],
        "documents": [
            {member: value for member, value in row.document.items() if member != "subsegments"} for row in shown.rows
        ],
        **columns(shown),
    }


def _escaped(data: dict[str, Any]) -> str:
    text = orjson.dumps(data, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
    return text.translate(str.maketrans(ESCAPED))


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
