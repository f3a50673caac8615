"""`raygate doctor`: a real server that is well, and each thing that may be wrong, with what to do."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from tests.process.serving import Running, raygate

IDS = ["settings", "credentials", "permission", "reading", "destination", "endpoint", "key", "clock", "canary"]


def examined(server: Running | None = None, *arguments: str, **environ: str) -> tuple[int, dict[str, Any]]:
    here = {"OTEL_EXPORTER_OTLP_ENDPOINT": server.url, "AWS_ENDPOINT_URL_XRAY": server.xray_url} if server else {}
    status, output, errors = raygate("doctor", "--json", *arguments, environ=here | environ)
    assert "Traceback" not in errors
    return status, {one["id"]: one for one in json.loads(output)}


def test_a_server_that_is_well_is_found_to_be(server):
    status, found = examined(server)
    assert status == 0
    assert list(found) == IDS
    assert {one["state"] for one in found.values()} <= {"ok", "skipped"}
    assert "all 12 spans" in found["canary"]["text"]


def test_it_is_told_in_words_too(server):
    environ = {"OTEL_EXPORTER_OTLP_ENDPOINT": server.url, "AWS_ENDPOINT_URL_XRAY": server.xray_url}
    status, output, errors = raygate("doctor", environ=environ)
    assert (status, errors) == (0, "")
    assert [line.split()[0] for line in output.splitlines()] == ["ok"] * 4 + ["skipped"] + ["ok"] * 4


@pytest.mark.parametrize(
    ("arguments", "environ", "failing", "todo"),
    [
        ([], {"RAYGATE_MAPING": "adot"}, "settings", "docs/operating.md"),
        ([], {"RAYGATE_MAX_SPANS": "many"}, "settings", "docs/operating.md"),
        ([], {"RAYGATE_DELIVERY": "buffered"}, "settings", "docs/operating.md"),
        (["--endpoint", "http://127.0.0.1:1"], {}, "endpoint", "raygate serve"),
        (["--xray", "http://127.0.0.1:1"], {}, "permission", "raygate serve"),
        (["--xray", "aws"], {}, "credentials", "AWS_REGION"),
        (["--xray", "aws"], {"AWS_REGION": "eu-west-1"}, "credentials", "log in"),
        (["--xray", "aws"], {"AWS_PROFILE": "nobody"}, "credentials", ""),
    ],
)
def test_what_is_wrong_fails_with_what_to_do(server, arguments, environ, failing, todo):
    status, found = examined(server, *arguments, **environ)
    assert status == 1
    assert [name for name, one in found.items() if one["state"] == "failure"] == [failing]
    assert todo in found[failing]["todo"]


def test_a_queue_without_a_bucket_is_a_warning(server):
    status, found = examined(server, RAYGATE_QUEUE_URL="https://sqs.eu-west-1.amazonaws.com/123456789012/raygate")
    assert status == 0
    assert found["settings"]["state"] == "warning"


class Scripted(BaseHTTPRequestHandler):
    """An X-Ray, and an endpoint, that say what the server's table says for each path."""

    server: "ScriptedServer"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length") or 0))
        status, body, error = self.server.answers.get(self.path, (200, {}, ""))
        content = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {
            "content-type": "application/json",
            "content-length": str(len(content)),
            "connection": "close",
            "x-amzn-errortype": error,
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def do_GET(self) -> None:
        self.do_POST()

    def date_time_string(self, timestamp: float | None = None) -> str:
        return self.server.date or super().date_time_string(timestamp)

    def log_message(self, *_: Any) -> None:
        """Tests say what is wrong."""


class ScriptedServer(ThreadingHTTPServer):
    def __init__(self, answers: dict[str, tuple[int, Any, str]], date: str) -> None:
        super().__init__(("127.0.0.1", 0), Scripted)
        self.answers = answers
        self.date = date

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@contextmanager
def scripted(date: str = "", **answers: tuple[int, Any, str]) -> Iterator[ScriptedServer]:
    with ScriptedServer({f"/{name}": one for name, one in answers.items()}, date) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


DENIED = (403, {"Message": "not authorized"}, "AccessDeniedException")


def test_a_permission_that_is_missing_is_named(server):
    with scripted(TraceSegments=DENIED) as xray:
        status, found = examined(server, "--xray", xray.url)
    assert status == 1
    assert found["permission"]["state"] == "failure"
    assert "PutTraceSegments" in found["permission"]["text"] + found["permission"]["todo"]
    assert found["canary"]["state"] == "skipped"


def test_without_the_permission_to_read_the_rest_is_still_looked_at(server):
    with scripted(TraceSummaries=DENIED) as xray:
        status, found = examined(server, "--xray", xray.url)
    assert status == 0
    assert (found["reading"]["state"], found["key"]["state"], found["canary"]["state"]) == ("warning", "ok", "skipped")


def test_a_canary_that_does_not_come_back_is_a_failure(server):
    with scripted() as xray:
        status, found = examined(server, "--xray", xray.url, "--wait", "0.1")
    assert status == 1
    assert found["canary"]["state"] == "failure"
    assert "of 12 spans 0 can be read" in found["canary"]["text"]
    assert "--wait" in found["canary"]["todo"]


@pytest.mark.parametrize(
    ("date", "state"),
    [("Mon, 01 Jan 2024 00:00:00 GMT", "failure"), ("no time at all", "skipped"), ("", "ok")],
)
def test_a_clock_that_is_wrong_is_seen(server, date, state):
    with scripted(date) as endpoint:
        _, found = examined(server, "--endpoint", endpoint.url, "--wait", "0.1")
    assert found["clock"]["state"] == state


@pytest.mark.parametrize("status", [404, 500])
def test_something_else_behind_the_address_is_seen(server, status):
    with scripted(health=(status, {}, "")) as endpoint:
        code, found = examined(server, "--endpoint", endpoint.url)
    assert code == 1
    assert found["endpoint"]["state"] == "failure"
    assert found["endpoint"]["details"]["status"] == status
    assert found["endpoint"]["todo"]
