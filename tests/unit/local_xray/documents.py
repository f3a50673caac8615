"""Documents to put into the local X-Ray, and a server to put them into; each answer is compared with the model."""

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config

from raygate_local.listening import bind, url
from raygate_local.xray.app import create
from raygate_local.xray.store import Store
from tests.http_thread import served_by_thread
from tests.unit.local_xray.model import check_answer

TRACE_ID = "1-5f84c7a1-e7d1852db8c4fd35d88bf49a"
START_S = 1_700_000_000.0


def an_id(number: int) -> str:
    return f"{number:016x}"


def a_trace_id(number: int) -> str:
    return f"1-{number:08x}-{number:024x}"


def a_document(number: int = 1, **members: Any) -> dict[str, Any]:
    """A segment that X-Ray takes; None takes a member away."""
    document = {
        "id": an_id(number),
        "trace_id": TRACE_ID,
        "name": "shop",
        "start_time": START_S,
        "end_time": START_S + 0.5,
    } | members
    return {member: value for member, value in document.items() if value is not None}


def a_subsegment(number: int, parent: int, **members: Any) -> dict[str, Any]:
    return a_document(number, type="subsegment", parent_id=an_id(parent), **members)


@dataclass
class Running:
    """The local X-Ray on a port of its own, and boto3's client for it."""

    url: str
    client: Any
    store: Store

    def put(self, *documents: Any) -> list[dict[str, Any]]:
        """What was not processed."""
        answer = self.client.put_trace_segments(TraceSegmentDocuments=[json.dumps(one) for one in documents])
        unprocessed: list[dict[str, Any]] = answer["UnprocessedTraceSegments"]
        return unprocessed


@contextmanager
def running() -> Iterator[Running]:
    """Serve an empty one, for a while."""
    with (
        closing(Store.open()) as store,
        bind("127.0.0.1", 0, "") as listening,
        served_by_thread(create(store), listening),
    ):
        client = boto3.client("xray", endpoint_url=url(listening), config=Config(retries={"total_max_attempts": 1}))
        client.meta.events.register("before-parse.xray", check_answer)
        with closing(client):
            yield Running(url(listening), client, store)
