"""Requests made up by chance: every attribute of the mapping, values of every type, in every combination.

Takes   a number; the same number gives the same request.
Gives   `request`: one sender or two, a few spans.
"""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Final, TypeAlias

from compare import anything, traces
from compare.given import Event, Given, Link, Pairs, Scope, Sender, Span, Value
from compare.words import OTHERS, RESOURCE, SPAN

TIMES: Final = (0, 1, 1_756_492_480_250_000_000, 1_756_492_480_123_456_789, 2**63 - 1, 2**63, 2**64 - 1, 2**53 + 1)
KINDS: Final = (0, 1, 2, 2, 2, 3, 3, 3, 4, 5, 5, 6, 99, -1)
SPAN_NAMES: Final = (
    "GET /orders/{id}", "SELECT shop", "", "span", "a,b\\c", "*", "x" * 199 + "ö", "漢" * 80, "x" * 210, "é" * 120,
)  # fmt: skip
SHARES: Final = (0.2, 0.5, 0.8)
"""Of a block's attributes: many rules are about two of them that are there together."""
EVENT_CODE: Final = "http.response.status_code"
"""No list or map by chance: see what is left out."""

Words: TypeAlias = Mapping[str, tuple[Value, ...]]


def request(number: int, now_s: int) -> Given:
    """One of them. Times of ids are around now, or far from it."""
    random = Random(f"compare {number}")
    return [_sender(random, now_s) for _ in range(random.choice([1, 1, 1, 2]))]


def _sender(random: Random, now_s: int) -> Sender:
    resource = _resource(random)
    return Sender(resource, [_scope(random, resource, now_s) for _ in range(random.choice([1, 1, 1, 2]))])


def _scope(random: Random, resource: Pairs, now_s: int) -> Scope:
    spans = [_span(random, resource, now_s) for _ in range(random.choice([1, 1, 2]))]
    return Scope(random.choice(["", "lib"]), random.choice([Pairs(), resource]), spans)


def _span(random: Random, resource: Pairs, now_s: int) -> Span:
    """One span of that resource."""
    language = next((value for key, value in resource if key == "telemetry.sdk.language"), "")
    attributes = _attributes(random)
    return Span(
        _trace_id(random, now_s),
        _id(random, 8),
        b"" if random.randrange(3) == 0 else _id(random, 8),
        random.choice(SPAN_NAMES) if random.randrange(3) else anything.text(random),
        random.choice(KINDS),
        _time(random),
        _time(random),
        attributes,
        [_event(random, str(language)) for _ in range(random.choice([0, 0, 0, 1, 1, 2, 3]))],
        [_link(random, now_s) for _ in range(random.choice([0, 0, 0, 0, 1, 2]))],
        random.choice([0, 0, 1, 2, 2, 3, -1]),
        random.choice(["", "", "it failed"]) if random.randrange(6) else anything.text(random),
        random.choice(["", "", "a=b"]),
    )


def _resource(random: Random) -> Pairs:
    count = random.choice([0, 2, 8, 16, 30])
    keys = random.sample(list(RESOURCE), count)
    if random.randrange(2):
        keys = [*{"telemetry.sdk.language": 1, **dict.fromkeys(keys)}]
    pairs = [(key, _value(random, key, RESOURCE[key])) for key in keys]
    pairs += [(random.choice(OTHERS), anything.value(random)) for _ in range(random.choice([0, 0, 1, 2]))]
    return _repeated(random, pairs)


def _attributes(random: Random) -> Pairs:
    """Those of one block or a few, and some that nothing knows."""
    blocks = random.sample(list(SPAN), random.choice([0, 1, 1, 2, 3, len(SPAN)]))
    known: dict[str, tuple[Value, ...]] = {key: values for block in blocks for key, values in SPAN[block].items()}
    share = random.choice(SHARES if len(blocks) < len(SPAN) else SHARES[:1])
    pairs = [(key, _value(random, key, known[key])) for key in known if random.random() < share]
    pairs += [(random.choice(OTHERS), anything.value(random)) for _ in range(random.choice([0, 0, 1, 2, 4]))]
    if random.randrange(4) == 0:
        pairs.append(("aws.span.kind", "LOCAL_ROOT"))
    return _repeated(random, pairs)


def _repeated(random: Random, pairs: list[tuple[str, Value]]) -> Pairs:
    """Once in a while a key comes twice, with another value."""
    if pairs and random.randrange(20) == 0:
        key, _ = random.choice(pairs)
        pairs.append((key, _value(random, key, _every().get(key, ("again",)))))
    random.shuffle(pairs)
    return Pairs(pairs)


def _every() -> Words:
    return {key: values for block in SPAN.values() for key, values in block.items()} | RESOURCE


def _value(random: Random, key: str, values: Sequence[Value]) -> Value:
    chance = random.randrange(20)
    if chance == 0:
        return anything.value(random, anything.DEEPEST if key == EVENT_CODE else 0)
    if chance == 1:
        return anything.text(random)
    if key == "db.connection_string":
        return traces.connection_string(random) if chance > 5 else random.choice(values)
    chosen = random.choice(values)
    return anything.damaged(random, chosen) if chance in {2, 3} and isinstance(chosen, str) else chosen


def _event(random: Random, language: str) -> Event:
    name = random.choice(["exception", "exception", "exception", "HTTP request failure", "message", "Exception", ""])
    known: Words = {
        "exception.type": ("x.Y", "", "ValueError"),
        "exception.message": ("it broke", "", "a\nb"),
        "exception.stacktrace": (traces.trace(random, language), traces.trace(random, language), ""),
        "exception.escaped": (True, "false"),
        EVENT_CODE: (503, "503", "", 5.0, 1e21, True, [503, 1e16, "<"], None),
        "aws.http.error_message": ("slow down", ""),
        "message.type": ("RECEIVED", "RECEIVED", "SENT"),
        "messaging.message_payload_size_bytes": (5, 0, "5", -2),
    }
    chosen = [key for key in known if random.randrange(5) > 1]
    return Event(name, _time(random), _repeated(random, [(key, _value(random, key, known[key])) for key in chosen]))


def _link(random: Random, now_s: int) -> Link:
    pairs = [(random.choice(OTHERS), anything.value(random)) for _ in range(random.choice([0, 1, 3]))]
    return Link(_trace_id(random, now_s), _id(random, 8), Pairs(pairs))


def _time(random: Random) -> int:
    return random.choice(TIMES) if random.randrange(2) else 1_756_492_480_000_000_000 + random.randrange(10**12)


def _id(random: Random, size: int) -> bytes:
    return random.choice([bytes(size), b""]) if random.randrange(20) == 0 else random.randbytes(size)


def _trace_id(random: Random, now_s: int) -> bytes:
    """Mostly of now; some at random, empty or all zeros; none near the limits, which move on while we compare."""
    if random.randrange(8) == 0:
        return random.choice([random.randbytes(16), bytes(16), b"", b"\xff" * 16])
    age_s = random.choice([0, 60, -120, 27 * 86_400, 29 * 86_400, -3_600])
    return (now_s - age_s).to_bytes(4, "big") + random.randbytes(12)
