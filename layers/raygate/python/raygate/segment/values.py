"""How OTLP's values are read, and how they are written into a document.

Source  xray-conversion.md, sections 2 (R1, R2) and 20.5: no value is converted to text on reading, so a number
        where a string belongs reads as the empty string, as in the exporter.
"""

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator
from decimal import Decimal
from math import isfinite
from typing import Any

from raygate.span import Attributes, Value

SCALARS = frozenset({str, int, float, bool})
_NOT_FINITE = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}
FINITE = SCALARS - {float}
"""Whatever is in them, JSON can express it."""


def text(attributes: Attributes, key: str) -> str:
    """The string under `key`; `""` when it is absent or something else."""
    value = attributes.get(key)
    return value if type(value) is str else ""


def integer(value: Value) -> int:
    """The integer, or 0 for everything else: a boolean, a double, digits in a string."""
    return value if type(value) is int else 0


def plain(value: Value) -> Any:
    """A value as JSON has it: bytes in base64, no bytes at all as null, lists and maps all the way down."""
    if type(value) in SCALARS:
        return value
    if isinstance(value, bytes):
        return b64encode(value).decode() if value else None
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return None


def plain_text(value: Value) -> str:
    """A value of any kind as text, in the collector's way: shortest doubles, compact JSON for lists and maps."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bytes):
        return b64encode(value).decode()
    if isinstance(value, float) and not isfinite(value):
        return _NOT_FINITE[str(value)]
    try:
        return "".join(_json(value))
    except NoNumberError:
        return ""


class NoNumberError(ValueError):
    """JSON has no such number: there is no text at all."""


def _json(value: Value) -> Iterator[str]:
    if isinstance(value, float):
        yield _shortest(value)
    elif isinstance(value, list):
        yield from _joined("[", (_json(item) for item in value), "]")
    elif isinstance(value, dict):
        members = ((_quoted(key), ":", *_json(item)) for key, item in sorted(value.items()))
        yield from _joined("{", members, "}")
    else:
        yield _quoted(plain(value))


def _joined(opening: str, parts: Iterable[Iterable[str]], closing: str) -> Iterator[str]:
    yield opening
    for number, part in enumerate(parts):
        yield from ("," if number else "", *part)
    yield closing


def _quoted(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _shortest(value: float) -> str:
    """Digits without exponent from 1e-6 up to 1e21, no `.0`, and exponents without a leading zero."""
    if not isfinite(value):
        raise NoNumberError
    if value and not 1e-6 <= abs(value) < 1e21:
        return repr(value).replace("e-0", "e-")
    digits = f"{Decimal(repr(value)):f}"
    return digits.removesuffix(".0")
