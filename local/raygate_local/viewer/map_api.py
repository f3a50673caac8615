"""What the map asks: the services of a span of time or of one trace, who called whom, and how that went.

Takes   `GET /api/map?from=&to=&filter=`, times in seconds since 1970; or `?trace=`, an id in either form.
Gives   {"nodes", "edges", "start", "end", "traces", "version"}: as GetServiceGraph and GetTraceGraph count, with the
        filter expression that finds each node's and each edge's requests.
Raises  400 {"message", "column"} for a filter that cannot be read, 404 {"message"} for a trace that is not here.
Rules   The same services have the same keys whatever came since: the picture is laid out by keys.
"""

import threading
from collections.abc import Callable
from typing import Any, Final

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from raygate_local.viewer.judging import Judged
from raygate_local.viewer.list_api import ParameterError, asked_in
from raygate_local.viewer.listing import Asked
from raygate_local.viewer.map_model import picture
from raygate_local.xray.calls.graphs import resolver, trace_graph
from raygate_local.xray.filters import FilterError, parse
from raygate_local.xray.graph.service_graph import graph_of, services
from raygate_local.xray.store import Found, Store

Json = dict[str, Any]
SHOWN_ID: Final = 80
HEADERS: Final = {"x-content-type-options": "nosniff", "cache-control": "no-store"}


def routes(store: Store) -> list[Route]:
    """Upon that store."""
    maps = Maps(store)

    def answer(request: Request) -> Response:
        try:
            trace_id = request.query_params.get("trace", "").strip().lower()
            found = maps.of_trace(trace_id) if trace_id else maps.of_time(asked_in(request))
        except FilterError as error:
            return _json({"message": error.message, "column": error.column}, 400)
        except ParameterError as error:
            return _json({"message": str(error)}, 400)
        if found is None:
            return _json({"message": f"There is no trace {trace_id[:SHOWN_ID]} here."}, 404)
        return _json(found)

    return [Route("/api/map", answer, methods=["GET"])]


class Maps:
    """The maps of one store. What a trace shows is looked up once, until it changes."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._sightings = Judged(lambda one: one.graph)
        self._filter: tuple[str, Callable[[list[Found]], list[bool]]] = ("", lambda found: [True] * len(found))

    def of_time(self, asked: Asked) -> Json:
        """Of the traces that begin then, and that the filter asks for."""
        with self._lock:
            version = self._store.version
            found = self._store.find(asked.from_s, asked.to_s)
            found = [one for one, is_in in zip(found, self._judge(asked.filter)(found), strict=True) if is_in]
            graph = graph_of(self._sightings.all(found), resolver(self._store))
        span = (min((one.start_s for one in found), default=0.0), max((one.end_s for one in found), default=0.0))
        return picture(services(graph), span) | {"traces": len(found), "version": version}

    def of_trace(self, trace_id: str) -> Json | None:
        """Of one trace; None when it is not here."""
        version, trace = self._store.version, self._store.trace(trace_id)
        if trace is None:
            return None
        made = picture(trace_graph(self._store, [trace.trace_id]), (trace.start_s, trace.end_s))
        return made | {"traces": 1, "version": version, "trace": trace.trace_id}

    def _judge(self, text: str) -> Callable[[list[Found]], list[bool]]:
        wanted = parse(text)
        if self._filter[0] != str(wanted):
            self._filter = (str(wanted), Judged(lambda one: wanted.finds(one.kept_facts)).all)
        return self._filter[1]


def _json(content: Json, status: int = 200) -> Response:
    return Response(orjson.dumps(content), status, HEADERS, "application/json")
