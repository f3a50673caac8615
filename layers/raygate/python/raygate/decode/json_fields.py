"""The members of a JSON object as OTLP's types.

Takes   an object's members by their lowerCamelCase names, and the name of one.
Gives   its value, or the type's default where it is absent or null.
Raises  `DecodeError` whose `field` is the name, for any other type or a number out of range; `InexactError` where
        only the digits as they were written can tell which number it is.
Source  ProtoJSON, with the deviations that OTLP/JSON names.
"""

import binascii
import math
import re
from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeAlias

from raygate.decode.decoded import INT_AS_DOUBLE, Notes
from raygate.decode.identifiers import normal
from raygate.decode.json_text import Literal
from raygate.decode.limits import LONGEST_TEXT
from raygate.decode.values import bounded
from raygate.errors import DecodeError
from raygate.records import dataclass

Members: TypeAlias = dict[str, Any]

NOT_FINITE: Final = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}

_NUMBER: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_SURELY_SHORT: Final = LONGEST_TEXT // 4
_MOST_DIGITS: Final = 20


class InexactError(Exception):
    """A float stands where an integer belongs: the document has to be read again, with its digits."""


@dataclass(frozen=True, slots=True)
class Range:
    """The integers of one type."""

    low: int
    high: int
    name: str


UINT32: Final = Range(0, 2**32 - 1, "an unsigned 32-bit integer")
INT32: Final = Range(-(2**31), 2**31 - 1, "a 32-bit integer")
UINT64: Final = Range(0, 2**64 - 1, "an unsigned 64-bit integer")
INT64: Final = Range(-(2**63), 2**63 - 1, "a 64-bit integer")


def text(members: Members, name: str, notes: Notes) -> str:
    """A string, cut when it is too long."""
    value = members.get(name)
    if type(value) is str:
        return value if len(value) <= _SURELY_SHORT else bounded(value, notes)
    if value is None:
        return ""
    raise DecodeError("not a string", name)


def identifier(members: Members, name: str) -> str:
    """Hexadecimal digits in lower case."""
    value = members.get(name)
    if type(value) is str:
        return normal(value)
    if value is None:
        return ""
    raise DecodeError("not a string", name)


def integer(members: Members, name: str, allowed: Range) -> int:
    """A number or its decimal text, without a fraction, in range."""
    value = members.get(name)
    if value is None:
        return 0
    if type(value) is str and value.isdecimal() and value.isascii() and len(value) <= _MOST_DIGITS:
        value = int(value)
    elif type(value) is not int:
        value = _whole(value, name, allowed)
    if allowed.low <= value <= allowed.high:
        return value
    raise DecodeError(f"not {allowed.name}", name)


def enum(members: Members, name: str, names: dict[str, int]) -> int:
    """An integer, known or not; the official names are tolerated."""
    value = members.get(name)
    if type(value) is not str:
        return integer(members, name, INT32)
    if value in names:
        return names[value]
    raise DecodeError("not an integer", name)


def objects(members: Members, name: str) -> list[Any]:
    """A list, its elements unchecked but for `null`, which no list may hold."""
    value = members.get(name)
    if value is None:
        return []
    if type(value) is list:
        if None in value:
            raise DecodeError("null is no element of a list", f"{name}[{value.index(None)}]")
        return value
    raise DecodeError("not a list", name)


def int_value(members: Members, name: str, notes: Notes) -> int | float:
    """An attribute's integer. JavaScript writes 1e21 as a number here; what no 64 bits can hold is a double."""
    value = members[name]
    try:
        return integer(members, name, INT64)
    except DecodeError:
        if type(value) is not int and not (type(value) is Literal and _is_whole(_decimal(value))):
            raise
        notes.add(INT_AS_DOUBLE)
        return double_value(members, name)


def double_value(members: Members, name: str) -> float:
    """A number, its decimal text, or one of the three that JSON has no number for."""
    value = members[name]
    if type(value) is float or type(value) is int:
        return float(value)
    if type(value) is str and value in NOT_FINITE:
        return NOT_FINITE[value]
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        number = float(value)
        if math.isfinite(number):
            return number
    raise DecodeError("not a double", name)


def bool_value(members: Members, name: str) -> bool:
    """True or false, and nothing that looks like it."""
    value = members[name]
    if type(value) is bool:
        return value
    raise DecodeError("not true or false", name)


def bytes_value(members: Members, name: str) -> bytes:
    """Base64 in either alphabet, padded or not."""
    value = members[name]
    if type(value) is not str:
        raise DecodeError("not a string", name)
    bare = value.rstrip("=")
    padded = bare + "=" * (-len(bare) % 4)
    if value not in {bare, padded}:
        raise DecodeError("not base64", name)
    try:
        return binascii.a2b_base64(padded.translate({ord("-"): "+", ord("_"): "/"}), strict_mode=True)
    except ValueError as error:
        raise DecodeError("not base64", name) from error


def _whole(value: object, name: str, allowed: Range) -> int:
    """The integer that this is another way to write."""
    if type(value) is float:
        raise InexactError
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        number = _decimal(value)
        if not number:
            return 0
        # The magnitude first: writing out the integer 1e999999999 would take all memory.
        if number.adjusted() <= _MOST_DIGITS and _is_whole(number):
            return int(number)
    raise DecodeError(f"not {allowed.name}", name)


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:  # an exponent that not even Decimal holds: no integer of ours
        return Decimal("0.5")


def _is_whole(number: Decimal) -> bool:
    return number == number.to_integral_value()
