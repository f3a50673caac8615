"""What the functions ask of AWS: each set up as deployed, then led through every branch that calls, moto behind it.

Gives   `calls_of(function)`: for every call that botocore made, the permission that it wants and the resource that it
        was for, by its logical name in the template.
"""

import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, TypeAlias
from unittest.mock import patch

import boto3
from botocore.client import BaseClient
from moto import mock_aws

from raygate import ingest, worker
from raygate.deliver import Budget
from raygate.keep import Packed
from raygate.keep.bundles import bundle
from raygate.keep.claims import claim
from raygate.keep.layout import archive_key
from raygate.keep.parked import Parked, parked_object
from raygate.keep.sqs import MOST_BYTES
from raygate.keys.record import WRITE, Record, hash_of
from raygate.keys.table_store import item_of
from raygate.replay import function as replay
from tests.fake_xray import Clock, Store
from tests.project.test_template import environment
from tests.unit.worker import batches

Grant: TypeAlias = tuple[str, str]
"""A permission and a resource."""

ACTIONS: Final = {
    "PutTraceSegments": "xray:PutTraceSegments",
    "GetItem": "dynamodb:GetItem",
    "SendMessageBatch": "sqs:SendMessage",
    "ReceiveMessage": "sqs:ReceiveMessage",
    "DeleteMessageBatch": "sqs:DeleteMessage",
    "ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
    "GetQueueAttributes": "sqs:GetQueueAttributes",
    "PutObject": "s3:PutObject",
    "GetObject": "s3:GetObject",
    "DeleteObject": "s3:DeleteObject",
    "ListObjectsV2": "s3:ListBucket",
}
"""The permission that an operation wants, as the Service Authorization Reference has it."""

EVENTS: Final = Path(__file__).parents[2] / "events"
BUCKET, TABLE, TOKEN = "bucket", "keys", "a-key-of-tests"
NOON_MS: Final = batches.RECEIVED_MS
CLAIMED: Final = "claims/2026/03/12/a"
REFUSED: Final = "0" * 15 + "9"


def calls_of(function: str) -> set[Grant]:
    """Everything that a function asked for."""
    with mock_aws():
        environ = environment(function) | _made() | {"AWS_REGION": "eu-west-1"}
        with _recorded() as calls:
            LED[function](environ)
    return set(calls)


@contextmanager
def _recorded() -> Iterator[list[Grant]]:
    calls: list[Grant] = []
    send = BaseClient._make_api_call  # type: ignore[attr-defined]

    def noted(client: BaseClient, operation: str, arguments: dict[str, Any]) -> Any:
        calls.append((ACTIONS[operation], _resource(arguments)))
        return send(client, operation, arguments)

    with patch.object(BaseClient, "_make_api_call", noted):
        yield calls


def _resource(arguments: Mapping[str, Any]) -> str:
    if "QueueUrl" in arguments:
        return f"{arguments['QueueUrl'].rpartition('/')[2]}.Arn"
    if "TableName" in arguments:
        return "KeysTable.Arn"
    if "Bucket" in arguments:
        assert arguments["Bucket"] == BUCKET
        return f"Bucket.Arn/{arguments['Key'].partition('/')[0]}/*" if "Key" in arguments else "Bucket.Arn"
    return "*"


def _made() -> dict[str, str]:
    """The stack's stores, with what is kept in them, and the settings that name them."""
    sqs, s3 = boto3.client("sqs"), boto3.client("s3")
    urls = {name: sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("Queue", "DeadLetterQueue")}
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    boto3.client("xray").batch_get_traces(TraceIds=[])  # moto's first answer is slow, and the functions are in a hurry
    _keep(s3)
    sqs.send_message(QueueUrl=urls["DeadLetterQueue"], **_as_sent(batches.an_accepted(1)))
    sqs.send_message(QueueUrl=urls["DeadLetterQueue"], **_as_sent(claim(batches.an_accepted(2), CLAIMED)[0]))
    sqs.send_message(QueueUrl=urls["DeadLetterQueue"], MessageBody="nothing can be made of it")
    key = {"AttributeName": "hash"}
    table = boto3.client("dynamodb").create_table(
        TableName=TABLE,
        KeySchema=[key | {"KeyType": "HASH"}],
        AttributeDefinitions=[key | {"AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    assert table
    record = Record(hash_of(TOKEN), "id", "shop", (WRITE,))
    boto3.client("dynamodb").put_item(TableName=TABLE, Item=item_of(record.fields()))
    return {
        "RAYGATE_QUEUE_URL": urls["Queue"],
        "RAYGATE_DEAD_LETTER_QUEUE_URL": urls["DeadLetterQueue"],
        "RAYGATE_BUCKET": BUCKET,
        "RAYGATE_KEYS_TABLE": TABLE,
        "RAYGATE_ARCHIVE": "true",
    }


def _keep(s3: Any) -> None:
    parked = Parked(batches.a_document(7), "1-0-0", "7", "InvalidSegment", "", "shop", "r", NOON_MS, NOON_MS)
    again = Parked(batches.a_document(9), "1-0-0", "9", "InvalidSegment", "", "shop", "r", NOON_MS, NOON_MS)
    objects = {one.key: parked_object(one) for one in (parked, again)}
    objects[archive_key("shop", NOON_MS, "b")] = bundle([batches.an_accepted(*range(100, 400))])
    objects[CLAIMED] = claim(batches.an_accepted(2), CLAIMED)[1]
    for name, stored in objects.items():
        s3.put_object(Bucket=BUCKET, Key=name, Body=stored.body, Metadata=dict(stored.metadata))


def _as_sent(packed: Packed) -> dict[str, Any]:
    named = {name: {"DataType": "String", "StringValue": value} for name, value in packed.attributes.items()}
    return {"MessageBody": packed.body, "MessageAttributes": named}


def _throttled(_: Any) -> dict[str, Any]:
    return {
        "UnprocessedTraceSegments": [{"ErrorCode": "ThrottledException", "Id": f"{one:016x}"} for one in range(999)]
    }


def _in_no_hurry(_: float) -> Budget:
    return Budget.of(60, sleep=lambda _: None)


def _export(body: bytes) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((EVENTS / "traces_json_gzip.json").read_bytes())
    headers = {"content-type": "application/json", "authorization": f"Bearer {TOKEN}"}
    return event | {"headers": headers, "body": body.decode(), "isBase64Encoded": False}


def _ingest(environ: dict[str, str]) -> None:
    event = _export(batches.an_export(1, 9))
    handler = ingest.start(environ, lambda _: None)
    assert handler(event)["statusCode"] == 200
    puts: list[Callable[[Any], Any]] = [_throttled, Store(refuses={REFUSED: "InvalidSegment"}).put]
    for put in puts:
        handler.put, handler.budget = put, _in_no_hurry
        assert handler(event)["statusCode"] == 200
    buffered = ingest.start(environ | {"RAYGATE_DELIVERY": "buffered"}, lambda _: None)
    large = batches.an_export(*range(1, 101))
    while b'"op"' in large:
        large = large.replace(b'"op"', b'"%b"' % secrets.token_hex(18_000).encode(), 1)
    assert len(large) > 3 * MOST_BYTES
    for body in (batches.an_export(1), large):
        assert buffered(_export(body))["statusCode"] == 200


def _deliver(environ: dict[str, str]) -> None:
    handler = worker.start(environ, lambda _: None)
    handler.budget = _in_no_hurry
    claimed, missing = (claim(batches.an_accepted(2), name)[0] for name in (CLAIMED, "claims/2026/03/12/gone"))
    assert handler(batches.an_event(batches.an_accepted(1), claimed)) == {"batchItemFailures": []}
    handler(batches.an_event(missing))
    large = Packed("x" * MOST_BYTES)
    assert handler(batches.an_event(Packed("nothing can be made of it"), large)) == {"batchItemFailures": []}
    puts: list[Callable[[Any], Any]] = [_throttled, Store(refuses={REFUSED: "InvalidSegment"}).put]
    for put in puts:
        handler.put = put
        handler(batches.an_event(batches.an_accepted(1, 9, bad=1)))


class _Context:
    """Lambda's, with so many answers of "there is time" and then none."""

    def __init__(self, name: str, looks: int = 10**9) -> None:
        self.aws_request_id, self.looks = name, looks

    def get_remaining_time_in_millis(self) -> int:
        self.looks -= 1
        return 900_000 if self.looks >= 0 else 10_000


def _replay(environ: dict[str, str]) -> None:
    handler = replay.start(environ, lambda _event, _told: None)
    clock, letters = Clock(), handler.site.letters

    def at_once(url: str | None) -> Any:
        found: Any = letters(url)
        return replace(found, wait_s=0)

    handler.clock, handler.sleep = clock, clock.sleep
    archive = {"replay": "archive", "from": "2026-03-12T00:00:00Z", "to": "2026-03-13T00:00:00Z"}
    handler(archive | {"dry_run": True}, _Context("look"))
    handler.site = replace(handler.site, letters=at_once)
    handler({"replay": "dead-letters", "dry_run": True}, _Context("look"))
    handler({"replay": "dead-letters"}, _Context("dead"))  # moto's own X-Ray
    handler.site = replace(handler.site, put=Store(refuses={REFUSED: "InvalidSegment"}).put)
    (interrupted,) = handler(archive, _Context("archive", looks=10))["replays"]
    assert interrupted["state"] == "interrupted"
    handler({"replay": "schedule"}, _Context("schedule"))
    (parked,) = handler({"replay": "parked"}, _Context("parked"))["replays"]
    assert (parked["delivered"], parked["parked"]) == (1, 1)
    handler({"replay": "object", "key": archive_key("shop", NOON_MS, "b")}, _Context("object"))


LED: Final[dict[str, Callable[[dict[str, str]], None]]] = {
    "IngestFunction": _ingest,
    "DeliverFunction": _deliver,
    "ReplayFunction": _replay,
}
