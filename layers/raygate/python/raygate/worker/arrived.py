"""A batch of messages as the worker sees it, whoever brings it, and what became of each message."""

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple, TypeAlias

from raygate.keep import Accepted, Packed
from raygate.records import dataclass
from raygate.request import Outcome


class Habit(NamedTuple):
    """What a carrier does with a message that failed, and so what is better for us to do."""

    stops: bool = False
    """What is behind the message comes again with it: to do it now would do it twice."""
    moves: Literal["nothing", "rest", "all"] = "rest"
    """What is not delivered goes to our queue: never; when a part of the message is done; in any case."""
    buries: bool = True
    """A message that is given up goes to our dead-letter queue."""


QUEUE: Final = Habit()
"""The message comes again by itself, and alone."""
ORDERED_QUEUE: Final = Habit(stops=True, moves="nothing", buries=False)
"""The order is the customer's: nothing of it is moved elsewhere."""
STREAM: Final = Habit(stops=True, moves="all")
"""Everything waits for the message that failed: so as little as can be."""
TRANSFORMATION: Final = Habit(moves="all", buries=False)
"""What failed does not come again: it lies among the stream's errors."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """One message."""

    id: str
    """What the carrier wants to hear when it failed."""
    packed: Packed
    receives: int = 1
    """How often it has come, with this time."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Messages that came together."""

    carrier: str
    messages: Sequence[Arrived]
    habit: Habit = QUEUE


Word: TypeAlias = Literal["done", "dead", "failed"]
"""Dead: we put it into the dead-letter queue. Failed: the carrier still has it."""


@dataclass(slots=True)
class Settled:
    """What became of one message."""

    message: Arrived
    word: Word = "done"
    reason: str = ""
    """Why it is not done."""
    outcomes: Sequence[tuple[str, Outcome]] = ()
    """For each request in it the tenant, and where the spans are; of mere documents, where these are. What is returned
    is dead or failed with the message."""
    requests: Sequence[Accepted] = ()
    """What belongs into the archive."""
    accident: Exception | None = None
    """What nobody foresaw."""

    @property
    def is_over(self) -> bool:
        """Whether its carrier may forget it."""
        return self.word != "failed"
