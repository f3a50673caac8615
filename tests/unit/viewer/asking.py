"""Asks an ASGI application, without a server."""

import asyncio
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlencode

from starlette.applications import Starlette
from starlette.routing import BaseRoute


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    content: bytes

    def json(self) -> Any:
        return json.loads(self.content)


class Client:
    """GET and POST on these routes."""

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        self.app = Starlette(routes=list(routes))

    def get(self, path: str, **query: str) -> Answer:
        """In a thread of its own: a browser elsewhere in the tests may have a loop running in this one."""
        return self._ask("GET", path, urlencode(query), b"")

    def post(self, path: str, content: Any) -> Answer:
        """JSON."""
        return self._ask("POST", path, "", json.dumps(content).encode())

    def _ask(self, method: str, path: str, query: str, body: bytes) -> Answer:
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(lambda: asyncio.run(self._answer(method, path, query, body))).result()

    async def _answer(self, method: str, path: str, query: str, body: bytes) -> Answer:
        sent: list[Any] = []
        scope = {
            "type": "http", "method": method, "path": unquote(path), "raw_path": path.encode(), "root_path": "",
            "query_string": query.encode(), "headers": [], "http_version": "1.1", "scheme": "http",
        }  # fmt: skip

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        await self.app(scope, receive, send)
        start, *bodies = sent
        headers = {name.decode(): value.decode() for name, value in start["headers"]}
        return Answer(start["status"], headers, b"".join(body["body"] for body in bodies))
