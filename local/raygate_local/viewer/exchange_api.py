"""Files in, files out.

Takes   `POST /api/import?name=`, a file as the body; `GET /api/traces/{id}/export/{form}`, `…/export`.
Gives   what became of the file, with a sentence; a file to be saved; which forms there are, and how many spans of the
        trace are kept as they were sent.
Raises  404 {"message"} for a trace or a form that is not here, 409 where a form has nothing to say, 413 for a file that
        is too large.
"""

from typing import Final

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from raygate.settings import Settings
from raygate_local.viewer.exporting import FORMS, NothingError, Source
from raygate_local.viewer.importing import import_file
from raygate_local.viewer.trace_api import Kept
from raygate_local.xray.store import Store

HEADERS: Final = {"x-content-type-options": "nosniff", "cache-control": "no-store"}
MOST_BYTES: Final = 256 * 1024 * 1024
SHOWN: Final = 200


def routes(store: Store, sources: Kept, settings: Settings) -> list[Route]:
    """Upon that store."""

    async def take(request: Request) -> Response:
        data = bytearray()
        async for piece in request.stream():
            data += piece
            if len(data) > MOST_BYTES:
                return _json({"message": f"A file of more than {MOST_BYTES // 2**20} MB is not taken."}, 413)
        name = request.query_params.get("name", "")[:SHOWN]
        done = await run_in_threadpool(import_file, name, bytes(data), store, settings, sources.record)
        return _json(done.as_json())

    def forms(request: Request) -> Response:
        trace = store.trace(request.path_params["trace_id"].strip().lower())
        if trace is None:
            return _not_here(request)
        spans = sum(1 for _ in sources.spans(trace.trace_id))
        return _json({"id": trace.trace_id, "documents": len(trace.stored), "spans": spans, "forms": list(FORMS)})

    def give(request: Request) -> Response:
        trace = store.trace(request.path_params["trace_id"].strip().lower())
        form = FORMS.get(request.path_params["form"])
        if trace is None or form is None:
            return _not_here(request)
        spans = list(sources.spans(trace.trace_id)) if request.path_params["form"] == "otlp" else []
        try:
            content = form.make(Source(trace, spans))
        except NothingError as error:
            return _json({"message": str(error)}, 409)
        kept = f'attachment; filename="{trace.trace_id}.{form.extension}"'
        return Response(content, 200, HEADERS | {"content-disposition": kept}, form.content_type)

    return [
        Route("/api/import", take, methods=["POST"]),
        Route("/api/traces/{trace_id}/export", forms, methods=["GET"]),
        Route("/api/traces/{trace_id}/export/{form}", give, methods=["GET"]),
    ]


def _not_here(request: Request) -> Response:
    form = request.path_params.get("form")
    if form and form not in FORMS:
        return _json({"message": f"There is no form {form[:SHOWN]!r}: it is one of {', '.join(FORMS)}."}, 404)
    return _json({"message": f"There is no trace {request.path_params['trace_id'][:SHOWN]} here."}, 404)


def _json(content: object, status: int = 200) -> Response:
    return Response(orjson.dumps(content), status, HEADERS, "application/json")
