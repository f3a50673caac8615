"""What the list asks for, as JSON.

Takes   `filter`, `from`, `to` (seconds since 1970), `limit`, `after` or `since`; each with a default.
Gives   /api/traces, /api/histogram, /api/complete, /api/counts, /api/first, and to be posted: /api/sample, /api/clear.
Raises  400 {"message", "column"} for a filter that cannot be read; the column counts from 0. 400 {"message"} for a
        parameter that is not what it should be.
"""

import json
import math
from collections.abc import Awaitable, Callable
from typing import Any, Final

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from raygate_local.sending.post import SendError
from raygate_local.viewer.first import First
from raygate_local.viewer.listing import LAST_S, Asked, Listing, Place
from raygate_local.viewer.live import counts
from raygate_local.viewer.words import Words
from raygate_local.xray.filters import FilterError
from raygate_local.xray.store import Store

Answer = Callable[[Request], Awaitable[Response]]
HEADERS: Final = {"x-content-type-options": "nosniff", "cache-control": "no-store"}
MOST_ROWS: Final = 1000
MOST_STEPS: Final = 400


class ParameterError(ValueError):
    """A parameter is not what it should be."""


def routes(store: Store, first: First) -> list[Route]:
    """All of them, upon that store."""
    listing, words = Listing(store), Words(store)

    def traces(request: Request) -> Any:
        asked = asked_in(request)
        if "since" in request.query_params:
            return listing.since(asked, _whole(request, "since", 0, 2**53))
        return listing.page(asked, _whole(request, "limit", 200, MOST_ROWS), _place(request))

    def over_time(request: Request) -> Any:
        return listing.over_time(asked_in(request), max(1, _whole(request, "steps", 60, MOST_STEPS)))

    def complete(request: Request) -> Any:
        text = request.query_params.get("text", "")
        return words.complete(text, _whole(request, "cursor", len(text), len(text)))

    def clear(_: Request) -> Any:
        store.clear()
        return counts(store)

    return [
        Route("/api/traces", _answer(traces), methods=["GET"]),
        Route("/api/histogram", _answer(over_time), methods=["GET"]),
        Route("/api/complete", _answer(complete), methods=["GET"]),
        Route("/api/counts", _answer(lambda _: counts(store)), methods=["GET"]),
        Route("/api/first", _answer(lambda _: {"command": first.command, "endpoint": first.endpoint}), methods=["GET"]),
        Route("/api/sample", _sample(first), methods=["POST"]),
        Route("/api/clear", _answer(clear), methods=["POST"]),
    ]


def _answer(give: Callable[[Request], Any]) -> Answer:
    async def answer(request: Request) -> Response:
        try:
            return _json(await run_in_threadpool(give, request))
        except FilterError as error:
            return _json({"message": error.message, "column": error.column}, 400)
        except ParameterError as error:
            return _json({"message": str(error)}, 400)

    return answer


def _sample(first: First) -> Answer:
    async def answer(_: Request) -> Response:
        if not first.endpoint:
            return _json({"message": "There is no endpoint beside this X-Ray to send to."}, 409)
        try:
            return _json(
                {"trace_id": await run_in_threadpool(first.send)}
            )  # it comes back to us, so this loop must go on
        except SendError as error:
            return _json({"message": str(error)}, 502)

    return answer


def _json(content: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(content), status, HEADERS, "application/json")


def asked_in(request: Request) -> Asked:
    """Filter and span of time, as the address of a page has them."""
    text = request.query_params.get("filter", "")
    return Asked(text, _seconds(request, "from", 0.0), _seconds(request, "to", LAST_S))


def _seconds(request: Request, name: str, otherwise: float) -> float:
    try:
        value = float(request.query_params.get(name, otherwise))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ParameterError(f"{name} must be a number of seconds since 1970.")
    return min(max(value, 0.0), LAST_S)


def _whole(request: Request, name: str, otherwise: int, most: int) -> int:
    text = request.query_params.get(name, str(otherwise))
    if not (text.isascii() and text.isdecimal() and len(text) < 17):
        raise ParameterError(f"{name} must be a whole number.")
    return min(int(text), most)


def _place(request: Request) -> Place | None:
    text = request.query_params.get("after")
    try:
        start_s, trace_id = json.loads(text) if text else (0.0, "")
        return (float(start_s), str(trace_id)) if text else None
    except (TypeError, ValueError) as error:
        raise ParameterError("after must be what `next` of the page before was.") from error
