"""The three functions as they are deployed, and what drives them: gateway, event source mapping, operator.

Takes   an environment that names X-Ray, SQS and S3.
Gives   `Cloud`: `post` for senders; `drain`, the mapping until nothing is left that moves; `replay`. Every report of a
        function is kept, and its counts are checked as soon as it comes.
Source  AWS Lambda developer guide, "Using Lambda with Amazon SQS": batches, partial responses; a batch whose function
        failed comes again as a whole. The visibility timeout is made to pass at once.
"""

import base64
import json
import time
import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import raygate.replay.function as replaying
from raygate import ingest, worker
from raygate.ingest import Report
from raygate.worker.report import states
from raygate_local import gateway
from tests.faults.aws import Aws
from tests.faults.load import Export
from tests.faults.senders import Answer

BATCH: Final = 30
AT_ONCE: Final = 10
"""Of a call of ReceiveMessage."""
MOST_ROUNDS: Final = 60


@dataclass(frozen=True, slots=True)
class Context:
    """Lambda's, counting from the moment it is made."""

    seconds: float
    aws_request_id: str = ""
    begun_s: float = field(default_factory=time.monotonic)

    def get_remaining_time_in_millis(self) -> int:
        """Until the function's limit."""
        return int((self.begun_s + self.seconds - time.monotonic()) * 1_000)


def event_of(export: Export, request_id: str = "") -> dict[str, Any]:
    """The gateway's event for a request."""
    headers = [(b"content-type", export.content_type.encode()), (b"content-encoding", export.coding.encode())]
    call = gateway.Call("POST", b"/v1/traces", headers[: 1 + bool(export.coding)], export.body, request_id=request_id)
    event: dict[str, Any] = json.loads(json.dumps(gateway.event(call)))
    return event


def answer_of(result: Mapping[str, Any]) -> Answer:
    """What the gateway makes of a result."""
    text = str(result.get("body", ""))
    body = base64.b64decode(text) if result.get("isBase64Encoded") else text.encode()
    headers = {name.lower(): str(value) for name, value in result["headers"].items()}
    return Answer(int(result["statusCode"]), headers, body)


def records_of(aws: Aws) -> list[dict[str, Any]]:
    """A batch as the mapping gathers it; empty when nothing is to be seen."""
    records: list[dict[str, Any]] = []
    while len(records) < BATCH:
        asked: Any = {"MaxNumberOfMessages": AT_ONCE, "MessageAttributeNames": ["All"], "AttributeNames": ["All"]}
        found = aws.sqs.receive_message(QueueUrl=aws.queue_url, **asked).get("Messages", [])
        records += map(_record, found)
        if not found:
            break
    return records


def _record(message: Mapping[str, Any]) -> dict[str, Any]:
    named = {
        name: {"stringValue": value["StringValue"], "dataType": "String"}
        for name, value in message.get("MessageAttributes", {}).items()
    }
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": dict(message["Attributes"]),
        "messageAttributes": named,
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-west-1:123456789012:live",
    }


def acknowledge(aws: Aws, records: list[dict[str, Any]], failed: set[str]) -> None:
    """What did not fail is deleted; the rest is seen again."""
    for one in records:
        if one["messageId"] not in failed:
            aws.sqs.delete_message(QueueUrl=aws.queue_url, ReceiptHandle=one["receiptHandle"])
    aws.time_passes()


@dataclass
class Cloud:
    """All of it."""

    environ: Mapping[str, str]
    aws: Aws
    seconds: float = 3.0
    """Of the ingest function."""
    queued: int = 0
    parked: int = 0
    """Spans, as the ingest function counted them."""
    counts: Counter[str] = field(default_factory=Counter)
    """Of the worker."""

    def __post_init__(self) -> None:
        self.ingest = ingest.start(self.environ, self._checked)
        self.worker = worker.start(self.environ, self._counted)
        self.replaying = replaying.start(self.environ, lambda _name, told: self._added_up(told))
        assert not self.ingest.problem

    def post(self, export: Export) -> Answer:
        """One request through the gateway."""
        return answer_of(self.ingest(event_of(export, str(uuid.uuid4())), Context(self.seconds)))

    def deliver(self, seconds: float = 60.0) -> int:
        """One batch of the mapping; how many messages were in it."""
        if records := records_of(self.aws):
            answer = self.worker({"Records": records}, Context(seconds))
            acknowledge(self.aws, records, {one["itemIdentifier"] for one in answer["batchItemFailures"]})
        return len(records)

    def drain(self) -> None:
        """Until the queue is empty."""
        self.aws.time_passes()
        assert any(not self.deliver() for _ in range(MOST_ROUNDS)), "the queue does not become empty"

    def replay(self, kind: str, seconds: float = 900.0) -> dict[str, Any]:
        """Dead letters, or what is parked."""
        self.aws.time_passes()
        told: dict[str, Any]
        (told,) = self.replaying({"replay": kind, "rate": 100_000}, Context(seconds, str(uuid.uuid4())))["replays"]
        return told

    def _checked(self, report: Report) -> None:
        outcome = report.outcome
        assert report.accident is None, report.accident
        if outcome:
            parked, rejected = outcome.parked.total(), outcome.rejected.total()
            states = (outcome.delivered, outcome.queued, parked, rejected, outcome.returned)
            assert min(states) >= 0
            assert sum(states) == outcome.spans
            self.queued += outcome.queued
            self.parked += parked

    def _counted(self, report: worker.Report) -> None:
        for one in report.settled:
            assert one.accident is None, one.accident
            told = states([one])
            assert told["received"] == told.total() - told["received"]
            assert min(told.values(), default=0) >= 0
        self.counts += report.spans()
        self.counts.update({f"messages {word}": count for word, count in report.messages().items()})

    def _added_up(self, told: Mapping[str, Any]) -> None:
        assert told["unaccounted"] == 0, told
