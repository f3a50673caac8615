"""Where a replay takes from: a file for each, all with the same three verbs.

Gives   `Source`.
"""

from collections.abc import Iterator, Sequence
from typing import Protocol

from raygate.replay.checkpoint import Place
from raygate.replay.loads import Item


class Source(Protocol):
    """Something that is to be sent again."""

    @property
    def is_ordered(self) -> bool:
        """Whether the same things come in the same order again."""

    def items(self, place: Place) -> Iterator[Item]:
        """What there is, in order, from that place on. Raises `KeepError` when a store cannot be reached."""

    def finish(self, keys: Sequence[str]) -> None:
        """These were delivered: remove them, where they do not stay."""

    def pending(self) -> tuple[str, ...]:
        """What is finished, and could not be removed yet."""

    def left(self, key: str) -> int:
        """How many objects lie behind this one, as far as can be told."""

    def close(self) -> None:
        """Give back what was taken and not finished."""
