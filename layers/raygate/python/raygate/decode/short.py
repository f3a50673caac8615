"""Plain key-values without the parser: nearly every attribute is a short key with a text or a number.

Takes   one KeyValue message as bytes.
Gives   key and value; `None` for any that is longer, of another kind, or written in another order: then the parser
        reads it, and has the last word on what is none.
Rules   `0a <key> 12 <value>`, lengths of a byte. The value is `0a <text>`, `10 <00 or 01>`, `18 <number of at most nine
        bytes>`, `21 <double>`, `2a` with a list of such texts, or `32` with members that are such texts or numbers. A
        text alone may be longer, with lengths of two bytes.
Source  the protobuf encoding guide; opentelemetry-proto, common/v1/common.proto.
"""

from collections.abc import Callable
from struct import Struct
from typing import Final

from raygate.memory import keep
from raygate.repeated import Pair
from raygate.span import NESTED, Value

MOST_KEYS: Final = 4096

_DOUBLE: Final = Struct("<d").unpack_from

_TEXTS: Final = [bytes((0x12, size, 0x0A, max(0, size - 2))) for size in range(0x80)]
"""By the size of a value: what stands before a text that fills it. No value of one byte or none is long enough."""


class _Keys(dict[bytes, str]):
    """`0a <key>` → key, one object for each: sets of keys are compared at each step, which is quick for the same."""

    __slots__ = ()

    def __missing__(self, raw: bytes) -> str:
        if raw[0] != 0x0A or raw[1] > 0x7F:
            raise IndexError("not a short key")
        key = raw[2:].decode()
        return keep(self, raw, key, MOST_KEYS)


_keys: Final = _Keys()


def short(raw: bytes) -> Pair | None:
    """The pair."""
    try:
        end = raw[1] + 2
        size = len(raw) - end - 2
        if size > 0x80:
            return (_keys[raw[:end]], raw[end + 6 :].decode()) if _is_long_text(raw, end, size - 1) else None
        if raw.startswith(_TEXTS[size], end):  # nearly all of them
            return _keys[raw[:end]], raw[end + 4 :].decode()
        value = _other(raw, end + 2) if raw[end] == 0x12 and raw[end + 1] == size else None
        return None if value is None else (_keys[raw[:end]], value)
    except (IndexError, UnicodeDecodeError):
        return None


def _other(raw: bytes, at: int) -> Value:
    """The value whose tag is there, up to the end; `None` where the parser has to see it."""
    tag = raw[at]
    if tag == 0x18 and 1 < len(raw) - at < 11:  # a varint of less than 64 bits, which is all there is
        number = raw[-1]
        if number > 0x7F:
            return None
        for byte in raw[-2:at:-1]:
            if byte < 0x80:
                return None  # it ends before the value does
            number = number << 7 | byte & 0x7F
        return number
    if tag == 0x21:
        return _DOUBLE(raw, at + 1)[0] if len(raw) - at == 9 else None
    other = _OTHERS.get(tag)
    return other(raw[at + 1 :]) if other else None


def _is_long_text(raw: bytes, end: int, size: int) -> bool:
    """Whether behind the key there is a text alone, in a value of so many bytes that need two for their number."""
    text = size - 3
    return 0x80 <= text <= 0x3F00 and raw.startswith(
        bytes((0x12, size & 0x7F | 0x80, size >> 7, 0x0A, text & 0x7F | 0x80, text >> 7)), end
    )


def _texts(raw: bytes) -> list[Value] | None:
    """A list of texts: `0a <value>` each, the value `0a <text>`."""
    texts: list[Value] = []
    at = 1
    if raw[0] != len(raw) - 1:
        return None
    while at < len(raw):
        size = raw[at + 1]
        if raw[at] != 0x0A or raw[at + 2] != 0x0A or raw[at + 3] != size - 2:
            return None
        texts.append(raw[at + 4 : at + 2 + size].decode())
        at += 2 + size
    return texts if at == len(raw) else None


def _members(raw: bytes) -> dict[str, Value] | None:
    """A key-value list: `0a <key-value>` each, none of them a list itself, and no key twice."""
    members: dict[str, Value] = {}
    at, count = 1, 0
    if raw[0] != len(raw) - 1:
        return None
    while at < len(raw):
        end = at + 2 + raw[at + 1]
        pair = short(raw[at + 2 : end]) if raw[at] == 0x0A and end <= len(raw) else None
        if pair is None or type(pair[1]) in NESTED:
            return None
        members[pair[0]] = pair[1]
        at, count = end, count + 1
    return members if count == len(members) > 0 else None


_BOOLS: Final = {b"\x00": False, b"\x01": True}
_OTHERS: Final[dict[int, Callable[[bytes], Value]]] = {0x10: _BOOLS.get, 0x2A: _texts, 0x32: _members}
"""By their tag."""
