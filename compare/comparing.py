"""Requests by their numbers, through the exporter and through us.

Takes   the exporter as a child process, and the time that ids are made of.
Gives   `Comparison`: what was counted, and each difference with the number that makes it again.
Rules   Where the exporter makes different documents of the same request, since it goes through a map without order,
        each part of ours has to be in one of them. Where it crashes, we must not.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import orjson

from benchmarks.exporter import Converter
from compare import json_text, making, ours, protobuf
from compare.given import Given, spans_of
from compare.options import CHOICES
from compare.same import Told, all_differences, ids_of, recorded
from compare.theirs import tell
from raygate.errors import DecodeError
from raygate.request import Encoding, Request
from tests.same_documents import Difference

BATCH: Final = 500
"""Requests that go to the exporter at once."""

TRIES: Final = 20
AT_ONCE: Final = 16
"""So many times so often it may make something else of the same request."""

SHOWN: Final = 20


class Way(NamedTuple):
    """How a request is written."""

    encoding: Encoding
    write: Callable[[Given], bytes]


WAYS: Final = {
    "protobuf": Way("protobuf", protobuf.written),
    "json": Way("json", json_text.strict),
    "loose json": Way("json", json_text.loose),
}


@dataclass(frozen=True, slots=True)
class Case:
    """One request in one encoding, under one choice of options."""

    number: int
    way: str
    choice: str
    given: Given
    body: bytes


@dataclass(slots=True)
class Comparison:
    """All that was looked at so far."""

    exporter: Converter
    now_s: int
    counts: Counter[str] = field(default_factory=Counter)
    differing: list[str] = field(default_factory=list)

    def look(self, numbers: Sequence[int]) -> None:
        """Compare these."""
        for case, told in self.asked(numbers):
            self.counts["spans"] += len(spans_of(case.given))
            self.counts[self._judged(case, told)] += 1

    def asked(self, numbers: Sequence[int]) -> Iterator[tuple[Case, Told]]:
        """Each of these requests in each encoding, with what the exporter made of it."""
        for choice in CHOICES:
            chosen = [number for number in numbers if choice_of(number) == choice]
            for way in WAYS:
                for start in range(0, len(chosen), BATCH):
                    cases = [self.case(number, way) for number in chosen[start : start + BATCH]]
                    yield from zip(cases, self._tell(cases), strict=True)

    def case(self, number: int, way: str) -> Case:
        """The request of that number."""
        given = making.request(number, self.now_s)
        return Case(number, way, choice_of(number), given, WAYS[way].write(given))

    def differences(self, case: Case, told: Told) -> list[Difference]:
        """Where ours differ from those."""
        options = CHOICES[case.choice].ours(self.now_s)
        try:
            made = ours.documents(Request(case.body, WAYS[case.way].encoding), options)
        except DecodeError as error:
            return [Difference("$", f"refused by us alone: {error}")]
        return all_differences(told, made, ids_of(case.given))

    def again(self, case: Case, times: int) -> list[Told]:
        """What the exporter makes of it, so many times."""
        return self._tell([case] * times)

    def told(self, number: int) -> str:
        """All that is known of the request of that number."""
        lines: list[str] = []
        for way in WAYS:
            case = self.case(number, way)
            (told,) = self.again(case, 1)
            lines += [f"{way}, {case.choice}:", *map(str, self.differences(case, told))]
            if way == "json":
                lines += [case.body.decode(), told.crashed or told.refused, _shown(recorded(told, ids_of(case.given)))]
        return "\n".join(lines)

    def summary(self) -> str:
        """In words."""
        counts = ", ".join(f"{self.counts[key]:,} {key}" for key in STATES if self.counts[key])
        return "\n".join([f"{self.counts['spans']:,} spans in requests of which {counts}", *self.differing[:SHOWN]])

    def _judged(self, case: Case, told: Told) -> str:
        found = self.differences(case, told)
        if not found:
            return CRASHED if told.crashed else SAME
        if self._is_random(case):
            return RANDOM
        self.differing.append(f"--again {case.number}, {case.way}, {case.choice}: {found[0]}")
        return DIFFERENT

    def _is_random(self, case: Case) -> bool:
        """Whether no place differs every time."""
        always: set[str] | None = None
        for _ in range(TRIES):
            for told in self.again(case, AT_ONCE):
                places = {one.place for one in self.differences(case, told)}
                always = places if always is None else always & places
            if not always:
                return True
        return False

    def _tell(self, cases: Sequence[Case]) -> list[Told]:
        way, choice = WAYS[cases[0].way], CHOICES[cases[0].choice]
        return tell(self.exporter, [case.body for case in cases], way.encoding, choice)


SAME: Final = "are the same"
RANDOM: Final = "have one of the documents among which the exporter chooses at random"
CRASHED: Final = "make the exporter crash and us not"
DIFFERENT: Final = "differ"
STATES: Final = (SAME, RANDOM, CRASHED, DIFFERENT)


def choice_of(number: int) -> str:
    """Under which options it is compared."""
    return list(CHOICES)[number % len(CHOICES)]


def _shown(documents: list[dict[str, Any]]) -> str:
    return orjson.dumps(documents, option=orjson.OPT_INDENT_2).decode()
