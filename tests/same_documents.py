"""Comparison of documents with recorded ones: parsed JSON, numbers by value, generated ids by placeholder.

`{{random-id-N}}` stands for 16 lower-case hex digits: the same N is the same id, two N are never the same.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

_PLACEHOLDER = re.compile(r"\{\{random-id-\d+\}\}")
_ID = re.compile(r"[0-9a-f]{16}")


class Difference(NamedTuple):
    """Something that is not the same."""

    place: str
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"


def assert_same(recorded: Any, made: Any, bound: dict[str, str] | None = None) -> None:
    """Fail with the first place where the two differ. `bound` carries placeholders from one call to the next."""
    found = next(differences(recorded, made, bound), None)
    assert found is None, str(found)


def differences(recorded: Any, made: Any, bound: dict[str, str] | None = None) -> Iterator[Difference]:
    """Every place where the two differ."""
    bound = {} if bound is None else bound
    yield from _differences(recorded, made, bound, "$")
    if len(set(bound.values())) != len(bound):
        yield Difference("$", f"ids that should differ are the same: {bound}")


def _differences(recorded: Any, made: Any, bound: dict[str, str], place: str) -> Iterator[Difference]:
    if isinstance(recorded, str) and _PLACEHOLDER.fullmatch(recorded):
        if not (isinstance(made, str) and _ID.fullmatch(made) and bound.setdefault(recorded, made) == made):
            yield Difference(place, f"{recorded} against {made!r}, with {bound}")
    elif isinstance(recorded, dict) and isinstance(made, dict):
        yield from _of_members(recorded, made, bound, place)
    elif isinstance(recorded, list) and isinstance(made, list):
        if len(recorded) != len(made):
            yield Difference(place, f"{len(recorded)} against {len(made)} items")
        for index, (old, new) in enumerate(zip(recorded, made, strict=False)):
            yield from _differences(old, new, bound, f"{place}[{index}]")
    elif not _is_same(recorded, made):
        yield Difference(place, f"{recorded!r} against {made!r}")


def _of_members(
    recorded: dict[str, Any], made: dict[str, Any], bound: dict[str, str], place: str
) -> Iterator[Difference]:
    for key, value in recorded.items():
        if key in made:
            yield from _differences(value, made[key], bound, f"{place}.{key}")
        else:
            yield Difference(f"{place}.{key}", f"{value!r} is missing")
    for key in made.keys() - recorded.keys():
        yield Difference(f"{place}.{key}", f"{made[key]!r} is added")


def _is_same(recorded: Any, made: Any) -> bool:
    """A double may be written as an integer of many digits, which then is not quite the double."""
    if isinstance(recorded, bool) or isinstance(made, bool):
        return recorded is made
    if isinstance(recorded, float) or isinstance(made, float):
        return isinstance(recorded, int | float) and isinstance(made, int | float) and float(recorded) == float(made)
    return bool(recorded == made)
