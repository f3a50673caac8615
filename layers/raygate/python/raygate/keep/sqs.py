"""The queue behind `Queue`: Amazon SQS.

Takes   messages, and the time there is.
Gives   for each whether SQS has confirmed it by its id. Nothing else is called kept: neither what SQS lists as failed,
        nor what it does not mention, nor a call without an answer in time.
Rules   As few calls as possible, side by side: 10 messages and 1 MiB a call. What is not confirmed is sent once more
        while there is time; a message that was stored without our knowing is then there twice, which X-Ray overwrites.
Source  SQS developer guide, "Message quotas"; API reference, SendMessageBatch.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from time import monotonic
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from raygate.keep.message import Packed
from raygate.lanes import Lanes

MOST_BYTES: Final = 1_048_576
"""Of a message and of a call, attributes included."""
MOST_MESSAGES: Final = 10
TRIES: Final = 2

CALL_FAILED: Final = (ClientError, BotoCoreError, ResponseParserError)

_LANES: Final = Lanes("queue")


class SqsQueue:
    """One queue, by its address; botocore's client is made at the first need."""

    def __init__(self, url: str, client: Callable[[], Any]) -> None:
        self.url = url
        self.client = client

    @property
    def most_bytes(self) -> int:
        """The most that a message may weigh."""
        return MOST_BYTES

    def send(self, messages: Sequence[Packed], timeout_s: float) -> list[bool]:
        """Send them, once more where that was not confirmed."""
        confirmed = [one.weight > MOST_BYTES for one in messages]  # such a one would cost its whole call
        too_large, deadline_s = list(confirmed), monotonic() + timeout_s
        for tries_left in range(TRIES, 0, -1):
            left_s = deadline_s - monotonic()
            waiting = [at for at, is_done in enumerate(confirmed) if not is_done]
            if not waiting or left_s <= 0:
                break
            calls = [partial(self._send_batch, batch, messages) for batch in _batches(waiting, messages)]
            nothing: list[int] = []
            for positions in _LANES.run(calls, nothing, left_s / tries_left):
                for at in positions:
                    confirmed[at] = True
        return [is_done and not over for is_done, over in zip(confirmed, too_large, strict=True)]

    def _send_batch(self, batch: Sequence[int], messages: Sequence[Packed]) -> list[int]:
        """The positions that SQS confirms."""
        entries = [_entry(at, messages[at]) for at in batch]
        try:
            answer = self.client().send_message_batch(QueueUrl=self.url, Entries=entries)
        except CALL_FAILED:
            return []
        sent = {str(at): at for at in batch}
        return [sent[entry["Id"]] for entry in answer.get("Successful") or () if entry.get("Id") in sent]


def _entry(at: int, message: Packed) -> dict[str, Any]:
    attributes = {
        name: {"DataType": "String", "StringValue": value} for name, value in message.attributes.items() if value
    }
    return {"Id": str(at), "MessageBody": message.body, "MessageAttributes": attributes}


def _batches(positions: Sequence[int], messages: Sequence[Packed]) -> Iterator[list[int]]:
    batch: list[int] = []
    room = MOST_BYTES
    for at in positions:
        weight = messages[at].weight
        if batch and (len(batch) == MOST_MESSAGES or weight > room):
            yield batch
            batch, room = [], MOST_BYTES
        batch.append(at)
        room -= weight
    if batch:
        yield batch
