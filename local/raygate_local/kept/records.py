"""A message as a record of the function's event, the same from the file as from SQS.

Source  AWS Lambda developer guide, "Using Lambda with Amazon SQS".
"""

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

import orjson

ARN: Final = "arn:aws:sqs:local:000000000000:"


Row: TypeAlias = tuple[int, str, str, int, int, int]
"""Of the file: number, body, attributes, when it was sent and first received, and how often."""


def record(queue: str, row: Row, now_ms: int) -> dict[str, Any]:
    """The record of a row that is being received."""
    number, body, attributes, sent_ms, first_ms, receives = row
    named: Mapping[str, str] = orjson.loads(attributes)
    return {
        "messageId": str(number),
        "receiptHandle": str(number),
        "body": body,
        "attributes": {
            "ApproximateReceiveCount": str(receives + 1),
            "SentTimestamp": str(sent_ms),
            "ApproximateFirstReceiveTimestamp": str(first_ms or now_ms),
        },
        "messageAttributes": {name: {"stringValue": value, "dataType": "String"} for name, value in named.items()},
        "eventSource": "aws:sqs",
        "eventSourceARN": ARN + queue,
        "awsRegion": "local",
    }


def received(message: Mapping[str, Any], arn: str) -> dict[str, Any]:
    """The record of a message as ReceiveMessage gives it."""
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": dict(message.get("Attributes", {})),
        "messageAttributes": {
            name: {"stringValue": value.get("StringValue"), "dataType": value["DataType"]}
            for name, value in message.get("MessageAttributes", {}).items()
        },
        "eventSource": "aws:sqs",
        "eventSourceARN": arn,
        "awsRegion": arn.split(":")[3],
    }
