"""X-Ray's API over HTTP, as its SDKs speak it: REST-JSON.

Takes   POST requests, their path naming the operation.
Gives   the operation's result, or an error in the service's form: name in `x-amzn-errortype`, `Message` in the body.
Source  X-Ray API reference; the Smithy specification of `restJson1`.
"""

import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from raygate_local.xray import others
from raygate_local.xray.operations import OPERATIONS, InvalidRequestError
from raygate_local.xray.store import Store


def endpoint(store: Store) -> Callable[[Request], Awaitable[Response]]:
    """All operations, upon that store."""

    async def answer(request: Request) -> Response:
        path, body = request.url.path, await request.body()
        if path not in OPERATIONS:
            return await _other(path, body)
        try:
            return _respond(200, OPERATIONS[path](store, _parameters(body)))
        except InvalidRequestError as error:
            return _error(400, "InvalidRequestException", str(error))

    return answer


def _parameters(body: bytes) -> dict[str, Any]:
    try:
        given = orjson.loads(body)
    except ValueError as error:
        raise InvalidRequestError(f"The body is not JSON: {error}.") from error
    if not isinstance(given, dict):
        raise InvalidRequestError("The body is not an object.")
    return given


async def _other(path: str, body: bytes) -> Response:
    given = await run_in_threadpool(others.ask, path, body)
    if given is None:
        return _error(404, "UnknownOperationException", f"The local X-Ray has no operation {path}.")
    return Response(given.body, given.status, given.headers)


def _error(status: int, name: str, message: str) -> Response:
    return _respond(status, {"Message": message}, {"x-amzn-errortype": name})


def _respond(status: int, content: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    named = {"x-amzn-requestid": str(uuid.uuid4())} | (headers or {})
    return Response(orjson.dumps(content), status, named, media_type="application/json")
