"""The local X-Ray as an ASGI application: the service's API and, for people, a page.

Takes   HTTP requests of this machine. A name that another site made to lead here is not ours, and another site's
        page may not send anything either: both are refused before anything is looked at.
Gives   `create`: POST is the API, GET the page.
"""

from typing import Final
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from raygate_local.xray import api, page
from raygate_local.xray.store import Store

OURS: Final = frozenset({"localhost", "127.0.0.1", "::1"})


def create(sample: str = "", store: Store | None = None) -> Starlette:
    """The application; `sample` is a command that sends a first trace, shown as long as there is none."""
    store = store or Store()
    routes = [*page.routes(store, sample), Route("/{operation:path}", api.endpoint(store), methods=["POST"])]
    return Starlette(routes=routes, middleware=[Middleware(OnlyThisMachine)], exception_handlers=page.ERRORS)


class OnlyThisMachine:
    """Lets pass what is meant for this machine and comes from it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on."""
        app = self.app
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            host, origin = headers.get("host", ""), headers.get("origin")
            if _name(f"//{host}") not in OURS:
                app = PlainTextResponse("Misdirected Request: the host must be localhost or 127.0.0.1\n", 421)
            elif origin is not None and urlsplit(origin).netloc != host:
                app = PlainTextResponse("Forbidden: another site's page may not send here\n", 403)
        await app(scope, receive, send)


def _name(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None
