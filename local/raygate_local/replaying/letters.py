"""The dead letters in a data folder, as a replay takes them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from raygate.keep import Packed
from raygate.replay.sources.dead_letters import Letter
from raygate_local.kept.queue import KeptQueue


@dataclass(slots=True)
class KeptLetters:
    """One of the queues in the file."""

    queue: KeptQueue
    _held: set[str] = field(default_factory=set)

    def receive(self, most: int) -> list[Letter]:
        """Some messages, hidden from others for a while."""
        letters = [_letter(record) for record in self.queue.receive(most)]
        self._held.update(letter.handle for letter in letters)
        return letters

    def delete(self, letters: Sequence[Letter]) -> None:
        """They are done."""
        self.queue.delete([letter.handle for letter in letters])
        self._held.difference_update(letter.handle for letter in letters)

    def release(self, letters: Sequence[Letter]) -> None:
        """They are to be seen again."""
        self.queue.release([letter.handle for letter in letters], 0.0)
        self._held.difference_update(letter.handle for letter in letters)

    def count(self) -> int:
        """How many there are, without those that we hold."""
        return self.queue.waiting().messages - len(self._held)


def _letter(record: dict[str, object]) -> Letter:
    given = record["messageAttributes"]
    attributes = (
        {str(name): str(value["stringValue"]) for name, value in given.items()} if isinstance(given, dict) else {}
    )
    return Letter(str(record["messageId"]), str(record["receiptHandle"]), Packed(str(record["body"]), attributes))
