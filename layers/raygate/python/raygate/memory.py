"""What is worked out of a text or of a set of keys again and again is remembered, within bounds no sender can move.

Gives   `remembered` for a function of a text; `ByKeys` for what the keys of a span's attributes call for.
Why     `lru_cache` counts entries and not bytes. A sender chooses how long a text is, so 4,096 entries can be as much
        memory as a function has. Real names, addresses and keys are short, and only those come again.
"""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, Final, Generic, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")

MEMORABLE: Final = 512
"""Characters."""

MOST_SETS: Final = 1_024
MOST_KEYS: Final = 64
LONGEST_KEYS: Final = 2_048
"""Characters of all keys of a set that is remembered."""


def remembered(most: int) -> Callable[[F], F]:
    """Decorate a function of a text: its results for so many short ones are kept. Other arguments have to be short."""

    def decorate(function: F) -> F:
        known = lru_cache(maxsize=most)(function)

        @wraps(function)
        def call(text: str, *more: str, **named: bool) -> Any:
            return known(text, *more, **named) if len(text) <= MEMORABLE else function(text, *more, **named)

        return cast("F", call)

    return decorate


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
