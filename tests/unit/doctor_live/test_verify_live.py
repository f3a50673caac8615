"""`local/verify_live.sh` finds the stack's address by itself and probes it with the key that it was given."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from tests.process.serving import ENVIRONMENT, ROOT, TIMEOUT_S, Running, running

SCRIPT = str(ROOT / "local" / "verify_live.sh")
OUTPUT = "<member><OutputKey>{}</OutputKey><OutputValue>{}</OutputValue></member>"
STACK = (
    '<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks>'
    "<member><StackName>{}</StackName><StackStatus>CREATE_COMPLETE</StackStatus>"
    "<CreationTime>2026-01-01T00:00:00Z</CreationTime><Outputs>{}</Outputs></member>"
    "</Stacks></DescribeStacksResult></DescribeStacksResponse>"
)


class CloudFormation(ThreadingHTTPServer):
    """It knows one stack."""

    def __init__(self, outputs: str) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.outputs = outputs
        self.asked: list[str] = []


class Answer(BaseHTTPRequestHandler):
    server: CloudFormation

    def do_POST(self) -> None:
        self.server.asked.append(self.rfile.read(int(self.headers["content-length"])).decode())
        content = STACK.format("traces", self.server.outputs).encode()
        self.send_response(200)
        self.send_header("content-type", "text/xml")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Tests say what is wrong."""


@contextmanager
def cloud_formation(outputs: str) -> Iterator[CloudFormation]:
    with CloudFormation(outputs) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def verified(outputs: str, *arguments: str, server: Running | None = None, key: str = "") -> tuple[int, str, str]:
    with cloud_formation(outputs) as stacks:
        environ = ENVIRONMENT | {
            "AWS_ENDPOINT_URL_CLOUDFORMATION": f"http://127.0.0.1:{stacks.server_port}",
            "AWS_ENDPOINT_URL_XRAY": server.xray_url if server else "http://127.0.0.1:1",
            "AWS_ACCESS_KEY_ID": "pretend",
            "AWS_SECRET_ACCESS_KEY": "pretend",
            "AWS_REGION": "eu-west-1",
            "RAYGATE_PROBE_KEY": key,
            "NO_PROXY": "127.0.0.1",
            "PATH": os.environ["PATH"],
        }
        done = subprocess.run(
            [SCRIPT, *arguments], capture_output=True, text=True, env=environ, timeout=TIMEOUT_S, check=False
        )
    assert all("StackName=traces" in asked for asked in stacks.asked)
    return done.returncode, done.stdout, done.stderr


def test_a_stack_is_found_and_probed():
    with running("--xray-port", "0") as server:
        outputs = OUTPUT.format("Queue", "q") + OUTPUT.format("Url", server.url)
        status, told, errors = verified(outputs, "traces", "--wait", "30", server=server, key="a-key")
    assert (status, errors) == (0, "")
    assert f"{server.url} answers" in told
    assert "An event over Lambda's 6 MB: expected 413" in told
    assert "A sound document: expected taken, saw taken" in told


def test_a_stack_of_something_else_is_told():
    status, told, errors = verified(OUTPUT.format("Queue", "q"), "traces")
    assert (status, told) == (1, "")
    assert errors == "The stack traces has no output Url: is it a stack of this template?\n"
