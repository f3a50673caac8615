"""The status page, where the collector has its zPages: port 55679.

Takes   a `Status`, and more members for the settings that are known elsewhere, such as the addresses.
Gives   an ASGI application: `/` for people, `/status.json` for programs. Nothing is loaded from anywhere.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import orjson
from markupsafe import Markup, escape
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from raygate_local.status.counts import Status

HEADERS: Final = {
    "content-security-policy": "default-src 'none'; style-src 'self'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}
STYLE: Final = """\
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.05rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid #8884; vertical-align: top; }
td.number { text-align: right; font-variant-numeric: tabular-nums; width: 8rem; }
td.time { white-space: nowrap; font-variant-numeric: tabular-nums; width: 12rem; }
code, td.line { font-family: ui-monospace, monospace; font-size: .9em; overflow-wrap: anywhere; }
"""


def create(status: Status, places: Mapping[str, str]) -> Starlette:
    """The application; `places` are names and addresses of what this process listens on and delivers to."""

    def page(_: Request) -> Response:
        return HTMLResponse(_page(status.as_json(), places), headers=HEADERS)

    def data(_: Request) -> Response:
        body = orjson.dumps(status.as_json() | {"places": dict(places)})
        return Response(body, media_type="application/json", headers=HEADERS)

    def style(_: Request) -> Response:
        return Response(STYLE, media_type="text/css", headers=HEADERS)

    return Starlette(routes=[Route("/", page), Route("/status.json", data), Route("/style.css", style)])


def _page(told: dict[str, Any], places: Mapping[str, str]) -> str:
    parts = [
        Markup("<!doctype html><html lang=en><meta charset=utf-8><title>Raygate: status</title>"),
        Markup(
            '<meta name=viewport content="width=device-width"><link rel=stylesheet href=/style.css><h1>Raygate</h1>'
        ),
        Markup("<p>Up since {} UTC.").format(_time(told["started"])),
        _table("Places", places.items(), "line"),
        _table("Spans since the start", told["spans"].items(), "number"),
        _table("Requests by status", sorted(told["requests"].items()), "number"),
        _table("Kept, then", sorted(told["later"].items()), "number"),
        _table("X-Ray daemon's port", told["daemon"].items(), "number"),
        _table("Last traces", [(_time(one["at"]), one["line"]) for one in told["traces"]], "line"),
        _table("Last errors", [(_time(one["at"]), f"{one['status']}: {one['why']}") for one in told["errors"]], "line"),
        _table("Settings", told["settings"].items(), "line"),
    ]
    return str(Markup("\n").join(parts))


def _table(title: str, rows: Any, kind: str) -> Markup:
    cells = Markup("").join(_rows(rows, kind)) or Markup("<tr><td>nothing yet")
    return Markup("<h2>{}</h2><table>{}</table>").format(title, cells)


def _rows(rows: Any, kind: str) -> Iterator[Markup]:
    for name, value in rows:
        shown = ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else value
        yield Markup("<tr><td class=time>{}<td class={}>{}").format(name, kind, escape("" if shown is None else shown))


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")
