"""Everything of the viewer that a browser may ask for, on the local X-Ray's own port.

Takes   the store; how a first trace is sent; what the endpoint kept of the requests; the settings that it converts by.
Gives   `routes`, to be mounted before the service's API; `ERRORS`, what a browser sees where nothing is.
Note    Without the libraries of the page it says how to get them, and the API works all the same.
"""

from collections.abc import Mapping
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from raygate.settings import Settings
from raygate_local.viewer import (
    assets,
    compare_api,
    exchange_api,
    libraries,
    list_api,
    map_api,
    raw,
    refused_api,
    shell,
    trace_api,
)
from raygate_local.viewer.desk import Desk
from raygate_local.viewer.first import First
from raygate_local.viewer.live import Live
from raygate_local.xray.store import Store

PAGES: Final = (
    *("/", "/traces", "/traces/{trace_id}", "/map", "/compare/{before}", "/compare/{before}/{after}", "/refused"),
    *("/xray/home", "/cloudwatch/home"),
)
NO_ENDPOINT: Final = First()


def routes(
    store: Store,
    first: First = NO_ENDPOINT,
    live: Live | None = None,
    sources: trace_api.Kept | None = None,
    settings: Settings | None = None,
) -> list[BaseRoute]:
    """Pages, files, API; whoever gives `live` can close it."""
    used, kept = settings or Settings(), sources or trace_api.NoSources()
    show = _advice if libraries.missing() else shell.page
    return [
        *(Route(path, show, methods=["GET"]) for path in PAGES),
        Route("/traces/{trace_id}/raw", raw.endpoint(store), methods=["GET"]),
        Route("/viewer/{version}/{path:path}", assets.response, methods=["GET"]),
        Route("/api/live", live or Live(store), methods=["GET"]),
        *list_api.routes(store, first),
        *trace_api.routes(store, kept, used),
        *map_api.routes(store),
        *compare_api.routes(store),
        *refused_api.routes(store, Desk(used, sources=kept)),
        *exchange_api.routes(store, kept, used),
    ]


async def _advice(_: Request) -> Response:
    return PlainTextResponse(f"{libraries.ADVICE} The API of X-Ray works all the same.\n", 503)


async def _error(request: Request, error: Exception) -> Response:
    """To a browser that wants a page, the page; to everything else, JSON."""
    status, text = (error.status_code, error.detail) if isinstance(error, HTTPException) else (500, "")
    if status == 405 and request.method in {"GET", "HEAD"}:  # the API takes any path, and only POST
        status, text = 404, "Not Found"
    if "text/html" in request.headers.get("accept", "") and not libraries.missing():
        return shell.shell(status)
    return JSONResponse({"message": text}, status)


ERRORS: Final[Mapping[Any, Any]] = {HTTPException: _error}
