r"""JSON text → Python's dicts and lists, by two parsers.

Takes   the bytes of one JSON document.
Gives   what orjson makes of it; `read_exactly` gives the numbers that a float or 64 bits cannot hold as `Literal`.
Raises  `DecodeError` for bytes that are not one JSON document in UTF-8.
Why     orjson is by far the faster, but it refuses a lone surrogate (`"\ud83d"`, which JavaScript senders write), a
        byte order mark and numbers beyond a double, and rounds the others. What it refuses gets a second reading.
Source  RFC 8259; ProtoJSON.
"""

import json
import re
from typing import Final, NoReturn

import orjson

from raygate.errors import DecodeError

MOST_INT_DIGITS: Final = 18
"""Shorter numbers fit into 64 bits, whatever they are."""

_ESCAPES: Final = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u(?P<lone>[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)


class Literal(str):
    """A number as it was written."""

    __slots__ = ()


def read(body: bytes) -> object:
    """One JSON document."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return read_exactly(body)


def read_exactly(body: bytes) -> object:
    """The same, slower, with every digit of every number."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DecodeError("the body is not UTF-8") from error
    try:
        return json.loads(
            _ESCAPES.sub(_keep_pairs, text), parse_int=_integer, parse_float=Literal, parse_constant=_refuse
        )
    except RecursionError as error:
        raise DecodeError("the JSON is nested too deep") from error
    except ValueError as error:
        raise DecodeError(f"the body is not JSON: {error}") from error


def _keep_pairs(escape: re.Match[str]) -> str:
    """Half of a surrogate pair is no character."""
    return r"\ufffd" if escape["lone"] else escape[0]


def _integer(text: str) -> int | Literal:
    return int(text) if len(text) <= MOST_INT_DIGITS else Literal(text)


def _refuse(token: str) -> NoReturn:
    raise ValueError(f"{token} is no JSON number")
