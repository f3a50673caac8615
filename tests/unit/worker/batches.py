"""Batches for the worker: messages in the stores of a laptop, and an X-Ray that does what it is told."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from botocore.exceptions import ClientError

from raygate.deliver import Budget
from raygate.deliver.pace import Pace
from raygate.keep import Accepted, Packed, Stores, Undelivered, pack
from raygate.request import Request
from raygate.settings import Settings
from raygate.worker import Report, Worker
from raygate_local.kept.bucket import KeptBucket
from raygate_local.kept.database import Database
from raygate_local.kept.queue import DEAD, KeptQueue
from tests.fake_xray import Clock, Store

HOUR_MS = 3_600_000
RECEIVED_MS = 1_773_342_238_390


def a_document(number: int, trace: int = 1) -> str:
    """One that X-Ray takes."""
    trace_id = f"1-69b31a5e-{trace:024x}"
    return json.dumps({"id": f"{number:016x}", "trace_id": trace_id, "name": "shop", "start_time": 1, "end_time": 2})


def an_undelivered(*numbers: int, tenant: str = "") -> Packed:
    """A message with these documents."""
    return pack(Undelivered(tuple(map(a_document, numbers)), tenant, "request-1", RECEIVED_MS))


def an_export(*numbers: int, bad: int = 0) -> bytes:
    """A request with a span for each number, and some whose id is all zeros."""
    ids = [*(f"{number:016x}" for number in numbers), *["0" * 16] * bad]
    spans = [
        {"traceId": "69b31a5e000000000000000000000001", "spanId": one, "name": "op", "startTimeUnixNano": "1000000000",
         "endTimeUnixNano": "2000000000", "kind": 2}
        for one in ids
    ]  # fmt: skip
    return json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]}).encode()


def an_accepted(*numbers: int, bad: int = 0, tenant: str = "", hour: int = 0) -> Packed:
    """A message with that request."""
    request = Request(an_export(*numbers, bad=bad), "json", tenant=tenant)
    return pack(Accepted(request, "request-1", RECEIVED_MS + hour * HOUR_MS))


def a_record(number: int, packed: Packed, receives: int = 1, arn: str = "arn:aws:sqs:x:1:q") -> dict[str, Any]:
    """The record of an SQS event."""
    return {
        "messageId": f"m-{number}",
        "receiptHandle": f"h-{number}",
        "body": packed.body,
        "attributes": {"ApproximateReceiveCount": str(receives)},
        "messageAttributes": {
            name: {"stringValue": value, "dataType": "String"} for name, value in packed.attributes.items()
        },
        "eventSource": "aws:sqs",
        "eventSourceARN": arn,
    }


def an_event(*messages: Packed, receives: int = 1, arn: str = "arn:aws:sqs:x:1:q") -> dict[str, Any]:
    """An SQS event."""
    return {"Records": [a_record(number, one, receives, arn) for number, one in enumerate(messages)]}


def failed(answer: Mapping[str, Any]) -> list[str]:
    """The ids that an answer names."""
    return [one["itemIdentifier"] for one in answer["batchItemFailures"]]


def throttled(*ids: str) -> Callable[[Sequence[str]], bool]:
    """Whether a call with these documents is throttled; without ids every one is."""
    return lambda texts: not ids or any(one in text for one in ids for text in texts)


@dataclass
class Scene:
    """A worker with everything around it."""

    folder: Path
    settings: Settings = field(default_factory=Settings)
    xray: Store = field(default_factory=Store)
    has_queue: bool = True
    has_bucket: bool = True
    has_dead_letters: bool = True
    throttles: Callable[[Sequence[str]], bool] = lambda _: False
    rate: int = 0
    """Segments a second; 0: as many as X-Ray takes."""
    reports: list[Report] = field(default_factory=list)

    def __enter__(self) -> Self:
        self.database = Database(self.folder)
        self.queue = KeptQueue(self.database)
        self.dead = KeptQueue(self.database, DEAD)
        self.bucket = KeptBucket(self.database)
        self.clock = Clock()
        return self

    def __exit__(self, *_: object) -> None:
        self.database.close()

    def put(self, texts: list[str]) -> Mapping[str, Any]:
        """PutTraceSegments."""
        if self.throttles(texts):
            response: Any = {"Error": {"Code": "ThrottledException"}, "ResponseMetadata": {"HTTPStatusCode": 429}}
            raise ClientError(response, "PutTraceSegments")
        return self.xray.put(texts)

    @property
    def worker(self) -> Worker:
        """A new one."""
        pace = Pace(self.rate, self.put, clock=self.clock) if self.rate else None
        return Worker(
            self.settings,
            pace.put if pace else self.put,
            Stores(self.queue if self.has_queue else None, self.bucket if self.has_bucket else None),
            self.reports.append,
            self.dead if self.has_dead_letters else None,
            pace=pace,
            budget=lambda seconds: Budget.of(seconds, clock=self.clock, sleep=self.clock.sleep),
        )

    def run(self, *messages: Packed, receives: int = 1) -> list[str]:
        """One batch of the queue; the ids that failed."""
        return failed(self.worker(an_event(*messages, receives=receives)))

    def states(self) -> dict[str, int]:
        """Of the last batch, without those that have none."""
        return {state: count for state, count in self.reports[-1].spans().items() if count}
