"""What a body is made of, changed in one place: a JSON value, a protobuf field. What encloses it stays whole."""

from collections.abc import Callable
from random import Random
from typing import Any, Final, TypeAlias

import orjson

ODD: Final[tuple[Any, ...]] = (
    None, True, False, 0, -1, 1, 1.5, 1e300, 2**63, 2**64 - 1, "", "x", "0", "-1", "1.0", "1e3", "NaN", "é\u2028\0",
    "x" * 70_000, "0" * 32, "f" * 16, "a=b@c://d:e@f", [], {}, [None], [[]], [{}], {"values": []}, {"a": None},
    {"stringValue": 1}, {"intValue": "x"}, {"kvlistValue": {"values": [{}]}}, {"arrayValue": None},
)  # fmt: skip

Fields: TypeAlias = list[tuple[int, int, bytes]]
"""Number, wire type, content: what protobuf is made of."""

_WHOLE: Final[tuple[bytes, ...]] = (
    b"",
    b"\x0a\x00",
    b"\x12\x00",
    b"\x2a\x02\x0a\x00",
    b"\x32\x00",
    b"\xff",
    b"\x00",
    b"text",
    b"\xf0\x9f\x98",
)
"""Contents of fields, some of them messages."""

MOST_BYTES: Final = 100_000
"""Of one field again and again: memory shall be seen to stay flat."""

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
SIZES: Final = {FIXED64: 8, FIXED32: 4}


def json_changed(random: Random, data: bytes) -> bytes:
    """A value somewhere in the document is another one, is gone, or is there twice."""
    try:
        document = orjson.loads(data)
    except ValueError:
        return data
    return orjson.dumps(changed(random, document), option=orjson.OPT_NON_STR_KEYS)


def changed(random: Random, value: Any) -> Any:
    """The same with something odd in it, the deeper the likelier."""
    if not value or not isinstance(value, dict | list) or random.randrange(8) == 0:
        return random.choice(ODD)
    if isinstance(value, list):
        at = random.randrange(len(value))
        within = random.choice([[], [value[at]] * 2, [changed(random, value[at])], [changed(random, value[at])]])
        return value[:at] + within + value[at + 1 :]
    key = random.choice(list(value))
    others = {name: content for name, content in value.items() if name != key}
    how = random.randrange(8)
    if how == 0:
        return others
    new = random.choice([str(key).upper(), f"{key}s", ""]) if how == 1 else key
    return others | {new: changed(random, value[key])}


def protobuf_changed(random: Random, data: bytes) -> bytes:
    """A field somewhere in the message is another one, is gone, or is there twice; the lengths around it are right."""
    fields = _read(data)
    if not fields:
        return data + random.choice(_WHOLE)
    at = random.randrange(len(fields))
    number, kind, content = fields[at]
    if kind == BYTES and random.randrange(6):
        fields[at] = (number, kind, protobuf_changed(random, content))
    else:
        fields[at : at + 1] = random.choice(_CHANGES)(random, fields[at])
    return _written(fields)


_CHANGES: Final[tuple[Callable[[Random, tuple[int, int, bytes]], Fields], ...]] = (
    lambda _random, _field: [],
    lambda _random, field: [field] * 2,
    lambda random, field: [field] * min(random.choice([10, 300, 2_000]), MOST_BYTES // (len(field[2]) + 1)),
    lambda random, field: [(random.choice([1, 2, 3, 4, 5, 9, 11, 13, 15, 16, 99, 1000]), field[1], field[2])],
    lambda random, field: [(field[0], VARINT, random.choice([b"\x00", b"\x01", b"\xff" * 9 + b"\x01", b"\xff" * 10]))],
    lambda random, field: [(field[0], FIXED64, random.randbytes(8))],
    lambda random, field: [(field[0], BYTES, random.choice(_WHOLE) * random.choice([1, 20]))],
    lambda random, field: [(field[0], random.choice([3, 4, 6, 7]), b"")],
)


def _read(data: bytes) -> Fields:
    """The fields of a message; none when it is not one."""
    fields: Fields = []
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        number, kind = tag >> 3, tag & 7
        start = at
        if kind == VARINT:
            _, at = _varint(data, at)
        elif kind == BYTES:
            size, start = _varint(data, at)
            at = start + size
        elif kind in SIZES:
            at += SIZES[kind]
        else:
            return []
        if not number or at > len(data) or at <= start - 1:
            return []
        fields.append((number, kind, data[start:at]))
    return fields


def _written(fields: Fields) -> bytes:
    parts = []
    for number, kind, content in fields:
        parts.append(_number(number << 3 | kind))
        if kind == BYTES:
            parts.append(_number(len(content)))
        parts.append(content)
    return b"".join(parts)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(data):
        value |= (data[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if not data[at - 1] & 0x80:
            break
    return value, at


def _number(value: int) -> bytes:
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)
