"""X-Ray's API over HTTP, as its SDKs speak it: REST-JSON.

Takes   POST requests, their path naming the operation.
Gives   the operation's result, or an error in the service's form: name in `x-amzn-errortype`, `Message` in the body.
Source  X-Ray API reference; the Smithy specification of `restJson1`.
"""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeAlias

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from raygate_local.xray import operations
from raygate_local.xray.calls.documents import MOST_DOCUMENTS
from raygate_local.xray.errors import InvalidRequestError, OperationError, ThrottledError
from raygate_local.xray.faults import Faults
from raygate_local.xray.preparing import Preparing
from raygate_local.xray.store import Store

Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]

PUT: Final = "/TraceSegments"
DOCUMENTS: Final = "TraceSegmentDocuments"
UNPROCESSED: Final = "UnprocessedTraceSegments"


def endpoint(store: Store, faults: Faults) -> Endpoint:
    """All operations, upon that store."""
    preparing = Preparing(store)

    async def answer(request: Request) -> Response:
        path, body = request.url.path, await request.body()
        try:
            await _go_wrong(faults, operations.name_of(path))
            content = await run_in_threadpool(_call, store, faults, path, body)
            if path == PUT:
                preparing.soon()
            return _respond(200, content)
        except OperationError as error:
            return _refuse(error)

    return answer


def control(faults: Faults) -> Endpoint:
    """To switch faults on and off."""

    async def answer(request: Request) -> Response:
        try:
            if request.method == "POST":
                faults.switch(_json(await request.body()))
            return _respond(200, orjson.dumps(faults.as_json()))
        except OperationError as error:
            return _refuse(error)

    return answer


def _call(store: Store, faults: Faults, path: str, body: bytes) -> bytes:
    parameters = operations.checked(path, _json(body))
    texts = parameters.get(DOCUMENTS) or []
    unprocessed = faults.unprocessed(texts) if len(texts) <= MOST_DOCUMENTS else {}
    if not unprocessed:
        return orjson.dumps(operations.OPERATIONS[path](store, parameters))
    kept = [text for place, text in enumerate(texts) if place not in unprocessed]
    answer = operations.OPERATIONS[path](store, {DOCUMENTS: kept})
    return orjson.dumps({UNPROCESSED: [*answer[UNPROCESSED], *unprocessed.values()]})


async def _go_wrong(faults: Faults, operation: str) -> None:
    for fault in faults.of_call(operation):
        if fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        elif fault.kind == "throttled":
            raise ThrottledError("Rate exceeded.")
        else:
            raise OperationError("An internal failure that was switched on.")


def _json(body: bytes) -> Any:
    try:
        return orjson.loads(body or b"{}")  # SDKs send nothing where there is nothing to say
    except ValueError as error:
        raise InvalidRequestError(f"The body is not JSON: {error}.") from error


def _refuse(error: OperationError) -> Response:
    return _respond(error.status, orjson.dumps({"Message": str(error)}), {"x-amzn-errortype": error.name})


def _respond(status: int, content: bytes, headers: dict[str, str] | None = None) -> Response:
    named = {"x-amzn-requestid": str(uuid.uuid4())} | (headers or {})
    return Response(content, status, named, media_type="application/json")
