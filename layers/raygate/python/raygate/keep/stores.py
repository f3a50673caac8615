"""Where things are kept, as the steps see it: a queue and a bucket, each with the few verbs that are needed.

Gives   `Queue` and `Bucket`, which SQS and S3 are behind, or a laptop's own file; `Stores`: those that there are.
Raises  `KeepError` when a store cannot be reached or does not answer in time. What it was given is then not durable,
        as far as anybody can know.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from typing import Protocol

from raygate.errors import RaygateError
from raygate.keep.message import Packed
from raygate.records import dataclass


class KeepError(RaygateError):
    """A store did not do what it was asked. The message names store and code, and holds nothing of what is kept."""


class Queue(Protocol):
    """Messages, each seen again until whoever takes it says that it is done."""

    @property
    def most_bytes(self) -> int:
        """The most that a message may weigh, its attributes included."""

    def send(self, messages: Sequence[Packed], timeout_s: float) -> list[bool]:
        """For each message whether the queue has confirmed it. Raises nothing: what is not confirmed is not kept."""


@dataclass(frozen=True, slots=True)
class Object:
    """What lies under a key."""

    body: bytes
    metadata: Mapping[str, str] = field(default_factory=dict)
    """Names in lower case, values in ASCII."""


class Bucket(Protocol):
    """Objects by key. Keys are paths with `/`."""

    def put(self, key: str, stored: Object, timeout_s: float) -> None:
        """Store it, durable when this returns."""

    def get(self, key: str) -> Object | None:
        """What lies there; None when nothing does."""

    def keys(self, prefix: str, after: str = "") -> Iterator[str]:
        """All keys that begin so, in order, from the first one behind `after`."""

    def delete(self, key: str) -> None:
        """Remove it; nothing happens when nothing lies there."""


@dataclass(frozen=True, slots=True)
class Stores:
    """What a deployment has."""

    queue: Queue | None = None
    bucket: Bucket | None = None


NOWHERE = Stores()
"""Nothing can be kept: whoever sent it still has it."""
