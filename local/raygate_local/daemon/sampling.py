"""The daemon's TCP port: an SDK asks for sampling rules and targets, unsigned; X-Ray is asked, signed.

Takes   POST /GetSamplingRules and POST /SamplingTargets; the region. Which X-Ray it is, boto's settings say.
Gives   `create`: an ASGI application with X-Ray's own answers; 503 when X-Ray cannot be asked.
Rules   Nothing but those two: whoever reaches this port has no credentials, and must not get the use of ours.
Source  X-Ray API reference, GetSamplingRules and GetSamplingTargets.
"""

import json
from collections.abc import Callable
from typing import Any, Final

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import BotoCoreError
from botocore.httpsession import URLLib3Session
from botocore.session import Session
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

PATHS: Final = ("/GetSamplingRules", "/SamplingTargets")
PASSED_ON: Final = ("content-type", "x-amzn-errortype", "x-amzn-requestid")
MOST_BYTES: Final = 1_048_576
TIMEOUT_S: Final = 5

Ask = Callable[[str, bytes], Response]


def create(region: str) -> Starlette:
    """The application."""
    ask = asking(region)

    async def answer(request: Request) -> Response:
        body = bytearray()
        async for piece in request.stream():
            body += piece
            if len(body) > MOST_BYTES:
                return failure(413, "RequestEntityTooLargeException", "the body is too large")
        return await run_in_threadpool(ask, request.url.path, bytes(body))

    return Starlette(
        routes=[Route(path, answer, methods=["POST"]) for path in PATHS], exception_handlers={404: _not_here}
    )


def asking(region: str) -> Ask:
    """How X-Ray is asked; nothing is before the first call."""
    session = Session()
    client: Any = session.create_client("xray", region_name=region)
    url, http = client.meta.endpoint_url, URLLib3Session(timeout=TIMEOUT_S)

    def ask(path: str, body: bytes) -> Response:
        try:
            request = AWSRequest("POST", url + path, {"content-type": "application/json"}, body)
            if credentials := session.get_credentials():
                SigV4Auth(credentials, "xray", client.meta.region_name).add_auth(request)
            given = http.send(request.prepare())
        except BotoCoreError as error:
            return failure(503, "ServiceUnavailableException", f"X-Ray cannot be asked: {type(error).__name__}")
        headers = {name: given.headers[name] for name in PASSED_ON if name in given.headers}
        return Response(given.content, given.status_code, headers)

    return ask


def failure(status: int, name: str, message: str) -> Response:
    """An error of X-Ray's form."""
    return Response(json.dumps({"Message": message}), status, {"x-amzn-errortype": name}, "application/json")


async def _not_here(_request: Request, _error: Exception) -> Response:
    return failure(404, "UnknownOperationException", f"here is only POST {' and POST '.join(PATHS)}")
