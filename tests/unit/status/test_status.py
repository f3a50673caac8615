"""The counts of a process and their page."""

import asyncio
import json
from collections import Counter
from typing import Any

from starlette.applications import Starlette
from starlette.types import Message

from raygate.ingest import Report
from raygate.request import Outcome
from raygate.settings import Settings
from raygate_local.status import Status, create

NOW_S = 1_790_000_000.0


def a_status(**settings) -> Status:
    return Status(Settings(**settings), clock=lambda: NOW_S)


def a_report(status: int = 200, refusal: str = "", **outcome) -> Report:
    return Report(status, outcome=Outcome(**outcome) if outcome else None, refusal=refusal)


def get(app: Starlette, path: str) -> tuple[dict[str, str], str]:
    """Headers and text of an answer."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope: dict[str, Any] = {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b""}
    asyncio.run(app(scope, receive, send))
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return headers, b"".join(message.get("body", b"") for message in sent[1:]).decode()


def test_the_states_add_up_to_what_was_received():
    status = a_status()
    status.take(a_report(spans=7, delivered=3, queued=2, rejected=Counter({"no id": 1}), parked=Counter({"bad": 1})))
    status.take(a_report(503, "X-Ray is throttling", spans=4, returned=4))
    told = status.as_json()["spans"]
    expected = {"received": 11, "delivered": 3, "queued": 2, "parked": 1, "rejected": 1, "returned": 4}
    assert told == expected | {"unaccounted": 0}


def test_a_request_that_was_refused_is_counted_by_its_status_and_told():
    status = a_status()
    status.take(a_report(401, "this key is not known"))
    told = status.as_json()
    assert (told["requests"], told["errors"]) == (
        {"401": 1},
        [{"at": NOW_S, "status": 401, "why": "this key is not known"}],
    )


def test_only_the_last_traces_are_shown_newest_first():
    status = a_status()
    for number in range(60):
        status.take(a_report(spans=1, delivered=1), [f"trace {number}"])
    lines = [one["line"] for one in status.as_json()["traces"]]
    assert (len(lines), lines[0], lines[-1]) == (50, "trace 59", "trace 10")


def test_settings_that_name_places_are_not_shown():
    told = a_status(queue_url="https://sqs/1234/queue", mapping="adot").as_json()["settings"]
    assert (told["queue_url"], told["mapping"], told["keys_file"]) == ("set", "adot", "")


def test_the_page_shows_the_counts_and_escapes_what_was_sent():
    status = a_status()
    status.take(a_report(spans=12345, delivered=12345), ["trace 1  <script>alert(1)</script>"])
    app = create(status, {"OTLP over HTTP": "http://127.0.0.1:4318"})
    headers, text = get(app, "/")
    assert "12345" in text
    assert "&lt;script&gt;" in text
    assert "<script" not in text
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert get(app, "/style.css")[0]["content-type"].startswith("text/css")


def test_programs_read_the_same_as_json():
    status = a_status()
    status.worked({"delivered": 2})
    told = json.loads(get(create(status, {"page": "http://x"}), "/status.json")[1])
    assert (told["later"], told["places"]) == ({"delivered": 2}, {"page": "http://x"})
