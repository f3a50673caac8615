"""What could be written next.

Takes   a text, the place of the cursor in it, and the values that traces have.
Gives   `complete`: texts to put in, each with the piece of the text that it takes the place of. None where what stands
        before the cursor cannot be read.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from raygate_local.xray.filters.error import FilterError
from raygate_local.xray.filters.expression import literal, word
from raygate_local.xray.filters.keywords import (
    GROUPS,
    JSON,
    KEYWORDS,
    OPERATORS,
    STEPS,
    VALUES,
    Kind,
    Scope,
    is_known_in,
    kind_of,
)
from raygate_local.xray.filters.parser import read_on
from raygate_local.xray.filters.parts import ANNOTATION, Scalar
from raygate_local.xray.filters.reading import Reading, Want
from raygate_local.xray.filters.tokens import MAX_LENGTH, TOKEN
from raygate_local.xray.filters.vocabulary import Vocabulary

MOST: Final = 50
REST_OF_WORD: Final = re.compile(r"[A-Za-z0-9_.]*(?:\[[^\]\"]*\]?|\])?")


@dataclass(frozen=True, slots=True)
class Completion:
    """A text to put in the place of what stands from `start` to before `end`."""

    text: str
    start: int
    end: int
    sort: str
    """keyword, operator, value or word."""
    note: str = ""

    def apply(self, text: str) -> str:
        """The text with it."""
        return text[: self.start] + self.text + text[self.end :]


@dataclass(frozen=True, slots=True)
class _Choice:
    text: str
    sort: str
    note: str = ""
    shown: str = ""
    """What is compared with what is typed; the text itself when empty."""


def complete(text: str, cursor: int, words: Vocabulary) -> list[Completion]:
    """What fits best comes first."""
    cursor = max(0, min(cursor, len(text)))
    start = _start(text[:cursor])
    if start is None or cursor > MAX_LENGTH:
        return []
    wanted = _wanted(text[:start])
    typed = text[start:cursor].lstrip('"').replace("[", ".").lower()
    ranked: dict[str, tuple[int, _Choice]] = {}
    for want in wanted:
        for choice in CHOICES[want.sort](want, words):
            place = (choice.shown or choice.text).lower().find(typed)
            if place >= 0 and choice.text not in ranked:
                ranked[choice.text] = (min(place, 1), choice)
    best = sorted(ranked.values(), key=lambda one: one[0])[:MOST]
    end = _end(text, start, cursor)
    return [Completion(choice.text, start, end, choice.sort, choice.note) for _, choice in best]


def _start(before: str) -> int | None:
    """Where the piece that is being written begins; None where something has no meaning."""
    at, last = 0, None
    while at < len(before):
        found = TOKEN.match(before, at)
        if not found or found.lastgroup == "json":
            is_key = before[at] == "[" and last is not None and last.lastgroup == "word"
            return last.start() if is_key and last else (at if before[at] == '"' else None)
        at, last = found.end(), found
    return last.start() if last and last.lastgroup in ("word", "number") else len(before)


def _end(text: str, start: int, cursor: int) -> int:
    if text[start:cursor].startswith('"'):
        return cursor + (text[cursor : cursor + 1] == '"')
    rest = REST_OF_WORD.match(text, cursor) if start < cursor else None
    return rest.end() if rest else cursor


def _wanted(before: str) -> list[Want]:
    try:
        reading = Reading(before, lambda _keyword, _value: "")
    except FilterError:
        return []
    with suppress(FilterError):  # it has no end yet: what is wanted there is known all the same
        read_on(reading)
    return reading.wanted


def _operands(want: Want, words: Vocabulary) -> Iterator[_Choice]:
    for name, keyword in KEYWORDS.items():
        if is_known_in(name, want.scope):
            yield _Choice(name, "keyword", keyword.meaning)
    if is_known_in(ANNOTATION, want.scope):
        for key in words.keys():  # noqa: SIM118 it is no mapping
            yield _Choice(word(ANNOTATION + key), "keyword", "annotation", ANNOTATION + key)
    if want.scope is Scope.TRACE:
        yield _Choice("service(", "keyword", 'a service that was reached: service("name") { … }')
        yield _Choice("edge(", "keyword", 'a call: edge("from", "to") { … }')
        yield from (_Choice(one, "keyword", "a group, by its filter expression") for one in GROUPS)
        yield from (_Choice(one, "keyword", f"{level} of {cause} root causes") for one, (cause, level) in STEPS.items())
        yield _Choice(JSON, "keyword", "root causes like a JSON")


def _operators(want: Want, _words: Vocabulary) -> Iterator[_Choice]:
    yield from (_Choice(one, "operator") for one in OPERATORS[kind_of(want.keyword)])


def _values(want: Want, words: Vocabulary) -> Iterator[_Choice]:
    if want.keyword in GROUPS:
        named = words.groups if want.keyword == "group.name" else ()
        yield from (_value(name) for name in named)
        return
    kind = kind_of(want.keyword) if want.keyword in KEYWORDS or want.keyword.startswith(ANNOTATION) else Kind.TEXT
    if kind is Kind.BOOLEAN:
        yield from (_value(value) for value in (True, False))
    asked = VALUES.get(want.operator, Kind.ANY) if kind is Kind.ANY else kind
    yield from (_value(value) for value in words.values(want.keyword) if _fits(value, asked))


def _fits(value: Scalar, kind: Kind) -> bool:
    is_text = isinstance(value, str)
    return kind is Kind.ANY or (kind is Kind.TEXT and is_text) or (kind is Kind.NUMBER and not is_text)


def _services(_want: Want, words: Vocabulary) -> Iterator[_Choice]:
    yield from (_value(name) for name in words.values("name"))
    yield _Choice("id(", "word", "by name, type or account")


def _words(want: Want, _words: Vocabulary) -> Iterator[_Choice]:
    yield from (_Choice(one, "word") for one in want.words)


def _value(value: Scalar) -> _Choice:
    return _Choice(literal(value), "value", shown=str(value))


CHOICES: Final[Mapping[str, Callable[[Want, Vocabulary], Iterator[_Choice]]]] = {
    "operand": _operands,
    "operator": _operators,
    "value": _values,
    "service": _services,
    "word": _words,
}
