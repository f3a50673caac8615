"""Requests of all sizes and forms, and which documents each of them has to become.

Gives   `small`: so many generated ones, with a hundred invalid spans at most, and `recorded`: what real senders sent.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from benchmarks import messages, rich
from raygate.decode import decode
from raygate.deliver import Budget
from raygate.enrich import enrich
from raygate.errors import DecodeError
from raygate.making import make
from raygate.request import Encoding, Request
from raygate.settings import Settings
from tests.corpus import captured, compact
from tests.faults.chance import chance
from tests.faults.xray import Key, key_of

SIZES: Final = (1, 1, 1, 2, 2, 3, 5, 8, 8, 13, 21, 60)
"""About ten spans a request, and some that need more than one call."""
ENCODINGS: Final[dict[str, Encoding]] = {"application/x-protobuf": "protobuf", "application/json": "json"}
CONTENT_TYPES: Final[dict[Encoding, str]] = {encoding: name for name, encoding in ENCODINGS.items()}
FOREVER_S: Final = 1e6


@dataclass(frozen=True, slots=True)
class Export:
    """One export request."""

    body: bytes
    content_type: str
    coding: str
    keys: frozenset[Key]
    """All documents of its spans."""
    spans: int
    rejected: int
    """Spans that can never be stored."""


def documents_of(request: Request) -> list[set[Key]]:
    """For each span that can be stored its documents."""
    made = make(enrich(decode(request, Settings()).spans, Settings()).spans, "", Settings(), Budget.of(FOREVER_S))
    assert made
    found: dict[int, set[Key]] = {}
    for owner, text in zip(made.owners, made.texts, strict=True):
        found.setdefault(owner, set()).add(key_of(text))
    return list(found.values())


def export(body: bytes, content_type: str, coding: str = "") -> Export:
    """A request, with what has to become of it."""
    request = Request(body, ENCODINGS[content_type], coding)
    decoded = decode(request, Settings())
    spans, stored = len(decoded.spans) + len(decoded.rejected), documents_of(request)
    return Export(body, content_type, coding, frozenset().union(*stored), spans, spans - len(stored))


def generated(seed: object, count: int) -> Iterator[Export]:
    """Rich spans, each with ids of its own; in some requests one is invalid, in some the service is not in ASCII."""
    random = chance("load", seed)
    for number in range(count):
        parts = rich.batch(random, random.choice(SIZES))
        if number % 10 == 9:
            next(span for part in parts for scope in part.scope_spans for span in scope.spans).trace_id = bytes(16)
        if number % 7 == 3:
            for attribute in (one for part in parts for one in part.resource.attributes if one.key == "service.name"):
                attribute.value.string_value = "Bücher"
        encoding: Encoding = "json" if number % 3 == 2 else "protobuf"
        yield export(messages.packed(parts, encoding), CONTENT_TYPES[encoding], "gzip")


def one(seed: object, spans: int) -> Export:
    """One request with so many spans."""
    parts = rich.batch(chance("one", seed), spans)
    return export(messages.packed(parts), CONTENT_TYPES["protobuf"], "gzip")


def large(seed: object) -> Export:
    """A request that is too large for a message of the queue, however it is compressed; documents of 60 KB and more."""
    random = chance("large", seed)
    times = {"startTimeUnixNano": "1795348800000000000", "endTimeUnixNano": "1795348801000000000"}
    spans = [
        {
            "traceId": "69b31a5e0000000000000000000000ff",
            "spanId": f"{number:016x}",
            "name": "large",
            "kind": 2,
            "attributes": [{"key": "noise", "value": {"stringValue": random.randbytes(30_000 + 60 * number).hex()}}],
            **times,
        }
        for number in range(1, 41)
    ]
    return export(compact({"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]}), CONTENT_TYPES["json"])


def texts_of(given: Export) -> list[str]:
    """Its documents as X-Ray gets them."""
    decoded = decode(Request(given.body, ENCODINGS[given.content_type], given.coding), Settings())
    made = make(enrich(decoded.spans, Settings()).spans, "", Settings(), Budget.of(FOREVER_S))
    assert made
    return made.texts


@cache
def recorded() -> Sequence[Export]:
    """The requests of the corpus that have spans to be stored."""
    return tuple(_recorded())


def _recorded() -> Iterator[Export]:
    for one in captured():
        content_type = one.header("content-type").partition(";")[0].strip()
        if one.method != "POST" or content_type not in ENCODINGS or not one.path.endswith("/v1/traces"):
            continue
        try:
            made = export(one.body, content_type, one.header("content-encoding"))
        except DecodeError:
            continue
        if made.keys:
            yield made
