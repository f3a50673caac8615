r"""The text of a filter expression, cut into tokens.

Takes   the text.
Gives   `tokens`: words, texts, numbers, symbols, one JSON value after a #; and the end.
Raises  `FilterError` for what is none of them, at its column.
Rules   A text stands in double quotation marks; \" is a quotation mark within it and \\ is one \, any other \ stands
        for itself. The key of an annotation may stand in brackets.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import accumulate
from math import isfinite
from typing import Any, Final

from raygate_local.xray.filters.error import FilterError
from raygate_local.xray.members import MAX_KEY

MAX_LENGTH: Final = 10_000
MAX_JSON_DEPTH: Final = 20
TOO_DEEP: Final = f"the JSON is more than {MAX_JSON_DEPTH} levels deep"
WHOLE_DIGITS: Final = 30
"""A longer whole number is as good as its nearest fraction."""

TOKEN: Final = re.compile(
    r"""(?P<space>\s+)
    | (?P<text>"(?:[^"\\]|\\.)*")
    | (?P<number>[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?)
    | (?P<word>[A-Za-z_][A-Za-z0-9_.]*(?:\[[^\]"]*\])?)
    | (?P<symbol>!=|<=|>=|[=<>!(){},:])
    | (?P<json>\#)""",
    re.VERBOSE | re.DOTALL,
)
KEY: Final = re.compile(f"[0-9a-zA-Z_.]{{1,{MAX_KEY}}}")
STUCK: Final = re.compile(r"[A-Za-z0-9_.]")
HINTS: Final[Mapping[str, str]] = {
    '"': 'the text that begins here has no closing "',
    "'": 'a text stands in double quotation marks: "',
    "[": "brackets hold the key of an annotation, as in annotation[key]; JSON stands after a #",
    "&": "AND is written as a word",
    "|": "OR is written as a word",
}


class Sort(Enum):
    """Of tokens."""

    WORD = "word"
    TEXT = "text"
    NUMBER = "number"
    SYMBOL = "symbol"
    JSON = "json"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text, from `start` to before `end`."""

    sort: Sort
    text: str
    start: int
    end: int
    value: Any = None

    @property
    def lower(self) -> str:
        """Words count without regard to case."""
        return self.text.lower() if self.sort is Sort.WORD else ""

    @property
    def shown(self) -> str:
        """As a message names it."""
        if self.sort is Sort.END:
            return "the end"
        return self.text if len(self.text) <= 40 else f"{self.text[:40]}…"


def tokens(text: str) -> Iterator[Token]:
    """One after the other, and the end."""
    if len(text) > MAX_LENGTH:
        raise FilterError(f"the expression has {len(text)} characters, more than {MAX_LENGTH}", MAX_LENGTH)
    at = 0
    while at < len(text):
        found = TOKEN.match(text, at)
        if not found:
            character = text[at]
            raise FilterError(HINTS.get(character, f"{character!r} has no meaning here"), at)
        sort = str(found.lastgroup)
        if sort != "space":
            token = READ[sort](found)
            yield token
            at = token.end
        else:
            at = found.end()
    yield Token(Sort.END, "", len(text), len(text))


def _word(found: re.Match[str]) -> Token:
    word, at = found.group(), found.start()
    name, bracket, key = word.partition("[")
    if bracket and name.lower() != "annotation":
        raise FilterError(f"only annotation has a key in brackets, not {name}", at + len(name))
    if bracket and not KEY.fullmatch(key[:-1]):
        raise FilterError(f"a key has 1 to {MAX_KEY} letters, digits, _ and .", at + len(name) + 1)
    return Token(Sort.WORD, word, at, found.end())


def _text(found: re.Match[str]) -> Token:
    value = re.sub(r'\\(["\\])', r"\1", found.group()[1:-1])
    return Token(Sort.TEXT, found.group(), found.start(), found.end(), value)


def _number(found: re.Match[str]) -> Token:
    written, end = found.group(), found.end()
    if STUCK.match(found.string, end):
        more = re.compile(r"[\w.]+").match(found.string, end)
        raise FilterError(f"{written}{more.group() if more else ''} is not a number", found.start())
    if not isfinite(float(written)):
        raise FilterError(f"{written[:40]} is too large", found.start())
    is_whole = len(written) <= WHOLE_DIGITS and written.lstrip("-+").isdigit()
    return Token(Sort.NUMBER, written, found.start(), end, int(written) if is_whole else float(written))


def _symbol(found: re.Match[str]) -> Token:
    return Token(Sort.SYMBOL, found.group(), found.start(), found.end())


def _json(found: re.Match[str]) -> Token:
    at = found.end()
    try:
        value, end = json.JSONDecoder(parse_constant=_no_constant).raw_decode(found.string, at)
    except json.JSONDecodeError as error:
        raise FilterError(f"after # comes JSON: {error.msg}", min(error.pos, len(found.string))) from error
    except ValueError as error:
        raise FilterError(f"after # comes JSON: {error}", at) from error
    except RecursionError as error:
        raise FilterError(TOO_DEEP, at) from error
    if _depth(found.string[at:end]) > MAX_JSON_DEPTH:
        raise FilterError(TOO_DEEP, at)
    return Token(Sort.JSON, found.string[at:end], found.start(), end, value)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is none of its numbers")


def _depth(text: str) -> int:
    """At most; brackets within its texts count, too."""
    return max(accumulate((one in "[{") - (one in "]}") for one in text))


READ: Final[Mapping[str, Callable[[re.Match[str]], Token]]] = {
    "word": _word,
    "text": _text,
    "number": _number,
    "symbol": _symbol,
    "json": _json,
}
