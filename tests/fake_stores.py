"""Queue and bucket for tests, in memory: they keep what they confirm, and fail by script.

`MemoryQueue` and `MemoryBucket` are stores as good as any other; `fails` is asked before each message or object, so
that a test can make some of them fail: before they are kept, or after it, when the answer gets lost.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from raygate.keep import Accepted, KeepError, Object, Packed, Undelivered, unpack
from raygate.keep.claims import redeem
from raygate.keep.parked import Parked, read_parked

Fault: TypeAlias = Literal["", "lost", "kept and lost"]


def never() -> Fault:
    """Nothing fails."""
    return ""


@dataclass
class MemoryQueue:
    """A queue."""

    most_bytes: int = 1_048_576
    fails: Callable[[], Fault] = never
    messages: list[Packed] = field(default_factory=list)

    def send(self, messages: Sequence[Packed], timeout_s: float) -> list[bool]:
        """Keep what does not fail."""
        assert timeout_s > 0
        return [self._send(message) for message in messages]

    def _send(self, message: Packed) -> bool:
        assert message.weight <= self.most_bytes
        fault = self.fails()
        if fault != "lost":
            self.messages.append(message)
        return not fault


@dataclass
class MemoryBucket:
    """A bucket."""

    fails: Callable[[], Fault] = never
    objects: dict[str, Object] = field(default_factory=dict)

    def put(self, key: str, stored: Object, timeout_s: float) -> None:
        """Keep it if it does not fail."""
        assert timeout_s > 0
        fault = self.fails()
        if fault != "lost":
            self.objects[key] = stored
        if fault:
            raise KeepError("the bucket failed: InternalError")

    def get(self, key: str) -> Object | None:
        """What lies there."""
        return self.objects.get(key)

    def keys(self, prefix: str, after: str = "") -> Iterator[str]:
        """All keys that begin so."""
        return iter(sorted(key for key in self.objects if key.startswith(prefix) and key > after))

    def delete(self, key: str) -> None:
        """Remove it."""
        self.objects.pop(key, None)

    def parked(self) -> list[Parked]:
        """The refused documents in it."""
        return [read_parked(self.objects[key]) for key in self.keys("parked/")]


def queued_documents(queue: MemoryQueue, bucket: MemoryBucket | None = None) -> list[str]:
    """The texts of all documents in the queue."""
    kept = [unpack(redeem(message, bucket)) for message in queue.messages]
    return [text for one in kept if isinstance(one, Undelivered) for text in one.texts]


def queued_requests(queue: MemoryQueue, bucket: MemoryBucket | None = None) -> list[Accepted]:
    """The requests in the queue."""
    kept = [unpack(redeem(message, bucket)) for message in queue.messages]
    return [one for one in kept if isinstance(one, Accepted)]
