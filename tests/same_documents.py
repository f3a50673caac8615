"""Comparison of documents with recorded ones: parsed JSON, numbers by value, generated ids by placeholder.

`{{random-id-N}}` stands for 16 lower-case hex digits: the same N is the same id, two N are never the same.
"""

import re
from typing import Any

_PLACEHOLDER = re.compile(r"\{\{random-id-\d+\}\}")
_ID = re.compile(r"[0-9a-f]{16}")


def assert_same(recorded: Any, made: Any, bound: dict[str, str] | None = None) -> None:
    """Fail with the place where the two differ. `bound` carries placeholders from one call to the next."""
    bound = {} if bound is None else bound
    difference = _difference(recorded, made, bound, "$")
    assert difference is None, difference
    assert len(set(bound.values())) == len(bound), f"ids that should differ are the same: {bound}"


def _difference(recorded: Any, made: Any, bound: dict[str, str], place: str) -> str | None:
    if isinstance(recorded, str) and _PLACEHOLDER.fullmatch(recorded):
        fits = isinstance(made, str) and _ID.fullmatch(made) and bound.setdefault(recorded, made) == made
        return None if fits else f"{place}: {recorded} against {made!r}, with {bound}"
    if isinstance(recorded, dict) and isinstance(made, dict):
        if recorded.keys() != made.keys():
            return f"{place}: missing {recorded.keys() - made.keys()}, added {made.keys() - recorded.keys()}"
        pairs = [(f"{place}.{key}", recorded[key], made[key]) for key in recorded]
    elif isinstance(recorded, list) and isinstance(made, list):
        if len(recorded) != len(made):
            return f"{place}: {len(recorded)} against {len(made)} items"
        pairs = [(f"{place}[{index}]", *both) for index, both in enumerate(zip(recorded, made, strict=True))]
    else:
        same = recorded == made and isinstance(recorded, bool) == isinstance(made, bool)
        return None if same else f"{place}: {recorded!r} against {made!r}"
    return next((found for where, old, new in pairs if (found := _difference(old, new, bound, where))), None)
