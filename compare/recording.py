"""The most telling requests, kept with the exporter's documents for machines without Go.

Takes   a file, the comparison, and the numbers of the requests to choose from.
Gives   a line of JSON for each: `number`, `options`, `now_s`, `documents`, the request as `json` or `protobuf`.
Rules   A request is kept for what none of the others has: an attribute with a type of value, a key that repeats, a
        member of a document with a type, a kind of span with its kind of document. Small ones come first. Where the
        exporter chooses at random, crashes, or we differ, nothing is kept.
"""

from base64 import b64encode
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from compare import json_text
from compare.comparing import Case, Comparison
from compare.given import Given, Pairs, spans_of
from compare.same import ids_of, recorded
from compare.words import RESOURCE, SPAN

SAME_EACH_TIME: Final = 48
FEWEST_NEW: Final = 5
"""Features that a request is kept for: those of the last ones would triple the file."""
MOST_BYTES: Final = 4_500
"""Of a request and its documents: a reader shall be able to read it."""
FREE: Final = ("annotations", "metadata", "attributes")
"""What is below them has names of the sender's own."""
KNOWN: Final = frozenset(RESOURCE).union(*SPAN.values())
BLOCKS: Final = {key: block for block, keys in SPAN.items() for key in keys}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A request that may be kept."""

    line: bytes
    weight: int
    """Bytes of the documents: the request is shorter in one encoding than in the other."""
    features: frozenset[str]
    case: Case


def record(path: Path, comparison: Comparison, numbers: Collection[int]) -> str:
    """Write the file; gives what to say about it."""
    candidates = list(_candidates(comparison, numbers))
    every = frozenset[str]().union(*(one.features for one in candidates))
    kept: list[Candidate] = []
    missing = every
    while candidates := [one for one in candidates if len(one.features & missing) >= FEWEST_NEW]:
        best = max(candidates, key=lambda one: len(one.features & missing) / one.weight)
        candidates.remove(best)
        if _is_same_each_time(comparison, best.case):
            kept.append(best)
            missing -= best.features
    kept.sort(key=lambda one: one.case.number)
    path.write_bytes(b"".join(one.line + b"\n" for one in kept))
    return f"{len(kept)} requests with {len(every - missing)} of {len(every)} features kept in {path}"


def _candidates(comparison: Comparison, numbers: Collection[int]) -> Iterator[Candidate]:
    for case, told in comparison.asked(list(numbers)):
        if case.way != ("json" if _is_readable(case) else "protobuf") or told.crashed or told.refused:
            continue
        documents = recorded(told, ids_of(case.given))
        line = orjson.dumps(_kept(case, comparison.now_s) | {"documents": documents})
        if documents and len(line) <= MOST_BYTES and not comparison.differences(case, told):
            yield Candidate(line, len(orjson.dumps(documents)), frozenset(_features(case.given, documents)), case)


def _kept(case: Case, now_s: int) -> dict[str, Any]:
    is_json = case.way == "json"
    body = {"json": orjson.loads(case.body)} if is_json else {"protobuf": b64encode(case.body).decode()}
    return {"number": case.number, "options": case.choice, "now_s": now_s} | body


def _is_readable(case: Case) -> bool:
    """Every second one is kept as JSON, unless it has text that is no UTF-8."""
    return case.number % 2 == 0 and b"\\ud" not in json_text.strict(case.given)


def _is_same_each_time(comparison: Comparison, case: Case) -> bool:
    ids = ids_of(case.given)
    told = comparison.again(case, SAME_EACH_TIME)
    return len({orjson.dumps(recorded(one, ids), option=orjson.OPT_SORT_KEYS) for one in told}) == 1


def _features(given: Given, documents: list[dict[str, Any]]) -> Iterator[str]:
    for sender in given:
        yield from _of_pairs("resource", sender.resource)
    for span in spans_of(given):
        yield f"kind {span.kind} {bool(span.parent_span_id)} {('aws.span.kind', 'LOCAL_ROOT') in span.attributes}"
        yield from _of_pairs("span", span.attributes)
        for event in span.events:
            yield from _of_pairs(f"event {event.name}", event.attributes)
    for document in documents:
        yield from _of_document(document, "$")


def _of_pairs(place: str, pairs: Pairs) -> Iterator[str]:
    keys = [key for key, _ in pairs]
    for key, value in pairs:
        name = key if key in KNOWN or place.startswith("event") else "another"
        yield f"{place} {name} {'text' if isinstance(value, str) else 'no text'}"
        if keys.count(key) > 1:
            yield f"{place} {BLOCKS.get(key, 'another')} repeats"


def _of_document(value: Any, place: str) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _of_document(item, f"{place}.{'*' if place.rpartition('.')[2] in FREE else key}")
    elif isinstance(value, list):
        for item in value[:1]:
            yield from _of_document(item, f"{place}[{min(len(value), 2)}]")
    yield f"{place} {'null' if value is None else 'there'}"
