"""The status page: what was sent adds up there, and it is for this machine alone."""

import json
import socket
from typing import Any

import pytest

from tests.corpus import captured
from tests.process.serving import Answer, ask, raygate, running
from tests.process.told import address_of

PAGE = r"status page is on http://(\S+)"


def get(address: tuple[str, int], path: str, host: str = "127.0.0.1", *lines: str) -> Answer:
    head = "\r\n".join([f"GET {path} HTTP/1.1", f"Host: {host}", *lines, "", ""])
    return ask(address, head.encode(), "GET")


def told(address: tuple[str, int]) -> dict[str, Any]:
    answer = get(address, "/status.json")
    assert answer.status == 200
    content: dict[str, Any] = json.loads(answer.body)
    return content


def test_after_every_captured_request_the_counts_add_up():
    with running("--xray-port", "0", "--status-port", "0") as server:
        page = address_of(server, PAGE)
        assert told(page)["spans"]["received"] == 0
        answers = [ask(server.address, one.wire(), one.method).status for one in captured()]
        after = told(page)
    spans = after["spans"]
    assert spans["delivered"] > 500
    assert spans["unaccounted"] == 0
    assert spans["received"] == sum(spans[state] for state in ("delivered", "queued", "parked", "rejected", "returned"))
    assert after["requests"]["200"] == answers.count(200)
    assert after["requests"]["400"] == answers.count(400)
    assert after["traces"][0]["line"].startswith("trace 1-")
    assert after["places"]["X-Ray"] == server.xray_url


def test_the_page_is_for_this_machine_alone():
    with running("--xray-port", "0", "--status-port", "0") as server:
        page = address_of(server, PAGE)
        assert b"Spans since the start" in get(page, "/").body
        assert get(page, "/status.json", "evil.example.com").status == 421
        assert get(page, "/status.json", "127.0.0.1", "Origin: http://evil.example.com").status == 403


def test_without_being_asked_for_there_is_no_page():
    with running("--xray-port", "0") as server:
        assert "status page" not in "\n".join(server.welcome)


@pytest.mark.parametrize("option", ["--status-port", "--grpc-port", "--daemon-port"])
def test_a_port_that_is_in_use_is_one_sentence(option):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        others = ["--grpc-port", "off"] if option != "--grpc-port" else []
        asked = ["--port", "0", "--xray-port", "0", "--data", "", *others, option, port]
        status, _, errors = raygate("serve", *asked)
    assert status == 1
    assert (
        errors == f"Error: Cannot listen on 127.0.0.1:{port}: the port is in use; choose another with {option}, "
        "or 0 for any free one.\n"
    )
