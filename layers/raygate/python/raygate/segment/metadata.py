"""`metadata`: everything that no block accounts for.

Takes   the attributes that are left; those under `aws.xray.metadata.<namespace>` hold JSON text.
Gives   {namespace: {key: value}}; the ordinary namespace is `default`, absent when empty.
Source  xray-conversion.md, section 20.6.
"""

import json
import re
from typing import Any, Final

NAMESPACE_PREFIX: Final = "aws.xray.metadata."
DEFAULT: Final = "default"
MAX_DEPTH: Final = 100

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class NotAnObjectError(ValueError):
    """The text is no JSON object, and no null either: it stays an ordinary attribute."""


def parsed(text: str) -> dict[str, Any] | None:
    """The object, or None for null. Numbers are doubles. Raises `NotAnObjectError`."""
    try:
        value = _DECODER.decode(text)
    except (ValueError, RecursionError) as error:
        raise NotAnObjectError from error
    if value is not None and not isinstance(value, dict):
        raise NotAnObjectError
    return _checked(value, 0) if value and _is_odd(text) else value


def _is_odd(text: str) -> bool:
    """Whether there may be a lone surrogate in it, or too many levels."""
    return not text.isascii() or "\\u" in text or text.count("{") + text.count("[") > MAX_DEPTH


def _double(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise NotAnObjectError
    return number


def _refused(_constant: str) -> float:
    raise NotAnObjectError


_DECODER: Final = json.JSONDecoder(parse_int=_double, parse_float=_double, parse_constant=_refused)
"""Made once: `json.loads` makes one for each text."""


def _checked(value: Any, depth: int) -> Any:
    """Without lone surrogates, which UTF-8 cannot express, and not deeper than JSON writers go."""
    if depth > MAX_DEPTH:
        raise NotAnObjectError
    if isinstance(value, dict):
        return {_LONE_SURROGATE.sub("\ufffd", key): _checked(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_checked(item, depth + 1) for item in value]
    return _LONE_SURROGATE.sub("\ufffd", value) if isinstance(value, str) else value
