"""What is worked out of a text or of a set of keys again and again is remembered, within bounds no sender can move.

Gives   `remembered` for a function of a text; `ByKeys` for what the keys of a span's attributes call for.
Why     `lru_cache` counts entries and not bytes. A sender chooses how long a text is, so 4,096 entries can be as much
        memory as a function has. Real names, addresses and keys are short, and only those come again.
"""

from collections.abc import Callable
from typing import Final, Generic, TypeVar

T = TypeVar("T")
K = TypeVar("K", bound="str | tuple[str, str]")

MEMORABLE: Final = 512
"""Characters."""

MOST_SETS: Final = 1_024
MOST_KEYS: Final = 64
LONGEST_KEYS: Final = 2_048
"""Characters of all keys of a set that is remembered."""


class Remembered(dict[K, T], Generic[K, T]):
    """A function that knows its results for short texts: a known one costs a look-up and no frame of Python."""

    __slots__ = ("function", "longest", "most")

    def __init__(self, function: Callable[[K], T], most: int, longest: int) -> None:
        super().__init__()
        self.function = function
        self.most = most
        self.longest = longest

    def __missing__(self, given: K) -> T:
        result = self.function(given)
        if len("".join(given)) <= self.longest:
            if len(self) >= self.most:
                self.clear()
            self[given] = result
        return result

    __call__ = dict.__getitem__


def remembered(most: int, longest: int = MEMORABLE) -> Callable[[Callable[[K], T]], Remembered[K, T]]:
    """Decorate a function of a text, or of two: its results for so many, not longer than that, are kept."""
    return lambda function: Remembered(function, most, longest)


class ByKeys(dict[tuple[str, ...], T], Generic[T]):
    """Keys, in order → what they call for: `known[tuple(attributes)]` makes it, or knows it."""

    __slots__ = ("make",)

    def __init__(self, make: Callable[[tuple[str, ...]], T]) -> None:
        super().__init__()
        self.make = make

    def __missing__(self, keys: tuple[str, ...]) -> T:
        made = self.make(keys)
        if len(keys) <= MOST_KEYS and sum(map(len, keys)) <= LONGEST_KEYS:
            if len(self) >= MOST_SETS:
                self.clear()
            self[keys] = made
        return made
