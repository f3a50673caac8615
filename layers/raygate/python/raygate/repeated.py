"""Attributes of which some keys come more than once: OTLP forbids it, and senders do it all the same.

Takes   pairs in the order in which they were sent.
Gives   the last values and the first ones; the same object for both where no key repeats, nearly always. Where one
        does, the first values are `Repeated` and know all pairs: some places read each of them.
Source  xray-conversion.md, R5; the collector's own list of attributes, which finds the first, goes through all of
        them in order, and moves the last one into the place of one that is removed.
"""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from raygate.span import Attributes, Value

Pair: TypeAlias = tuple[str, Value]


class Repeated(dict[str, Value]):
    """The first value of each key, and all pairs."""

    __slots__ = ("pairs",)

    def __init__(self, pairs: Sequence[Pair]) -> None:
        super().__init__()
        self.pairs = pairs
        for key, value in pairs:
            self.setdefault(key, value)


def last_and_first(pairs: Sequence[Pair]) -> tuple[Attributes, Attributes]:
    """Values by key, the last ones in the order in which they came; one object when no key is repeated."""
    attributes = dict(pairs)
    if len(attributes) == len(pairs):
        return attributes, attributes
    last: Attributes = {}
    for key, value in pairs:
        last.pop(key, None)
        last[key] = value
    return last, Repeated(pairs)


def pairs_of(attributes: Attributes, first: Attributes) -> Sequence[Pair]:
    """All of them, as they were sent."""
    return first.pairs if isinstance(first, Repeated) else list(attributes.items())


def without(attributes: Attributes, first: Attributes, keys: Iterable[str]) -> tuple[Attributes, Attributes]:
    """The last and the first ones when each of these keys is removed once, in the collector's way."""
    pairs = list(pairs_of(attributes, first))
    for key in keys:
        at = next((at for at, (name, _) in enumerate(pairs) if name == key), None)
        if at is not None:
            pairs[at] = pairs[-1]
            pairs.pop()
    return last_and_first(pairs)
