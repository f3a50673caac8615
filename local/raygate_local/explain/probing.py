"""What comes from what, found by trying: a span that says something else in one place, and what differs then.

Takes   a span, and a function of spans that gives named values: the fields of its documents, for example.
Gives   for each name the places whose value it shows (`shown`), and those that only decide about it (`decided_by`).
Rules   A place is shown where another value of it is seen to arrive, or where the value vanishes together with it and
        both say the same. Whatever changes a value otherwise has decided about it: a kind, a status, a system's name.
Why     This is read off the mapping itself, so that it cannot say anything else than what the mapping does.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

from raygate.segment.values import plain_text
from raygate.span import Span
from raygate_local.explain import places
from raygate_local.explain.places import Place

MOST_WORK: Final = 200_000
"""Each place costs a few conversions of the whole span: the more a span says, the fewer of its places are tried."""

Name = TypeVar("Name", bound=Hashable)


@dataclass(slots=True)
class Influences(Generic[Name]):
    """Which places have a part in which value."""

    shown: dict[Name, list[Place]] = field(default_factory=dict)
    decided_by: dict[Name, list[Place]] = field(default_factory=dict)
    unexamined: int = 0
    """Places that were too many to be tried."""


def influences(span: Span, values_of: Callable[[Span], Mapping[Name, Any]]) -> Influences[Name]:
    """Try every place of the span."""
    base = values_of(span)
    found: Influences[Name] = Influences()
    told = places.read(span)
    tries = MOST_WORK // (len(told) + len(base) + 1)
    found.unexamined = max(0, len(told) - tries)
    for place, value in list(told.items())[:tries]:
        shown, touched = _tried(span, place, value, values_of, base)
        for name in base:
            if name in touched:
                (found.shown if name in shown else found.decided_by).setdefault(name, []).append(place)
    return found


def _tried(
    span: Span, place: Place, value: Any, values_of: Callable[[Span], Mapping[Name, Any]], base: Mapping[Name, Any]
) -> tuple[set[Name], set[Name]]:
    """The names that show the place's value, and all that it has a part in."""
    shown: set[Name] = set()
    touched: set[Name] = set()
    for other in places.others(place, value):
        now = values_of(places.instead(span, place, other))
        for name in _differing(base, now):
            touched.add(name)
            if name in now and not place.is_enum and _arrives(place, other, now[name]):
                shown.add(name)
    less = places.without(span, place)
    if less is not None:
        touched.update(_differing(base, values_of(less)))
    shown.update(name for name in touched if not place.is_enum and _says_the_same(value, base[name]))
    return shown, touched


def _differing(base: Mapping[Name, Any], now: Mapping[Name, Any]) -> list[Name]:
    return [name for name, value in base.items() if name not in now or is_other(now[name], value)]


def is_other(now: Any, then: Any) -> bool:
    """Whether they differ; NaN is not another NaN."""
    return bool(now != then and not (now != now and then != then))  # noqa: PLR0124 - only NaN differs from itself


def _arrives(place: Place, sent: Any, seen: Any) -> bool:
    """Whether what is seen now is what was sent, in whatever form."""
    if place.kind == "span" and place.key != "name" and not place.key.startswith("status"):
        return True  # identifiers and times are restated, but nothing decides by their last digit
    if isinstance(seen, bool) or not isinstance(sent, str):
        return not isinstance(seen, bool) or isinstance(sent, bool)
    return isinstance(seen, list | dict) or _is_within(sent, seen)


def _says_the_same(sent: Any, seen: Any) -> bool:
    if isinstance(sent, bool) or isinstance(seen, bool):
        return sent is seen
    if isinstance(sent, str) and not isinstance(seen, list | dict):
        text = plain_text(seen)
        is_part = text in sent and any(map(str.isdigit, text))  # a mere word may be the same by chance
        return bool(sent and text) and (sent in text or is_part)
    return bool(sent == seen)


def _is_within(sent: str, seen: Any) -> bool:
    """`shop.example.com` is within `https://shop.example.com/basket`, whichever of them was sent."""
    text = plain_text(seen)
    return bool(sent and text) and (sent in text or text in sent)
