"""`/traces/ID/raw`: a trace's documents as they are stored, the console's "Raw data".

Takes   X-Ray's identifier, or W3C's 32 digits.
Gives   JSON to be read by people: the trace as BatchGetTraces gives it, each document as an object instead of a text.
"""

from collections.abc import Awaitable, Callable

import orjson
from starlette.requests import Request
from starlette.responses import Response

from raygate_local.xray.store import Store


def endpoint(store: Store) -> Callable[[Request], Awaitable[Response]]:
    """Traces of that store."""

    async def answer(request: Request) -> Response:
        asked = request.path_params["trace_id"]
        trace = store.trace(asked.strip().lower())
        if trace is None:
            return _json({"message": f"There is no trace {asked[:100]} here."}, 404)
        documents = [{"Id": one.document["id"], "Document": one.document} for one in trace.stored.values()]
        duration = round(max(0.0, trace.end_s - trace.start_s), 6)
        return _json({"Id": trace.trace_id, "Duration": duration, "LimitExceeded": False, "Segments": documents})

    return answer


def _json(content: object, status: int = 200) -> Response:
    headers = {"x-content-type-options": "nosniff", "cache-control": "no-store"}
    return Response(orjson.dumps(content, option=orjson.OPT_INDENT_2), status, headers, "application/json")
