"""What is worked out of a text again and again is remembered, within bounds that no sender can move.

Why     `lru_cache` counts entries and not bytes. A sender chooses how long a text is, so 4,096 entries can be as much
        memory as a function has. Real names, addresses and keys are short, and only those come again.
"""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, Final, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])

MEMORABLE: Final = 512
"""Characters."""


def remembered(most: int) -> Callable[[F], F]:
    """Decorate a function of a text: its results for so many short ones are kept. Other arguments have to be short."""

    def decorate(function: F) -> F:
        known = lru_cache(maxsize=most)(function)

        @wraps(function)
        def call(text: str, *more: str, **named: bool) -> Any:
            return known(text, *more, **named) if len(text) <= MEMORABLE else function(text, *more, **named)

        return cast("F", call)

    return decorate
