"""The page: the traces that arrived, newest first, and each trace as a tree of its documents.

Takes   the store; nothing in it is trusted, since senders may put anything into a name.
Gives   HTML without scripts or anything from outside, and a policy that holds the browser to that.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from raygate_local.xray import views
from raygate_local.xray.store import Store, Trace
from raygate_local.xray.tree import rows

T = TypeVar("T")

HEADERS: Final = {
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}
FILES: Final = ("style.css", "icon.svg")
ON_A_PAGE: Final = {"traces": 100, "documents": 500}


def routes(store: Store, sample: str) -> list[Route]:
    """Everything that is there to be looked at."""

    async def traces(request: Request) -> Response:
        if not store.traces:
            return _page("Traces", views.welcome(sample))
        newest = sorted(store.traces.values(), key=lambda trace: (trace.start_s, trace.trace_id), reverse=True)
        shown, pages = _cut(request, newest, ON_A_PAGE["traces"])
        return _page("Traces", views.traces(shown, len(newest), pages))

    async def trace(request: Request) -> Response:
        asked = request.path_params["trace_id"]
        found = _find(store.traces, asked)
        if not found:
            text = f"There is no trace {asked[:100]} here. It may not have arrived, or came before the last start."
            raise HTTPException(404, text)
        documents = list(rows(found))
        shown, pages = _cut(request, documents, ON_A_PAGE["documents"])
        return _page(f"Trace {found.trace_id}", views.trace(found, shown, len(documents), pages))

    files = [Route(f"/{name}", _file(name)) for name in FILES]
    return [Route("/", traces), Route("/traces/{trace_id}", trace), *files]


async def _error(_: Request, error: Exception) -> Response:
    status, text = (error.status_code, error.detail) if isinstance(error, HTTPException) else (500, "")
    return _page("Not found", views.message("Not found" if status == 404 else f"Refused ({status})", text), status)


ERRORS: Final[Mapping[Any, Any]] = {HTTPException: _error}


def _find(traces: Mapping[str, Trace], asked: str) -> Trace | None:
    """By X-Ray's identifier or by W3C's 32 digits."""
    return traces.get(asked) or traces.get(f"1-{asked[:8]}-{asked[8:]}".lower())


def _cut(request: Request, everything: Sequence[T], size: int) -> tuple[Sequence[T], Markup]:
    """The part that is asked for, and links to the other parts."""
    last = max(1, -(-len(everything) // size))
    asked = request.query_params.get("page", "1")
    page = min(last, max(1, int(asked))) if asked.isdecimal() and len(asked) < 10 else 1
    return everything[(page - 1) * size : page * size], views.pages(page, last)


def _page(title: str, content: Markup, status: int = 200) -> Response:
    return HTMLResponse(views.whole(title, content), status, HEADERS)


def _file(name: str) -> Callable[[Request], Response]:
    def send(_: Request) -> Response:
        return FileResponse(Path(__file__).with_name(name), headers={"x-content-type-options": "nosniff"})

    return send
