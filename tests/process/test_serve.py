"""`raygate serve` from end to end: what arrives is printed, stored where it should be, and read back."""

import socket

from tests.ports import reserved
from tests.process.reading import documents_of
from tests.process.serving import ROOT, Connection, Running, ask, post, running

EXAMPLE = (ROOT / "examples" / "trace.json").read_bytes()
TRACE_ID = "1-6921c8f0-4b7a3e5d9c1f2a8b6d4e0f37"


def test_a_line_for_each_trace_that_arrives():
    with running("--xray-port", "0") as server:
        assert ask(server.address, post(EXAMPLE)).status == 200
        assert server.line() == f"trace {TRACE_ID}  5 documents  shop  {server.xray_url}/traces/{TRACE_ID}"
        assert ask(server.address, post(EXAMPLE, "text/plain")).status == 415
        assert server.line().startswith("answered 415: ")


def test_a_trace_is_read_back_as_from_xray(server: Running):
    assert ask(server.address, post(EXAMPLE)).status == 200
    names = {document["name"] for document in documents_of(server, TRACE_ID)}
    assert names == {"shop", "warehouse", "DynamoDB", "payment.example.com", "payment"}


def test_the_page_of_a_trace_is_where_its_line_says(server: Running):
    assert ask(server.address, post(EXAMPLE)).status == 200
    host, port = server.xray_url.removeprefix("http://").split(":")
    for path, content in ((f"/traces/{TRACE_ID}", b"<!doctype html>"), (f"/traces/{TRACE_ID}/raw", TRACE_ID.encode())):
        answer = ask((host, int(port)), f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
        assert answer.status == 200
        assert content in answer.body


def test_an_address_in_the_environment_is_delivered_to(server: Running):
    body = EXAMPLE.replace(b"6921c8f04b7a3e5d", b"6921c8f0ffffffff")
    with running(environ={"AWS_ENDPOINT_URL_XRAY": server.xray_url}) as other:
        assert other.welcome[1] == f"Traces go to the X-Ray on {server.xray_url}"
        assert ask(other.address, post(body)).status == 200
        assert other.line() == "trace 1-6921c8f0-ffffffff9c1f2a8b6d4e0f37  5 documents  shop"
    assert len(documents_of(server, "1-6921c8f0-ffffffff9c1f2a8b6d4e0f37")) == 5


def test_while_xray_is_away_the_sender_keeps_its_spans():
    with (
        reserved() as closed,
        running(environ={"AWS_ENDPOINT_URL_XRAY": f"http://127.0.0.1:{closed}"}) as server,
        Connection(server.address) as connection,
    ):
        connection.send(post(EXAMPLE))
        answer = connection.read()
        assert (answer.status, answer.headers["retry-after"]) == (503, "2")
        assert server.line() == "answered 503: X-Ray cannot take spans now (EndpointConnectionError)"


def test_an_xray_that_does_not_answer_cannot_keep_it_from_stopping():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with running(environ={"AWS_ENDPOINT_URL_XRAY": url}) as server, Connection(server.address) as connection:
            connection.send(post(EXAMPLE))
            with silent.accept()[0]:
                assert server.stop() == 0
            assert connection.read().status == 503
