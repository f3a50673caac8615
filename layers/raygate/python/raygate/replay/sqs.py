"""The far end of an SQS queue: what is in it is received, and deleted or given back.

Gives   `SqsLetters`; `behind`: the dead-letter queue of a queue, by its redrive policy.
Raises  `KeepError` with SQS's code, or for no answer.
Source  SQS API reference, ReceiveMessage, DeleteMessageBatch, ChangeMessageVisibilityBatch, GetQueueAttributes.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from raygate.keep.message import Packed
from raygate.keep.stores import KeepError
from raygate.records import dataclass
from raygate.replay.sources.dead_letters import Letter

HIDDEN_S: Final = 960
"""A minute longer than a function may run."""
WAIT_S: Final = 1
"""For a message to be there. With 0 only some of SQS's servers are asked."""


@dataclass(frozen=True, slots=True)
class SqsLetters:
    """One queue, by its address."""

    url: str
    client: Callable[[], Any]
    """botocore's client, made at the first need."""
    wait_s: int = WAIT_S

    def receive(self, most: int) -> list[Letter]:
        """Some messages, hidden from others for as long as a run may take."""
        answer = self._call(
            "receive_message",
            MaxNumberOfMessages=most,
            WaitTimeSeconds=self.wait_s,
            VisibilityTimeout=HIDDEN_S,
            MessageAttributeNames=["All"],
        )
        return [_letter(message) for message in answer.get("Messages") or ()]

    def delete(self, letters: Sequence[Letter]) -> None:
        """They are done."""
        self._batch("delete_message_batch", letters)

    def release(self, letters: Sequence[Letter]) -> None:
        """They are to be seen by others again."""
        self._batch("change_message_visibility_batch", letters, VisibilityTimeout=0)

    def count(self) -> int:
        """About how many are there and not hidden."""
        name = "ApproximateNumberOfMessages"
        attributes = self._call("get_queue_attributes", AttributeNames=[name]).get("Attributes") or {}
        return int(attributes.get(name, 0))

    def _batch(self, operation: str, letters: Sequence[Letter], **each: int) -> None:
        if not letters:
            return
        entries = [{"Id": str(at), "ReceiptHandle": letter.handle, **each} for at, letter in enumerate(letters)]
        failed = self._call(operation, Entries=entries).get("Failed") or ()
        if failed:
            raise KeepError(f"the queue failed: {failed[0].get('Code', 'without a code')}")

    def _call(self, operation: str, **arguments: Any) -> Mapping[str, Any]:
        return _called(self.client(), operation, QueueUrl=self.url, **arguments)


def behind(url: str, client: Callable[[], Any]) -> str:
    """The address of the dead-letter queue; empty when there is none."""
    answer = _called(client(), "get_queue_attributes", QueueUrl=url, AttributeNames=["RedrivePolicy"])
    policy = json.loads((answer.get("Attributes") or {}).get("RedrivePolicy", "{}"))
    name = str(policy.get("deadLetterTargetArn", "")).rpartition(":")[2]
    return f"{url.rpartition('/')[0]}/{name}" if name else ""


def _letter(message: Mapping[str, Any]) -> Letter:
    given = message.get("MessageAttributes") or {}
    attributes = {name: value["StringValue"] for name, value in given.items() if "StringValue" in value}
    return Letter(message["MessageId"], message["ReceiptHandle"], Packed(message["Body"], attributes))


def _called(client: Any, operation: str, **arguments: Any) -> Mapping[str, Any]:
    try:
        answer: Mapping[str, Any] = getattr(client, operation)(**arguments)
        return answer
    except (ClientError, BotoCoreError, ResponseParserError) as error:
        code = error.response.get("Error", {}).get("Code", "") if isinstance(error, ClientError) else ""
        raise KeepError(f"the queue failed: {code or type(error).__name__}") from error
