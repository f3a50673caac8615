"""The events of the deliver function, made of captured requests: of a queue, a stream, and a stream to be transformed.

Gives   `deliver_events()`, each by its file's name. In each there is something that passes and something that does not.
"""

import json
import struct
from base64 import b64encode
from typing import Any
from zlib import crc32

from raygate.keep import Packed
from raygate.keep.message import DOCUMENTS
from tests.corpus import captured_one

PROTOBUF = "otel-python/001-otel-python-generate.http.json"
JSON = "otel-python-json-gzip/001-otel-python-json-gzip-aws-queue.http.json"
RECEIVED_MS = 1_795_348_800_000

DOCUMENT = {
    "name": "shop",
    "id": "70de5b6f19ff9a0a",
    "trace_id": "1-6b02cc00-4b7a3e5d9c1f2a8b6d4e0f37",
    "start_time": RECEIVED_MS / 1_000,
    "end_time": RECEIVED_MS / 1_000 + 0.25,
}
UNREADABLE = b"\x00\x01"


def deliver_events() -> dict[str, Any]:
    """All of them."""
    protobuf = captured_one(PROTOBUF).body
    return {
        "deliver_queue.json": {"Records": [_message(number, one) for number, one in enumerate(_messages(protobuf), 1)]},
        "deliver_kinesis.json": {"Records": [_record(at, body) for at, body in enumerate((protobuf, UNREADABLE), 1)]},
        "deliver_firehose.json": {
            "invocationId": "5d5bfcaa-5b2c-4f3e-8f0e-0d0e3b8f4c11",
            "deliveryStreamArn": "arn:aws:firehose:eu-west-1:111122223333:deliverystream/spans",
            "region": "eu-west-1",
            "records": [
                {"recordId": f"r{at}", "approximateArrivalTimestamp": RECEIVED_MS, "data": b64encode(body).decode()}
                for at, body in enumerate((protobuf, UNREADABLE, b""), 1)
            ],
        },
    }


def _messages(protobuf: bytes) -> list[Packed]:
    """A request in each encoding, documents, and what nobody can read."""
    request = {"content-type": "application/x-protobuf", **_receipt("JKJaXmPLvHcESHA=")}
    zipped = {"content-type": "application/json", "content-encoding": "gzip", **_receipt("JKJaXmPLvHcESHB=")}
    documents = {"content-type": DOCUMENTS, "content-encoding": "gzip", **_receipt("JKJaXmPLvHcESHC=")}
    texts = json.dumps([json.dumps(DOCUMENT)]).encode()
    return [
        Packed(b64encode(protobuf).decode(), request),
        Packed(b64encode(captured_one(JSON).body).decode(), zipped),
        Packed(b64encode(_stored(texts)).decode(), documents),
        Packed(b64encode(UNREADABLE).decode(), {"content-type": "application/x-protobuf"}),
    ]


def _receipt(request_id: str) -> dict[str, str]:
    return {"raygate-tenant": "shop", "raygate-request-id": request_id, "raygate-received-ms": str(RECEIVED_MS)}


def _stored(data: bytes) -> bytes:
    """As gzip, and not compressed: versions of zlib compress each in its own way, and the file is to be the same."""
    head, size = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff", len(data)
    return head + struct.pack("<BHH", 1, size, size ^ 0xFFFF) + data + struct.pack("<II", crc32(data), size)


def _message(number: int, packed: Packed) -> dict[str, Any]:
    named = {name: {"stringValue": value, "dataType": "String"} for name, value in packed.attributes.items()}
    return {
        "messageId": f"059f36b4-87a3-44ab-83d2-66197594000{number}",
        "receiptHandle": f"AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a{number}",
        "body": packed.body,
        "attributes": {
            "ApproximateReceiveCount": "1",
            "SentTimestamp": str(RECEIVED_MS),
            "SenderId": "AIDAEXAMPLE",
            "ApproximateFirstReceiveTimestamp": str(RECEIVED_MS + 1),
        },
        "messageAttributes": named,
        "md5OfBody": "00000000000000000000000000000000",
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-west-1:111122223333:spans",
        "awsRegion": "eu-west-1",
    }


def _record(number: int, body: bytes) -> dict[str, Any]:
    sequence = f"4954411546151154436789012345678901234567890123450000000{number}"
    return {
        "kinesis": {
            "kinesisSchemaVersion": "1.0",
            "partitionKey": "spans",
            "sequenceNumber": sequence,
            "data": b64encode(body).decode(),
            "approximateArrivalTimestamp": RECEIVED_MS / 1_000,
        },
        "eventSource": "aws:kinesis",
        "eventVersion": "1.0",
        "eventID": f"shardId-000000000000:{sequence}",
        "eventName": "aws:kinesis:record",
        "invokeIdentityArn": "arn:aws:iam::111122223333:role/deliver",
        "awsRegion": "eu-west-1",
        "eventSourceARN": "arn:aws:kinesis:eu-west-1:111122223333:stream/spans",
    }
