"""Documents to another endpoint: with the key, compressed, unsigned, and nowhere that would show the key."""

import gzip
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from botocore.exceptions import ClientError

from raygate_local.daemon.forwarding import ForwardError, put_to


class Endpoint(ThreadingHTTPServer):
    """Answers with what it is told, and keeps what it was sent."""

    daemon_threads = True
    status, body = 200, b'{"UnprocessedTraceSegments":[]}'
    errortype = ""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.sent: list[tuple[str, dict[str, str], Any]] = []


class Handler(BaseHTTPRequestHandler):
    server: Endpoint

    def do_POST(self) -> None:
        body = gzip.decompress(self.rfile.read(int(self.headers["content-length"])))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.sent.append((self.path, headers, json.loads(body)))
        self.send_response(self.server.status)
        self.send_header("x-amzn-errortype", self.server.errortype)
        self.send_header("content-length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *_: Any) -> None:
        """Nothing is printed."""


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    server = Endpoint()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("prefix", ["", "/", "/otlp"])
def test_a_batch_is_a_put_trace_segments_with_a_key(endpoint, prefix, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL_XRAY", "http://127.0.0.1:1")
    put = put_to(f"http://127.0.0.1:{endpoint.server_port}{prefix}", {"x-api-key": "the-key"}, "eu-west-1")
    assert put(["{}", "[]"])["UnprocessedTraceSegments"] == []
    path, headers, content = endpoint.sent[0]
    assert path == f"{prefix.rstrip('/')}/TraceSegments"
    assert content == {"TraceSegmentDocuments": ["{}", "[]"]}
    assert headers["x-api-key"] == "the-key"
    assert headers["content-encoding"] == "gzip"
    assert "authorization" not in headers


def test_without_a_key_none_is_sent(endpoint):
    put_to(f"http://127.0.0.1:{endpoint.server_port}", {}, "eu-west-1")(["{}"])
    assert "x-api-key" not in endpoint.sent[0][1]


def test_what_the_endpoint_refuses_is_an_error_of_x_rays_kind(endpoint):
    endpoint.status, endpoint.body, endpoint.errortype = 429, b'{"Message":"slow"}', "ThrottledException"
    with pytest.raises(ClientError) as raised:
        put_to(f"http://127.0.0.1:{endpoint.server_port}", {"x-api-key": "k"}, "eu-west-1")(["{}"])
    assert raised.value.response["Error"]["Code"] == "ThrottledException"


@pytest.mark.parametrize(
    ("url", "headers"),
    [
        ("traces.example.com", {}),
        ("ftp://traces.example.com", {}),
        ("https://", {}),
        ("https://traces.example.com/?a=b", {}),
        ("http://traces.example.com", {"authorization": "Bearer k"}),
    ],
)
def test_an_address_that_is_none_or_that_shows_the_key(url, headers):
    with pytest.raises(ForwardError, match="--daemon-to "):
        put_to(url, headers, "eu-west-1")
