"""One damage after another: bytes, layers of compression, headers, the shape of the message, the shape of the event.

Takes   a source of chance and the requests to begin with. The same chance gives the same damage.
Gives   `mutated`: a request as it could be sent; `misshapen`: an event as no gateway writes it.
"""

from collections.abc import Callable, Sequence
from random import Random
from typing import Any, Final, TypeAlias

from fuzz.layers import message, packed
from fuzz.requests import Sent
from fuzz.shapes import changed, json_changed, protobuf_changed

Damage: TypeAlias = Callable[[Random, bytes, bytes], bytes]
"""Chance, the bytes, those of another request."""

MOST_DAMAGES: Final = 3

CONTENT_TYPES: Final = (
    "application/json", "application/x-protobuf", "application/json; charset=utf-8", "APPLICATION/JSON", "text/plain",
    "application/protobuf", "application/json, application/json", "application/json, text/plain", "", ",", ";", "a/b/c",
    'application/json; a=","', "application/grpc", "x" * 300,
)  # fmt: skip

CODINGS: Final = (
    "gzip", "GZIP", "x-gzip", "deflate", "zlib", "zstd", "identity", "br", "snappy", "gzip, gzip", "identity, gzip",
    "gzip;q=1", ",", " ", "gz\u0131p", "x" * 300,
)  # fmt: skip


def mutated(random: Random, seeds: Sequence[Sent]) -> Sent:
    """One of the requests, damaged once to three times."""
    sent = random.choice(seeds)
    for _ in range(random.randint(1, MOST_DAMAGES)):
        sent = random.choice(DAMAGES)(random, sent, random.choice(seeds))
    return sent


def misshapen(random: Random, event: dict[str, Any]) -> Any:
    """The event with a member that is gone, renamed, or something else."""
    return changed(random, event)


def _on_the_wire(random: Random, sent: Sent, other: Sent) -> Sent:
    return sent.with_body(random.choice(BYTES)(random, sent.body, other.body))


def _in_the_message(random: Random, sent: Sent, other: Sent) -> Sent:
    return packed(random, sent, random.choice(BYTES)(random, message(sent), message(other)))


def _in_the_shape(random: Random, sent: Sent, _other: Sent) -> Sent:
    data = message(sent)
    change = json_changed if data[:1] in (b"{", b"[") else protobuf_changed
    return packed(random, sent, change(random, data))


def _in_the_headers(random: Random, sent: Sent, other: Sent) -> Sent:
    how = random.randrange(4)
    if how == 0:
        return sent.with_header("content-type", random.choice(CONTENT_TYPES))
    if how == 1:
        return sent.with_header("content-encoding", random.choice(CODINGS))
    return Sent(other.headers, sent.body) if how == 2 else Sent((*sent.headers, *other.headers), sent.body)


def _flipped(random: Random, data: bytes, _other: bytes) -> bytes:
    damaged = bytearray(data)
    for _ in range(random.choice([1, 2, 8]) if data else 0):
        damaged[random.randrange(len(data))] ^= 1 << random.randrange(8)
    return bytes(damaged)


def _cut(random: Random, data: bytes, _other: bytes) -> bytes:
    return data[: random.randint(0, len(data))]


def _removed(random: Random, data: bytes, _other: bytes) -> bytes:
    start, end = _span(random, data)
    return data[:start] + data[end:]


def _doubled(random: Random, data: bytes, _other: bytes) -> bytes:
    start, end = _span(random, data)
    return data[:end] + data[start:end] * random.choice([1, 1, 5]) + data[end:]


def _spliced(random: Random, data: bytes, other: bytes) -> bytes:
    start, end = _span(random, other)
    at = random.randint(0, len(data))
    return data[:at] + other[start:end] + data[random.choice([at, at, min(len(data), at + end - start)]) :]


def _inserted(random: Random, data: bytes, _other: bytes) -> bytes:
    at = random.randint(0, len(data))
    return data[:at] + random.choice(INSERTS) + data[at:]


def _joined(_random: Random, data: bytes, other: bytes) -> bytes:
    return data + other


def _span(random: Random, data: bytes) -> tuple[int, int]:
    start = random.randint(0, len(data))
    return start, min(len(data), start + random.choice([1, 2, 16, 300, 5_000]))


INSERTS: Final = (
    b"\x00", b"\xff", b"\xff" * 10, b"\x80" * 11 + b"\x01", b"[" * 200, b'{"a":' * 200, b'"', b"\\ud800", b"1e999",
    b"NaN", b"null", b"9" * 5_000, b"\xef\xbb\xbf", b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"\x0b" * 150,
    b"\n\xff\xff\xff\xff\x0f",
)  # fmt: skip

BYTES: Final[tuple[Damage, ...]] = (_flipped, _cut, _removed, _doubled, _spliced, _inserted, _joined)

DAMAGES: Final[tuple[Callable[[Random, Sent, Sent], Sent], ...]] = (
    _on_the_wire,
    _in_the_message,
    _in_the_message,
    _in_the_shape,
    _in_the_shape,
    _in_the_shape,
    _in_the_headers,
)
