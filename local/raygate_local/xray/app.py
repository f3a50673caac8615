"""The local X-Ray as an ASGI application: the service's API, and what is mounted beside it.

Takes   HTTP requests of this machine. A name that another site made to lead here is not ours, and another site's
        page may not send anything either: both are refused before anything is looked at.
Gives   `create`: POST is the API; other `routes`, such as a page, are given; `/local/faults` is neither: `faults.py`.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from raygate_local.xray import api
from raygate_local.xray.faults import Faults
from raygate_local.xray.store import Store

OURS: Final = frozenset({"localhost", "127.0.0.1", "::1"})


def create(store: Store, routes: Sequence[BaseRoute] = (), errors: Mapping[Any, Any] | None = None) -> Starlette:
    """The application; `routes` come before the API, `errors` say how else to answer where nothing is."""
    faults = Faults()
    own = [
        Route("/local/faults", api.control(faults), methods=["GET", "POST"]),
        Route("/{operation:path}", api.endpoint(store, faults), methods=["POST"]),
    ]
    return Starlette(routes=[*routes, *own], middleware=[Middleware(OnlyThisMachine)], exception_handlers=errors or {})


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
