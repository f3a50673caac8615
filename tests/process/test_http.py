"""The server as HTTP: what senders, proxies and broken clients do with a connection."""

import json
import signal

import pytest

from tests.process.serving import STOPS_WITHIN_S, Connection, Running, ask, post, running

EMPTY = b"{}"
OVER_THE_GATEWAYS_LIMIT = 10 * 1024 * 1024 + 1


def chunked(*chunks: bytes) -> bytes:
    return b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in [*chunks, b""])


def chunked_post(*lines: str) -> bytes:
    head = ["POST /v1/traces HTTP/1.1", "Host: x", "Content-Type: application/json", "Transfer-Encoding: chunked"]
    return "\r\n".join([*head, *lines, "", ""]).encode()


def test_a_connection_is_kept_for_the_next_request(server):
    with Connection(server.address) as connection:
        for _ in range(3):
            connection.send(post(EMPTY))
            answer = connection.read()
            assert (answer.status, answer.body) == (200, b"{}")


def test_requests_that_do_not_wait_for_answers_are_answered_in_order(server):
    with Connection(server.address) as connection:
        connection.send(post(EMPTY) + post(EMPTY, "text/plain") + post(EMPTY, path="/v1/logs"))
        assert [connection.read().status for _ in range(3)] == [200, 415, 404]


def test_a_chunked_body_may_come_byte_by_byte(server):
    body = json.dumps({"resourceSpans": []}).encode()
    wire = chunked_post() + chunked(*(bytes([byte]) for byte in body))
    with Connection(server.address) as connection:
        for byte in wire:
            connection.send(bytes([byte]))
        assert connection.read().status == 200


def test_chunk_extensions_and_trailers_are_skipped(server):
    wire = chunked_post("Trailer: x-sum") + b"1;a=b\r\n{\r\n1\r\n}\r\n0\r\nx-sum: 1\r\n\r\n"
    assert ask(server.address, wire).status == 200


@pytest.mark.parametrize(
    "wire",
    [
        chunked_post() + b"zz\r\n{}\r\n0\r\n\r\n",
        chunked_post() + b"2\r\n{}}}}\r\n0\r\n\r\n",
        b"POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Length: two\r\n\r\n{}",
        b"POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
        b"POST /v1/traces\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET /v1/traces HTTP/1.1\r\nno colon\r\n\r\n",
    ],
)
def test_what_is_not_http_is_refused_and_the_connection_closed(server, wire):
    with Connection(server.address) as connection:
        connection.send(wire)
        answer = connection.read()
        assert answer.status == 400
        assert "message" in json.loads(answer.body)
        assert connection.is_closed()


def test_a_connection_that_ends_within_the_body_is_refused(server):
    with Connection(server.address) as connection:
        connection.send(post(EMPTY)[:-1])
        connection.finish()
        assert connection.read().status == 400
        assert connection.is_closed()


def test_a_sender_that_has_said_everything_still_gets_its_answers(server):
    with Connection(server.address) as connection:
        connection.send(post(EMPTY) + post(EMPTY))
        connection.finish()
        assert [connection.read().status, connection.read().status] == [200, 200]
        assert connection.is_closed()


@pytest.mark.parametrize("framing", ["content-length", "chunked"])
def test_a_body_over_10_mb_is_refused_as_the_gateway_does(server, framing):
    body = b" " * OVER_THE_GATEWAYS_LIMIT
    wire = post(body) if framing == "content-length" else chunked_post() + chunked(body)
    with Connection(server.address) as connection:
        connection.send(wire + post(EMPTY))
        answer = connection.read()
        assert (answer.status, json.loads(answer.body)) == (413, {"message": "Request Entity Too Large"})
        assert connection.read().status == 200


def test_a_sender_that_asks_first_is_told_to_go_on(server):
    wire = post(EMPTY, "application/json", "Expect: 100-continue")
    with Connection(server.address) as connection:
        connection.send(wire.removesuffix(EMPTY))
        assert connection.read().status == 100
        connection.send(EMPTY)
        assert connection.read().status == 200


def test_a_sender_that_asks_first_is_told_when_its_body_is_too_large(server):
    head = post(b"", "application/json", "Expect: 100-continue")
    wire = head.replace(b"Content-Length: 0", b"Content-Length: %d" % OVER_THE_GATEWAYS_LIMIT)
    assert ask(server.address, wire).status == 413


def test_an_offered_upgrade_to_http_2_is_ignored(server):
    lines = ["Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAEAAEAAAAIAAAAB"]
    answer = ask(server.address, post(EMPTY, "application/json", *lines))
    assert (answer.status, answer.body) == (200, b"{}")


def test_http_2_without_tls_is_refused(server):
    with Connection(server.address) as connection:
        connection.send(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\x00\x00\x00\x04\x00\x00\x00\x00\x00")
        assert connection.read().status == 505
        assert connection.is_closed()


def test_http_1_0_is_answered_and_closed(server):
    with Connection(server.address) as connection:
        connection.send(b"GET /health HTTP/1.0\r\n\r\n")
        assert connection.read().status == 200
        assert connection.is_closed()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("//v1//traces/", 200),
        ("/v1/traces?tenant=a%20b", 200),
        ("http://proxy.example.com/v1/traces", 200),
        ("/v1%2Ftraces", 404),
        ("/", 404),
    ],
)
def test_the_path_is_taken_as_it_was_sent(server, path, status):
    assert ask(server.address, post(EMPTY, path=path)).status == status


def test_header_values_may_be_any_bytes(server):
    assert ask(server.address, post(EMPTY, "application/json", "X-Unicode: caf\xe9")).status == 200


def test_headers_over_the_gateways_limit_are_refused(server):
    assert ask(server.address, post(EMPTY, "application/json", "X-Long: " + "a" * 10_240)).status == 431


def test_an_answer_to_head_has_no_body(server):
    with Connection(server.address) as connection:
        connection.send(b"HEAD /health HTTP/1.1\r\nHost: x\r\n\r\n" + post(EMPTY))
        assert connection.read("HEAD").status == 200
        assert connection.read().status == 200


def test_requests_go_side_by_side(server):
    """A request that never ends its body keeps nobody else waiting."""
    with Connection(server.address) as stuck:
        stuck.send(post(EMPTY)[:-1])
        assert ask(server.address, post(EMPTY)).status == 200
        stuck.send(EMPTY[-1:])
        assert stuck.read().status == 200


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_at_once_and_cleanly(number):
    with running("--xray-port", "0") as server, Connection(server.address) as idle, Connection(server.address) as half:
        idle.send(post(EMPTY))
        assert idle.read().status == 200
        half.send(post(EMPTY)[:-1])
        assert ask(server.address, post(EMPTY)).status == 200
        assert server.stop(number) == 0
        answer = half.read()
        assert (answer.status, "retry-after" in answer.headers) == (503, True)


def test_a_request_in_flight_is_finished_before_it_stops():
    with running("--xray-port", "0") as server, Connection(server.address) as connection:
        connection.send(post(EMPTY)[:-1])
        assert ask(server.address, post(EMPTY)).status == 200
        server.process.send_signal(signal.SIGTERM)
        connection.send(EMPTY[-1:])
        assert connection.read().status == 200
        assert server.process.wait(STOPS_WITHIN_S) == 0


def test_the_first_line_says_where_it_listens(server: Running):
    assert server.welcome[0] == f"Raygate listens on {server.url} (POST /v1/traces)"
    assert server.welcome[1] == f"A local X-Ray and its page are on {server.xray_url}"
