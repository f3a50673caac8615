"""Lambda's Invoke over real HTTP: the function runs as a process of its own, and its end is told as Lambda tells it.

Gives   `Lambda`: `functions` that it has, by name, with their environments; `refuses`, an error before any of them.
Source  AWS Lambda API reference, Invoke; developer guide, "Lambda function errors with Python".
"""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.process.serving import ENVIRONMENT, ROOT, TIMEOUT_S

CHILD = """
import json, sys
from importlib import import_module

class Context:
    aws_request_id = "run-1"
    def get_remaining_time_in_millis(self):
        return 900_000

try:
    result = import_module(sys.argv[1]).handler(json.load(sys.stdin), Context())
except Exception as error:
    result = {"errorMessage": str(error), "errorType": type(error).__name__, "requestId": "run-1", "stackTrace": []}
    print(json.dumps(result))
    sys.exit(1)
print(json.dumps(result))
"""


@dataclass(frozen=True, slots=True)
class Function:
    """One that is deployed."""

    module: str
    environ: Mapping[str, str]
    timeout_s: float = TIMEOUT_S


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: "Lambda"

    def do_POST(self) -> None:
        """Invoke."""
        event = self.rfile.read(int(self.headers["content-length"]))
        _, version, kind, name, action = self.path.split("/")
        assert (version, kind, action) == ("2015-03-31", "functions", "invocations")
        assert self.headers.get("x-amz-invocation-type", "RequestResponse") == "RequestResponse"
        function = self.server.functions.get(name)
        if self.server.refuses or function is None:
            status, code = self.server.refuses or (404, "ResourceNotFoundException")
            self._send(status, {"Type": "User", "Message": f"told by the fake: {name}"}, "x-amzn-errortype", code)
            return
        self.server.events.append(json.loads(event))
        try:
            done = subprocess.run(
                [sys.executable, "-c", CHILD, function.module],
                input=event,
                capture_output=True,
                env=ENVIRONMENT | dict(function.environ) | {"PYTHONPATH": f"{ROOT}:{ENVIRONMENT['PYTHONPATH']}"},
                cwd=ROOT,
                timeout=function.timeout_s,
                check=False,
            )
        except subprocess.TimeoutExpired:
            told = f"2026-11-28T06:00:00Z run-1 Task timed out after {function.timeout_s:.2f} seconds"
            self._send(
                200, {"errorMessage": told, "errorType": "Sandbox.Timedout"}, "x-amz-function-error", "Unhandled"
            )
            return
        result = json.loads(done.stdout.splitlines()[-1])
        failed = ("x-amz-function-error", "Unhandled") if done.returncode else ("x-amz-executed-version", "$LATEST")
        self._send(200, result, *failed)

    def _send(self, status: int, answer: Any, header: str, value: str) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header(header, value)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nothing is printed."""


class Lambda(ThreadingHTTPServer):
    """The server."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.play({})

    def play(self, functions: Mapping[str, Function]) -> None:
        """From now on it has these."""
        self.functions = dict(functions)
        self.refuses: tuple[int, str] | None = None
        self.events: list[Any] = []

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}"


@contextmanager
def lambda_there() -> Iterator[Lambda]:
    """For a while."""
    server = Lambda()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
