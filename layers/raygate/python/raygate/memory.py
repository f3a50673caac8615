"""What is worked out of a text or of a set of keys again and again is remembered, within bounds no sender can move.

Gives   `remembered` for a function of a text; `settled` for one of the settings, which stay; `KEY_SETS` for what the
        keys of a span's attributes call for; `keep` for what is remembered in a place of its own.
Why     `lru_cache` counts entries and not bytes. A sender chooses how long a text is, so 4,096 entries can be as much
        memory as a function has. Real names, addresses and keys are short, and only those come again.
"""

from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any, Final, Generic, TypeVar

T = TypeVar("T")
K = TypeVar("K", bound="str | tuple[str, str]")
G = TypeVar("G")
H = TypeVar("H", bound=Hashable)

MEMORABLE: Final = 512
"""Characters."""

MOST_SETTINGS: Final = 8
"""A deployment has one; replay makes some of its own."""

MOST_SETS: Final = 1_024
MOST_KEYS: Final = 64
LONGEST_KEYS: Final = 2_048
"""Characters of all keys of a set that is remembered."""
MOST_MADE: Final = 32
"""Things made of one set: a plan for each kind of span, a shape for each deployment."""


def keep(known: dict[H, T], given: H, made: T, most: int) -> T:
    """What was made of it, known from now on; with so many, all others are forgotten first."""
    if len(known) >= most:
        known.clear()
    known[given] = made
    return made


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
        if (len(given) if isinstance(given, str) else sum(map(len, given))) <= self.longest:
            keep(self, given, result, self.most)
        return result

    __call__ = dict.__getitem__


def remembered(most: int, longest: int = MEMORABLE) -> Callable[[Callable[[K], T]], Remembered[K, T]]:
    """Decorate a function of a text, or of two: its results for so many, not longer than that, are kept."""
    return lambda function: Remembered(function, most, longest)


def settled(function: Callable[[G], T]) -> Callable[[G], T]:
    """Decorate a function of settings: the same object is known by itself, without its hash, and equal ones share."""
    of_equals = lru_cache(maxsize=MOST_SETTINGS)(function)
    known: dict[int, tuple[G, T]] = {}  # with the object, so that no other can have its id

    def of(given: G) -> T:
        found = known.get(id(given))
        if found is None:
            found = keep(known, id(given), (given, of_equals(given)), MOST_SETTINGS)
        return found[1]

    return of


class KeySet:
    """The keys of a span's attributes, in their order: one object for all spans of a sort, to be asked for once a span.

    `made` is what the steps have made of it, each under a key of its own.
    """

    __slots__ = ("keys", "made")

    def __init__(self, keys: tuple[str, ...]) -> None:
        self.keys = keys
        self.made: dict[object, Any] = {}

    def keep(self, name: object, made: T) -> T:
        """What was made, from now on under that name."""
        keep(self.made, name, made, MOST_MADE)
        return made


class KeySets(dict[tuple[str, ...], KeySet]):
    """`known[tuple(attributes)]` is their set: the same one as before, within the bounds."""

    __slots__ = ()

    def __missing__(self, keys: tuple[str, ...]) -> KeySet:
        key_set = KeySet(keys)
        if len(keys) <= MOST_KEYS and sum(map(len, keys)) <= LONGEST_KEYS:
            keep(self, keys, key_set, MOST_SETS)
        return key_set


KEY_SETS: Final = KeySets()
