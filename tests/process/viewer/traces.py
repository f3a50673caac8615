"""The viewer with its trace page on a port of its own, and traces to look at: small, broken, hostile, large."""

import json
import random
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any, Final

from starlette.applications import Starlette

from raygate_local.viewer.first import First
from raygate_local.viewer.live import Live
from raygate_local.viewer.routes import ERRORS, routes
from raygate_local.viewer.sources import Sources
from raygate_local.xray.store import Store
from tests.http_thread import served_by_thread

Json = dict[str, Any]

NOW_S: Final = int(time.time()) - 60
HOSTILE: Final = "<img src=x onerror=document.title='hacked'>"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Where it is, and what is behind it."""

    url: str
    store: Store
    sources: Sources

    def put(self, documents: Sequence[Json]) -> str:
        """Give them to the local X-Ray; the trace's id."""
        texts = [json.dumps(one) for one in documents]
        for start in range(0, len(texts), 1000):
            assert self.store.put(texts[start : start + 1000])["UnprocessedTraceSegments"] == []
        return str(documents[0]["trace_id"])

    def page(self, trace_id: str, query: str = "") -> str:
        """The address of a trace's page."""
        return f"{self.url}/traces/{trace_id}{'?' if query else ''}{query}"


@contextmanager
def viewer(port: int = 0) -> Iterator[Viewer]:
    """Serve an empty one."""
    with (
        closing(Store.open()) as store,
        closing(Sources.open()) as sources,
        socket.create_server(("127.0.0.1", port)) as listening,
    ):
        live = Live(store)
        app = Starlette(routes=routes(store, First(), live, sources), exception_handlers=ERRORS)
        with served_by_thread(app, listening), closing(live):
            yield Viewer(f"http://127.0.0.1:{listening.getsockname()[1]}", store, sources)


def a_trace_id(number: int) -> str:
    """As X-Ray writes it, of the last minutes."""
    return f"1-{NOW_S:08x}-{number:024x}"


def an_id(number: int) -> str:
    return f"{number:016x}"


def document(trace_id: str, number: int, parent: int | None, times: tuple[float, float], **members: Any) -> Json:
    """A segment, or with `type` a subsegment; times in milliseconds after the start; None leaves a member away."""
    start_ms, end_ms = times
    given = {
        "trace_id": trace_id,
        "id": an_id(number),
        "parent_id": an_id(parent) if parent else None,
        "name": "shop",
        "start_time": NOW_S + start_ms / 1000,
        "end_time": NOW_S + end_ms / 1000,
    } | members
    return {name: value for name, value in given.items() if value is not None}


def http(method: str, url: str, status: int) -> Json:
    return {"request": {"method": method, "url": url}, "response": {"status": status}}


CALL: Final[Json] = {"type": "subsegment", "namespace": "remote"}
QUERY: Final[Json] = {
    **CALL,
    "name": "warehouse",
    "sql": {"sanitized_query": "SELECT amount FROM stock WHERE item = ?", "database_type": "postgresql"},
}


def order(number: int = 1) -> list[Json]:
    """An order that fails at the bank: own and inherited faults, nine equal queries, an embedded part."""
    trace_id = a_trace_id(number)
    declined = {
        "exceptions": [
            {
                "id": an_id(901),
                "type": "CardDeclined",
                "message": "the bank did not answer",
                "cause": an_id(902),
                "stack": [{"path": "/app/bank.py", "line": 17, "label": "authorize"}],
            },
            {"id": an_id(902), "type": "TimeoutError", "message": "10 s passed", "stack": []},
        ]
    }
    return [
        document(
            trace_id, 1, None, (0, 412), fault=True, http=http("POST", "https://shop.example.com/orders", 502),
            origin="AWS::ECS::Container", annotations={"customer": "gold", "items": 3, "gift": True},
            metadata={"default": {"basket": '{"items": [{"sku": "A-1", "amount": 2}]}', "http.route": "/orders"}},
            subsegments=[document(trace_id, 2, None, (2, 11), name="validate", parent_id=None)],
            aws={"ecs": {"container": "shop-7d"}}, service={"version": "1.4.2"}, user="ada",
        ),
        *(document(trace_id, 10 + at, 1, (12 + 4 * at, 15 + 4 * at), **QUERY) for at in range(9)),
        document(
            trace_id, 20, 1, (52, 80), type="subsegment", namespace="aws", name="DynamoDB",
            aws={"operation": "PutItem", "table_name": "orders", "region": "eu-west-1"},
        ),
        document(
            trace_id, 30, 1, (85, 405), **CALL, name="payment.example.com", fault=True,
            http=http("POST", "https://payment.example.com/charge", 500),
        ),
        document(
            trace_id, 31, 30, (95, 398), name="payment", fault=True, cause=declined,
            http=http("POST", "https://payment.example.com/charge", 500),
            links=[{"trace_id": a_trace_id(2), "id": an_id(1), "attributes": {"reason": "retry of"}}],
        ),
        document(trace_id, 32, 31, (120, 130), **CALL, name="limits", error=True, http=http("GET", "https://l/1", 404)),
        document(
            trace_id, 33, 31, (140, 150), **CALL, name="limits", error=True, throttle=True,
            http=http("GET", "https://l/2", 429),
        ),
        document(trace_id, 34, 31, (160, 390), **CALL, name="bank"),
    ]  # fmt: skip


def broken(number: int = 3) -> list[Json]:
    """A parent that never came, clocks that differ, a ring, one in progress, one that ends before it starts."""
    trace_id = a_trace_id(number)
    return [
        document(trace_id, 1, None, (0, 300), http=http("GET", "https://shop/", 200)),
        document(trace_id, 2, 1, (10, 200), **CALL, name="stock", http=http("GET", "https://stock/", 200)),
        document(trace_id, 3, 2, (-40, 120), name="stock", http=http("GET", "https://stock/", 200)),
        document(trace_id, 4, 99, (60, 120), name="orphan"),
        document(trace_id, 5, 98, (70, 90), name="late"),
        document(trace_id, 6, 7, (210, 220), name="chicken", type="subsegment"),
        document(trace_id, 7, 6, (212, 222), name="egg", type="subsegment"),
        document(trace_id, 8, 1, (230, 0), end_time=None, in_progress=True, name="report", type="subsegment"),
        document(trace_id, 9, 1, (260, 250), name="backwards", type="subsegment"),
    ]


def hostile(number: int = 4) -> list[Json]:
    """Markup wherever a sender may put a text."""
    trace_id = a_trace_id(number)
    stack = [{"path": HOSTILE, "line": 1, "label": HOSTILE}]
    cause = {"exceptions": [{"id": an_id(901), "type": HOSTILE, "message": HOSTILE, "stack": stack}]}
    return [
        document(
            trace_id, 1, None, (0, 10), fault=True, cause=cause, user=HOSTILE,
            http=http("GET", f"https://x/{HOSTILE}", 500),
            annotations={"key": HOSTILE}, metadata={"default": {HOSTILE: HOSTILE}}, aws={"operation": HOSTILE},
        ),
    ]  # fmt: skip


def large(rows: int, number: int = 5) -> list[Json]:
    """Calls within calls within services, some failing, many equal."""
    chance, trace_id = random.Random(rows), a_trace_id(number)  # noqa: S311 always the same
    times: list[tuple[float, float]] = [(0, 60_000)]
    made = [document(trace_id, 1, None, times[0], http=http("POST", "https://shop/batch", 200))]
    for at in range(1, rows):
        parent = 0 if at % 50 == 1 else chance.randrange(max(0, at - 40), at)
        start_ms = times[parent][0] + chance.random() * (times[parent][1] - times[parent][0]) * 0.6
        end_ms = start_ms + chance.random() * (times[parent][1] - start_ms)
        times.append((start_ms, end_ms))
        made.append(
            document(
                trace_id, at + 1, parent + 1, times[at],
                **({"name": f"service-{at % 12}"} if at % 7 == 0 else CALL | {"name": f"call-{at % 30}"}),
                fault=True if at % 997 == 0 else None, http=http("GET", f"https://s{at % 12}/items/{at}", 200),
            )
        )  # fmt: skip
    return made
