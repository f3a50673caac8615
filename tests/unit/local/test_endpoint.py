"""The ASGI application around the handler: what it refuses by itself, and how it ends."""

import asyncio
import threading
from typing import Any

import pytest

from raygate_local.endpoint import Context, Endpoint

OK = {"statusCode": 200, "headers": {}, "body": "ok", "isBase64Encoded": False}


def a_scope(**fields) -> dict[str, Any]:
    values = {
        "type": "http",
        "method": "POST",
        "raw_path": b"/v1/traces",
        "query_string": b"",
        "headers": [],
        "http_version": "1.1",
        "client": ("127.0.0.1", 1),
    }
    return values | fields


async def ask(endpoint: Endpoint, receive, **fields) -> list[dict[str, Any]]:
    """Call it as a server would; what it sends."""
    sent: list[dict[str, Any]] = []

    async def send(message) -> None:
        sent.append(message)

    await endpoint(a_scope(**fields), receive, send)
    endpoint.close()
    return sent


async def nothing() -> dict[str, Any]:
    await asyncio.Event().wait()
    raise AssertionError


async def empty() -> dict[str, Any]:
    return {"type": "http.request", "body": b"", "more_body": False}


async def gone() -> dict[str, Any]:
    return {"type": "http.disconnect"}


def test_a_body_that_does_not_come_is_given_up():
    sent = asyncio.run(ask(Endpoint(lambda *_: OK, timeout_s=0.01), nothing))
    assert sent[0]["status"] == 408
    assert (b"connection", b"close") in sent[0]["headers"]


def test_a_sender_that_goes_away_is_not_answered():
    assert asyncio.run(ask(Endpoint(lambda *_: OK), gone)) == []


def test_a_request_that_is_cut_off_by_the_end_may_come_again():
    async def stopped() -> list[dict[str, Any]]:
        task = asyncio.create_task(ask(Endpoint(lambda *_: OK), nothing))
        await asyncio.sleep(0)
        task.cancel()
        return await task

    sent = asyncio.run(stopped())
    assert sent[0]["status"] == 503
    assert (b"retry-after", b"1") in sent[0]["headers"]


def test_handlers_run_side_by_side():
    both = threading.Barrier(2, timeout=5)

    def handler(*_) -> dict[str, Any]:
        both.wait()
        return OK

    async def two() -> list[list[dict[str, Any]]]:
        endpoint = Endpoint(handler)
        return list(await asyncio.gather(ask(endpoint, empty), ask(endpoint, empty)))

    assert [sent[0]["status"] for sent in asyncio.run(two())] == [200, 200]


@pytest.mark.parametrize("seconds", [0.0, 12.0])
def test_the_context_counts_down(monkeypatch, seconds):
    context = Context("id")
    monkeypatch.setattr("raygate_local.endpoint.time.monotonic", lambda: context.deadline_s - seconds)
    assert context.get_remaining_time_in_millis() == seconds * 1000
