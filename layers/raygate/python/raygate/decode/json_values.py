"""Attributes in JSON: lists of KeyValue objects → pairs.

Takes   the list as parsed, and its level of nesting.
Gives   pairs of key and value, in their order; values as Python has them.
Raises  `DecodeError`, its `field` seen from the list: `[3].value.intValue`.
Source  opentelemetry-proto, common/v1/common.proto; ProtoJSON.
"""

from collections.abc import Callable
from typing import Any, Final

from raygate.decode import json_fields
from raygate.decode.decoded import Notes, within
from raygate.decode.json_fields import INT64, Members
from raygate.decode.json_members import ANY_VALUE, KEY_VALUE, VALUES, check_level, members
from raygate.decode.limits import LONGEST_TEXT
from raygate.errors import DecodeError
from raygate.repeated import Pair
from raygate.span import Value

_SHORT: Final = LONGEST_TEXT // 4
"""Characters that need no counting of bytes."""


_DIGITS: Final = 18
"""Digits of a number that fits into 64 bits, whatever it is."""
OF_PROFILES: Final = frozenset({"stringValueStrindex"})
"""Only profiles have the strings that it points to: here it says nothing."""

_PLAIN: Final = {"boolValue": bool, "doubleValue": float}


def pairs(items: list[Any], most: int, notes: Notes, level: int) -> list[Pair]:
    """The first so many key-values of a list at this level; the others are checked and dropped."""
    check_level(level)
    found: list[Pair] = []
    number = 0
    try:
        for number, item in enumerate(items):
            pair = _plain(item) or _pair(item, notes, level + 1)
            if number < most:
                found.append(pair)
    except DecodeError as error:
        raise within(error, f"[{number}]") from error.__cause__
    return found


def _plain(item: Any) -> Pair | None:
    """Nearly every attribute is a short text, a number or a truth and nothing besides; `None` for any other."""
    try:
        key, value = item["key"], item["value"]
        ((kind, content),) = value.items()
    except (TypeError, KeyError, ValueError, AttributeError):
        return None
    if type(key) is not str or len(key) > _SHORT or len(item) != 2:
        return None
    if kind == "stringValue":
        return (key, content) if type(content) is str and len(content) <= _SHORT else None
    if kind == "intValue":
        if type(content) is str and len(content) <= _DIGITS and content.isdecimal() and content.isascii():
            return key, int(content)
        return (key, content) if type(content) is int and INT64.low <= content <= INT64.high else None
    return (key, content) if type(content) is _PLAIN.get(kind) else None


def _pair(item: object, notes: Notes, level: int) -> Pair:
    key_value = members(item, KEY_VALUE, level)
    key = json_fields.text(key_value, "key", notes)
    try:
        return key, _value(key_value.get("value"), notes, level + 1)
    except DecodeError as error:
        raise within(error, "value") from error.__cause__


def _value(value: object, notes: Notes, level: int) -> Value:
    """The last member that says something; none of them is OTLP's empty value."""
    found: Value = None
    union = members(value, ANY_VALUE, level)
    for name, content in union.items():
        if content is not None and name not in OF_PROFILES:
            found = _READERS[name](union, name, notes, level + 1)
    return found


def _array(union: Members, name: str, notes: Notes, level: int) -> Value:
    def read(items: list[Any]) -> Value:
        values: list[Value] = []
        try:
            values.extend(_value(item, notes, level + 2) for item in items)
        except DecodeError as error:
            raise within(error, f"[{len(values)}]") from error.__cause__
        return values

    return _values(union, name, level, read)


def _key_value_list(union: Members, name: str, notes: Notes, level: int) -> Value:
    return _values(union, name, level, lambda items: dict(pairs(items, len(items), notes, level + 1)))


def _values(union: Members, name: str, level: int, read: Callable[[list[Any]], Value]) -> Value:
    """What ArrayValue and KeyValueList have in common: one member, a list."""
    try:
        items = json_fields.objects(members(union[name], VALUES, level), "values")
    except DecodeError as error:
        raise within(error, name) from error.__cause__
    try:
        check_level(level + 1)
        return read(items)
    except DecodeError as error:
        raise within(error, f"{name}.values") from error.__cause__


_READERS: Final[dict[str, Callable[[Members, str, Notes, int], Value]]] = {
    "stringValue": lambda union, name, notes, _level: json_fields.text(union, name, notes),
    "boolValue": lambda union, name, _notes, _level: json_fields.bool_value(union, name),
    "intValue": lambda union, name, notes, _level: json_fields.int_value(union, name, notes),
    "doubleValue": lambda union, name, _notes, _level: json_fields.double_value(union, name),
    "bytesValue": lambda union, name, _notes, _level: json_fields.bytes_value(union, name),
    "arrayValue": _array,
    "kvlistValue": _key_value_list,
}
