"""What has to stand in the kept facts of every trace that an expression matches: most others are told by that alone.

Takes   an expression.
Gives   `needed`: pieces of `Facts.dump`. A trace whose bytes do not have all of them does not match; one that has them
        may, or not.
Note    Looking for a few bytes takes a hundredth of what reading the facts takes, so that what is rare among many
        thousand traces is found at once.
"""

from collections.abc import Iterator
from typing import Final

import orjson

from raygate_local.xray.filters import expression as tree
from raygate_local.xray.filters.expression import Expression
from raygate_local.xray.filters.keywords import KEYWORDS, Kind
from raygate_local.xray.filters.parts import Scalar

WHOLE: Final = frozenset({"=", "CONTAINS", "BEGINSWITH", "ENDSWITH"})
"""Operators whose text stands in the value, and so in the bytes."""


def needed(expression: Expression) -> tuple[bytes, ...]:
    """Each once; none where nothing can be said."""
    return tuple(dict.fromkeys(_needed(expression)))


def _needed(expression: Expression | None) -> Iterator[bytes]:
    match expression:
        case tree.Is(keyword):
            yield _key(keyword)
        case tree.Compare(keyword, operator, value):
            yield from _of_comparison(keyword, operator, value)
        case tree.And(inner):
            for one in inner:
                yield from _needed(one)
        case tree.Service(which, inner):
            yield from [*_of_id(which), *_needed(inner)]
        case tree.Edge(source, target, inner):
            yield from [*_of_id(source), *_of_id(target), *_needed(inner)]
        case tree.Group(_, "=", _, meaning):
            yield from _needed(meaning)


def _of_comparison(keyword: str, operator: str, value: Scalar) -> Iterator[bytes]:
    is_boolean = keyword in KEYWORDS and KEYWORDS[keyword].kind is Kind.BOOLEAN
    if not is_boolean or value is (operator == "="):  # `fault = false` asks that it is not there
        yield _key(keyword)
    if isinstance(value, str) and operator in WHOLE:
        yield from _text(value)


def _of_id(which: tree.Id) -> Iterator[bytes]:
    for value in (which.name, which.type, which.account_id):
        if value is not None:
            yield from _text(value)


def _key(keyword: str) -> bytes:
    return b"".join(_text(keyword))


def _text(value: str) -> Iterator[bytes]:
    try:
        yield orjson.dumps(value)[1:-1]
    except orjson.JSONEncodeError:  # half a character: no JSON has it, and no document
        return
