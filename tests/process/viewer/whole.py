"""The local X-Ray's whole site as `raygate serve` puts it there, with a data folder, on a port of its own."""

import json
import socket
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import requests

from raygate.keep.parked import Parked, parked_object
from raygate.settings import Settings
from raygate_local.kept.bucket import KeptBucket
from raygate_local.kept.database import Database
from raygate_local.kept.queue import DEAD, KeptQueue
from raygate_local.viewer.desk import Desk
from raygate_local.viewer.first import First
from raygate_local.viewer.site import open_site
from raygate_local.viewer.sources import Sources
from tests.http_thread import served_by_thread

TIMEOUT_S: Final = 30

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Whole:
    """Where it is, and what is behind it."""

    url: str
    bucket: KeptBucket
    dead: KeptQueue
    sources: Sources

    def put(self, *documents: Json) -> list[Json]:
        """PutTraceSegments; what was refused."""
        refused: list[Json] = []
        for start in range(0, len(documents), 50):
            texts = [json.dumps(one) for one in documents[start : start + 50]]
            refused += self.send(texts)["UnprocessedTraceSegments"]
        return refused

    def send(self, texts: list[str]) -> Mapping[str, Any]:
        """As boto's client does it."""
        body = {"TraceSegmentDocuments": texts}
        answer: Json = requests.post(f"{self.url}/TraceSegments", json=body, timeout=TIMEOUT_S).json()
        return answer

    def park(self, document: Json, code: str, **members: Any) -> str:
        """As the endpoint parks what X-Ray refused."""
        given = {"trace_id": document["trace_id"], "id": document["id"], "code": code, "message": "X-Ray's own words"}
        one = Parked(json.dumps(document), **{**given, **members})
        self.bucket.put(one.key, parked_object(one), TIMEOUT_S)
        return one.key


@contextmanager
def whole(folder: Path, port: int = 0) -> Iterator[Whole]:
    """Serve it for a while."""
    with ExitStack() as stack:
        listening = stack.enter_context(socket.create_server(("127.0.0.1", port)))
        file = stack.enter_context(Database(folder))
        sources = stack.enter_context(closing(Sources.open(folder)))
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        it = Whole(url, KeptBucket(file), KeptQueue(file, DEAD), sources)
        desk = Desk(Settings(), it.send, it.bucket, file, sources)
        site = open_site(First(), folder, desk, stack)
        with served_by_thread(site.app, listening), closing(site):
            yield it
