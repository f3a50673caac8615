"""The endpoint as an ASGI application: what API Gateway does around the function, on this machine.

Takes   HTTP requests; a handler `(event, context) → result`, the same one as on Lambda.
Gives   the handler's answers; the gateway's own for what never reaches a function: 413 over 10 MB, 431 over 10,240
        bytes of request line and headers, 408 for a body that does not come, 505 for HTTP/2 without TLS.
Note    The handler blocks (botocore does), so each call has a thread: requests go side by side as on Lambda.
"""

import asyncio
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from starlette.types import Receive, Scope, Send

from raygate.threads import Tell, Threads
from raygate_local.gateway import Answer, Call, answer, event, refusal

Handler = Callable[[dict[str, Any], Any], dict[str, Any]]

MAX_BODY_BYTES: Final = 10 * 1024 * 1024
MAX_HEAD_BYTES: Final = 10_240
TIMEOUT_S: Final = 30.0
"""The gateway's limit for a body to come, and for the function to answer."""

CLOSE: Final = (b"connection", b"close")
UNAVAILABLE: Final = refusal(503, "Service Unavailable", (b"retry-after", b"1"))


@dataclass(frozen=True, slots=True)
class Context:
    """What a handler may ask its Lambda context."""

    aws_request_id: str
    deadline_s: float = field(default_factory=lambda: time.monotonic() + TIMEOUT_S)
    function_name: str = "raygate-local"
    function_version: str = "$LATEST"
    memory_limit_in_mb: str = "1024"
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:000000000000:function:raygate-local"

    def get_remaining_time_in_millis(self) -> int:
        """Until the gateway would stop waiting."""
        return max(0, int((self.deadline_s - time.monotonic()) * 1000))


class RefusedError(Exception):
    """The gateway answers by itself; the function is not called."""

    def __init__(self, given: Answer) -> None:
        super().__init__(given.status)
        self.answer = given


class Endpoint:
    """The ASGI application."""

    def __init__(self, handler: Handler, threads: int = 32, timeout_s: float = TIMEOUT_S) -> None:
        self.handler = handler
        self.threads = Threads("handler", threads)
        self.timeout_s = timeout_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, one answer."""
        if scope["type"] != "http":
            return
        try:
            given = await self._answer(scope, receive)
        except RefusedError as refused:
            given = refused.answer
        except asyncio.CancelledError:  # we are told to stop, and the sender still has its spans
            given = UNAVAILABLE
        except DisconnectedError:
            return
        await send({"type": "http.response.start", "status": given.status, "headers": given.headers})
        await send({"type": "http.response.body", "body": given.body})

    def close(self) -> None:
        """Begin no more calls; those that run are left alone."""
        self.threads.close()

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        target = scope["raw_path"] + (b"?" + scope["query_string"] if scope["query_string"] else b"")
        _check_head(scope, target)
        try:
            body = await asyncio.wait_for(_read(scope, receive), self.timeout_s)
        except TimeoutError:
            raise RefusedError(refusal(408, "Request Timeout", CLOSE)) from None
        request_id = str(uuid.uuid4())
        call = Call(
            method=scope["method"],
            target=target,
            headers=scope["headers"],
            body=body,
            source_ip=scope["client"][0] if scope.get("client") else "",
            protocol=f"HTTP/{scope['http_version']}",
            request_id=request_id,
        )
        return answer(await self._called(event(call), Context(request_id)))

    def _called(self, event: dict[str, Any], context: Context) -> "asyncio.Future[dict[str, Any]]":
        """The handler's result. Less than `run_in_executor` does: a future of one kind instead of two in a chain."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[dict[str, Any]] = loop.create_future()

        def call() -> Tell:
            try:
                settle = partial(future.set_result, self.handler(event, context))
            except BaseException as error:  # noqa: BLE001 - for whoever waits
                settle = partial(future.set_exception, error)
            return partial(_tell, loop, future, settle)

        self.threads.start(call)
        return future


def _tell(loop: asyncio.AbstractEventLoop, future: "asyncio.Future[Any]", settle: Tell) -> None:
    with suppress(RuntimeError):  # the loop has ended, and with it the connection
        loop.call_soon_threadsafe(_settle, future, settle)


def _settle(future: "asyncio.Future[Any]", settle: Tell) -> None:
    if not future.done():  # nobody waits any more when we are told to stop
        settle()


class DisconnectedError(Exception):
    """The sender went away before its request was whole."""


def _check_head(scope: Scope, target: bytes) -> None:
    if scope["http_version"] not in {"1.0", "1.1"}:
        raise RefusedError(refusal(505, "HTTP Version Not Supported: send HTTP/1.1", CLOSE))
    lines = sum(len(name) + len(value) + 4 for name, value in scope["headers"])
    if lines + len(scope["method"]) + len(target) + 12 > MAX_HEAD_BYTES:
        raise RefusedError(refusal(431, "Request Header Fields Too Large"))


async def _read(scope: Scope, receive: Receive) -> bytes:
    """The whole body; refused as soon as it is known to be too long."""
    too_large = RefusedError(refusal(413, "Request Entity Too Large"))
    declared = dict(scope["headers"]).get(b"content-length", b"0")
    if int(declared) > MAX_BODY_BYTES:
        raise too_large
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise DisconnectedError
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > MAX_BODY_BYTES:
            raise too_large
    return bytes(body)
