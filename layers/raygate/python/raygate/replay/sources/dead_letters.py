"""Messages that could not be delivered after all tries: received, sent, and deleted when nothing of them is left.

Takes   `Letters`, a queue as seen from its other end; SQS is behind it (`raygate.replay.sqs`), or a laptop's own file.
Rules   A message that is received is hidden from others. What nothing can be made of stays in the queue; all that was
        received and not deleted is given back at the end. A queue has no order: the place says nothing, and what was
        delivered and not yet deleted when a run ended is known by its id.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple, Protocol

from raygate.keep.claims import redeem
from raygate.keep.message import MessageError, Packed, unpack
from raygate.keep.stores import Bucket
from raygate.replay.checkpoint import Place
from raygate.replay.loads import Item

AT_ONCE: Final = 10
MOST_PENDING: Final = 1_000
EMPTY: Final = 2
"""So many answers without a message mean that there is none: one may be a server that knew of none."""


class Letter(NamedTuple):
    """A received message."""

    id: str
    handle: str
    """To delete it, or to give it back."""
    packed: Packed


class Letters(Protocol):
    """The far end of a queue. Raises `KeepError` when it cannot be reached."""

    def receive(self, most: int) -> list[Letter]:
        """Some messages, hidden from others for a while; none when there are none."""

    def delete(self, letters: Sequence[Letter]) -> None:
        """They are done."""

    def release(self, letters: Sequence[Letter]) -> None:
        """They are to be seen by others again."""

    def count(self) -> int:
        """About how many there are."""


class DeadLetters:
    """All messages of a dead-letter queue."""

    is_ordered = False

    def __init__(self, letters: Letters, bucket: Bucket | None) -> None:
        self._letters, self._bucket = letters, bucket
        self._held: dict[str, Letter] = {}
        self._done: set[str] = set()
        self._unseen: dict[str, None] = {}

    def items(self, place: Place) -> Iterator[Item]:  # noqa: ARG002 - there is no order to find a place in
        """A message each, until the queue gives no new one."""
        empty = 0
        while empty < EMPTY:
            letters = self._letters.receive(AT_ONCE)
            fresh = [letter for letter in letters if letter.id not in self._held and letter.id not in self._done]
            self._held |= {letter.id: letter for letter in letters if letter.id not in self._done}
            if again := [letter for letter in letters if letter.id in self._done]:
                self._letters.delete(again)
                self._unseen = {key: None for key in self._unseen if key not in {letter.id for letter in again}}
            empty = 0 if fresh else empty + 1
            for letter in fresh:
                yield self._item(letter)

    def finish(self, keys: Sequence[str]) -> None:
        """They are deleted now, or as soon as they are seen again."""
        self._done.update(keys)
        self._unseen |= {key: None for key in keys if key not in self._held}
        letters = [letter for key in keys if (letter := self._held.pop(key, None))]
        for start in range(0, len(letters), AT_ONCE):
            self._letters.delete(letters[start : start + AT_ONCE])

    def pending(self) -> tuple[str, ...]:
        """Delivered in an earlier run that was killed, and not seen since."""
        return tuple(self._unseen)[-MOST_PENDING:]

    def left(self, key: str) -> int:  # noqa: ARG002 - the same
        """About how many are in the queue and were not received."""
        return max(0, self._letters.count())

    def close(self) -> None:
        """What was not deleted can be seen again."""
        held = list(self._held.values())
        self._held.clear()
        for start in range(0, len(held), AT_ONCE):
            self._letters.release(held[start : start + AT_ONCE])

    def _item(self, letter: Letter) -> Item:
        try:
            return Item(letter.id, kept=unpack(redeem(letter.packed, self._bucket)))
        except MessageError as error:
            return Item(letter.id, problem=str(error))
