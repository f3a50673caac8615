"""Who brings messages: an SQS queue, a Kinesis stream, a Firehose stream that has us transform its records.

Takes   the function's event.
Gives   `read`: the `Batch` in it. `answer`: what the carrier wants to hear about each message.
Raises  `EventError` for an event of anybody else. To raise makes every message come again.
Rules   SQS takes the ids of all failed messages. Kinesis goes on from the first one that it is told, so it is told the
        lowest. Firehose wants each record exactly once, with the data that it stores behind us: those that came.
Source  AWS Lambda developer guide, "Using Lambda with Amazon SQS", "… with Amazon Kinesis"; Amazon Data Firehose
        developer guide, "Data transformation"; otlp-http, "Replays and other sources".
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from raygate.errors import RaygateError
from raygate.keep import Packed
from raygate.settings import Settings
from raygate.worker import plain_otlp
from raygate.worker.arrived import ORDERED_QUEUE, QUEUE, STREAM, TRANSFORMATION, Arrived, Batch, Settled


class EventError(RaygateError):
    """The event is of nobody whom the worker knows."""


class Carrier(NamedTuple):
    """How its events are read, and answered."""

    read: Callable[[Mapping[str, Any], Settings], Batch]
    answer: Callable[[Mapping[str, Any], Sequence[Settled]], dict[str, Any]]


def read(event: Any, settings: Settings) -> Batch:
    """The messages of an event, in its order."""
    return CARRIERS[_named(event)].read(event, settings)


def answer(event: Any, settled: Sequence[Settled]) -> dict[str, Any]:
    """What to return for them."""
    return CARRIERS[_named(event)].answer(event, settled)


def _named(event: Any) -> str:
    if not isinstance(event, Mapping):
        raise EventError("the event is no JSON object")
    if "records" in event:
        return "firehose"
    records = event.get("Records")
    sources = {str(record.get("eventSource")) for record in records} if isinstance(records, list) else set()
    name = sources.pop().removeprefix("aws:") if len(sources) == 1 else ""
    if name not in CARRIERS:
        raise EventError("the event is none of SQS, Kinesis or Firehose")
    return name


def _read_sqs(event: Mapping[str, Any], _: Settings) -> Batch:
    records = event["Records"]
    is_ordered = str(records[0].get("eventSourceARN", "")).endswith(".fifo")
    return Batch("sqs", [_of_sqs(record) for record in records], ORDERED_QUEUE if is_ordered else QUEUE)


def _of_sqs(record: Mapping[str, Any]) -> Arrived:
    given = record.get("messageAttributes") or {}
    texts = {name: value.get("stringValue") for name, value in given.items()}
    receives = record.get("attributes", {}).get("ApproximateReceiveCount", "1")
    packed = Packed(record["body"], {name: text for name, text in texts.items() if isinstance(text, str)})
    return Arrived(record["messageId"], packed, int(receives))


def _read_kinesis(event: Mapping[str, Any], settings: Settings) -> Batch:
    records = [record["kinesis"] for record in event["Records"]]
    arrived = [Arrived(one["sequenceNumber"], plain_otlp.packed(one["data"], settings)) for one in records]
    return Batch("kinesis", arrived, STREAM)


def _read_firehose(event: Mapping[str, Any], settings: Settings) -> Batch:
    records = event["records"]
    arrived = [Arrived(one["recordId"], plain_otlp.packed(one["data"], settings)) for one in records]
    return Batch("firehose", arrived, TRANSFORMATION)


def _answer_sqs(_: Mapping[str, Any], settled: Sequence[Settled]) -> dict[str, Any]:
    failed = [{"itemIdentifier": one.message.id} for one in settled if one.word == "failed"]
    return {"batchItemFailures": failed}


def _answer_kinesis(_: Mapping[str, Any], settled: Sequence[Settled]) -> dict[str, Any]:
    failed = sorted((one.message.id for one in settled if one.word == "failed"), key=int)
    return {"batchItemFailures": [{"itemIdentifier": failed[0]}] if failed else []}


def _answer_firehose(event: Mapping[str, Any], settled: Sequence[Settled]) -> dict[str, Any]:
    pairs = zip(event["records"], settled, strict=True)
    return {"records": [{"recordId": one["recordId"], **_result(one["data"], word)} for one, word in pairs]}


def _result(data: str, settled: Settled) -> dict[str, str]:
    if settled.word != "done":
        return {"result": "ProcessingFailed", "data": data}
    return {"result": "Ok", "data": data} if data else {"result": "Dropped"}


CARRIERS: Final[Mapping[str, Carrier]] = {
    "sqs": Carrier(_read_sqs, _answer_sqs),
    "kinesis": Carrier(_read_kinesis, _answer_kinesis),
    "firehose": Carrier(_read_firehose, _answer_firehose),
}
