"""Attributes in protobuf: the bytes of a KeyValue → its key and value, through a memory of those seen lately.

Takes   one KeyValue message as bytes.
Gives   the key and the value as Python has it: bytes as bytes, lists as lists, key-value lists as dicts.
Raises  `DecodeError` for bytes that are no KeyValue, or nested deeper than the limit.
Why     from span to span and from request to request most attributes repeat byte for byte. Looking them up costs
        a tenth of parsing them. The memory is bounded in number and size, and holds only values that nobody can change.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from raygate.decode.decoded import Notes
from raygate.decode.limits import MOST_LEVELS, Tally
from raygate.decode.schema import parse_key_value, refuse_other_wire_types
from raygate.decode.values import Pair, text
from raygate.errors import DecodeError
from raygate.span import Resource, Value

MOST_REMEMBERED: Final = 4096
LONGEST_REMEMBERED: Final = 256
"""Bytes of a KeyValue; longer ones, such as statements and stack traces, seldom repeat."""

MOST_RESOURCES: Final = 64
LONGEST_RESOURCE: Final = 4096
"""Bytes. A sender has one resource, and repeats it in each request."""

KEY_VALUE_LEVEL: Final = 5
"""request, resource spans, scope spans, span, key-value: how deep a span's attributes are."""

_CHANGEABLE: Final = (list, dict)


class KeyValues(dict[bytes, Pair]):
    """Raw key-values → pairs: `self[raw]` reads it, or knows it. Resources are remembered beside them."""

    __slots__ = ("notes", "resources", "tally")

    notes: Notes
    tally: Tally
    """Those of the request that is read."""

    def __init__(self) -> None:
        super().__init__()
        self.resources: dict[bytes, Resource] = {}

    def resource(self, raw: bytes, read_one: Callable[[bytes], Resource]) -> Resource:
        """The resource of those bytes: within the memory's bounds the same object as in an earlier request."""
        known = self.resources.get(raw)
        if known is not None:
            return known
        noted = self.notes.total
        resource = read_one(raw)
        if len(raw) <= LONGEST_RESOURCE and self.notes.total == noted:
            if len(self.resources) >= MOST_RESOURCES:
                self.resources.clear()
            self.resources[raw] = resource
        return resource

    def __missing__(self, raw: bytes) -> Pair:
        noted = self.notes.total
        pair = _short(raw) or _pair(parse_key_value(raw, self.tally), self, KEY_VALUE_LEVEL)
        if len(raw) <= LONGEST_REMEMBERED and self.notes.total == noted and not isinstance(pair[1], _CHANGEABLE):
            if len(self) >= MOST_REMEMBERED:
                self.clear()
            self[raw] = pair
        return pair


_idle: Final[list[KeyValues]] = []


@contextmanager
def remembering(notes: Notes, tally: Tally) -> Iterator[KeyValues]:
    """A memory from an earlier request; two requests at once have one each."""
    try:
        key_values = _idle.pop()
    except IndexError:
        key_values = KeyValues()
    key_values.notes, key_values.tally = notes, tally
    try:
        yield key_values
    finally:
        if not _idle:
            _idle.append(key_values)


def _short(raw: bytes) -> Pair | None:
    """Nearly every attribute is a short key with a short text or a number: lengths of a byte, read without the parser.

    `0a <key> 12 <value>`, where the value is `0a <text>` or `18 <number of at most three bytes>`; `None` for any other.
    """
    try:
        if raw[0] != 0x0A or raw[1] > 0x7F:
            return None
        value = raw[1] + 2
        size = len(raw) - value - 2
        if raw[value] != 0x12 or raw[value + 1] != size or size > 0x7F:
            return None
        kind = raw[value + 2]
        if kind == 0x0A:
            return (raw[2:value].decode(), raw[value + 4 :].decode()) if raw[value + 3] == size - 2 else None
        number = _small(raw[value + 3 :]) if kind == 0x18 else None
        return None if number is None else (raw[2:value].decode(), number)
    except (IndexError, UnicodeDecodeError):
        return None


def _small(raw: bytes) -> int | None:
    """A varint of one to three bytes, which is all there is."""
    if len(raw) > 3 or raw[-1] > 0x7F:
        return None
    number = 0
    for position, byte in enumerate(raw):
        if byte < 0x80 and position < len(raw) - 1:
            return None  # it ends before the value does
        number |= (byte & 0x7F) << 7 * position
    return number


def _pair(message: Any, reading: KeyValues, level: int) -> Pair:
    _check(level)
    return text(message.key, reading.notes), _value(message.value, reading, level + 1)


def _value(message: Any, reading: KeyValues, level: int) -> Value:
    _check(level)
    kind = message.WhichOneof("value")
    if kind is None:
        refuse_other_wire_types(message)
        return None
    return _READERS[kind](getattr(message, kind), reading, level + 1)


def _array(message: Any, reading: KeyValues, level: int) -> Value:
    _check(level)
    reading.tally.values(len(message.values))
    return [_value(value, reading, level + 1) for value in message.values]


def _key_value_list(message: Any, reading: KeyValues, level: int) -> Value:
    _check(level)
    reading.tally.values(len(message.values))
    return dict(_pair(key_value, reading, level + 1) for key_value in message.values)


def _check(level: int) -> None:
    if level > MOST_LEVELS:
        raise DecodeError(f"nested deeper than {MOST_LEVELS} messages")


_READERS: Final[dict[str, Callable[[Any, KeyValues, int], Value]]] = {
    "string_value": lambda raw, reading, _level: text(raw, reading.notes),
    "bool_value": lambda value, _reading, _level: bool(value),
    "int_value": lambda value, _reading, _level: int(value),
    "double_value": lambda value, _reading, _level: float(value),
    "bytes_value": lambda value, _reading, _level: bytes(value),
    "array_value": _array,
    "kvlist_value": _key_value_list,
    "string_value_strindex": lambda _index, _reading, _level: None,  # only profiles have the strings it points to
}
