"""SQS seen from its other end: what the event source mapping does with a queue, done here.

Gives   `SqsSource`: receive, delete, release, as `KeptQueue` has them; `redrive`, where its dead letters go and after
        how many tries.
Raises  `KeepError` when SQS cannot be reached or refuses.
Note    How long a message is hidden is the queue's own setting.
Source  SQS API reference, ReceiveMessage, DeleteMessageBatch, ChangeMessageVisibilityBatch, GetQueueAttributes.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import orjson
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from raygate.keep import KeepError
from raygate_local.kept.queue import Waiting
from raygate_local.kept.records import received

MOST: Final = 10
"""Of a call."""
LONGEST_WAIT_S: Final = 20
COUNTS: Final = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)


class Redrive(NamedTuple):
    """Where a queue's dead letters go."""

    url: str = ""
    max_receives: int = 0


@dataclass(frozen=True, slots=True)
class SqsSource:
    """One queue, by its address."""

    url: str
    client: Any
    """boto's; its read timeout has to be longer than a poll."""
    arn: str = "arn:aws:sqs:::"

    def receive(self, most: int, wait_s: float = 0.0) -> list[dict[str, Any]]:
        """Up to ten records; waits whole seconds for the first."""
        with _failing():
            answer = self.client.receive_message(
                QueueUrl=self.url,
                MaxNumberOfMessages=min(MOST, most),
                WaitTimeSeconds=min(LONGEST_WAIT_S, round(wait_s)),
                MessageSystemAttributeNames=["All"],
                MessageAttributeNames=["All"],
            )
        return [received(message, self.arn) for message in answer.get("Messages") or ()]

    def delete(self, handles: Sequence[str]) -> None:
        """These are done."""
        for entries in _entries(handles):
            with _failing():
                self.client.delete_message_batch(QueueUrl=self.url, Entries=entries)

    def release(self, handles: Sequence[str], after_s: float) -> None:
        """These failed, and are seen again after a while."""
        for entries in _entries(handles):
            hidden = [entry | {"VisibilityTimeout": round(after_s)} for entry in entries]
            with _failing():
                self.client.change_message_visibility_batch(QueueUrl=self.url, Entries=hidden)

    def waiting(self) -> Waiting:
        """About how much is in it, hidden or not."""
        given = self._attributes(*COUNTS)
        return Waiting(sum(int(given.get(name, "0")) for name in COUNTS))

    def name(self) -> str:
        """Its ARN, as events call it."""
        return self._attributes("QueueArn").get("QueueArn", self.arn)

    def redrive(self) -> Redrive:
        """What the queue does with a message that fails for ever; nothing, when it does nothing."""
        policy = orjson.loads(self._attributes("RedrivePolicy").get("RedrivePolicy", "{}"))
        if not policy:
            return Redrive()
        name = policy["deadLetterTargetArn"].rpartition(":")[2]
        with _failing():
            return Redrive(self.client.get_queue_url(QueueName=name)["QueueUrl"], int(policy["maxReceiveCount"]))

    def wake(self) -> None:
        """A poll ends by itself."""

    def _attributes(self, *names: str) -> dict[str, str]:
        with _failing():
            answer = self.client.get_queue_attributes(QueueUrl=self.url, AttributeNames=list(names))
        return dict(answer.get("Attributes") or {})


def _entries(handles: Sequence[str]) -> Iterator[list[dict[str, Any]]]:
    for start in range(0, len(handles), MOST):
        yield [{"Id": str(at), "ReceiptHandle": one} for at, one in enumerate(handles[start : start + MOST])]


@contextmanager
def _failing() -> Iterator[None]:
    try:
        yield
    except (ClientError, BotoCoreError, ResponseParserError) as error:
        code = error.response.get("Error", {}).get("Code", "") if isinstance(error, ClientError) else ""
        raise KeepError(f"the queue failed: {code or type(error).__name__}") from error
