"""Accepted requests of one hour ↔ one object: gzip'd JSON lines, a message in each.

Raises  `MessageError` for an object that is damaged, cut, or something else. It holds nothing of what is in it.
Rules   Read line by line: a bundle never is in memory as a whole. Lines before the damage are given first.
"""

import gzip
import io
import zlib
from collections.abc import Iterator, Sequence
from typing import Final

import orjson

from raygate.keep.message import QUICK, MessageError, Packed
from raygate.keep.stores import Object

REQUESTS: Final = "application/vnd.raygate.requests+jsonl"

MOST_LINE: Final = 96 * 1024 * 1024
"""The largest body that any setting allows, in base64, and its attributes."""


def bundle(messages: Sequence[Packed]) -> Object:
    """The object for these messages, in their order."""
    lines = [orjson.dumps({"body": one.body, "attributes": dict(one.attributes)}) for one in messages]
    return Object(gzip.compress(b"\n".join([*lines, b""]), QUICK, mtime=0), {"content-type": REQUESTS})


def read_bundle(stored: Object) -> Iterator[Packed]:
    """What was bundled, one message at a time."""
    with gzip.GzipFile(fileobj=io.BytesIO(stored.body)) as lines:
        while line := _line(lines):
            yield _packed(line)


def _line(lines: gzip.GzipFile) -> bytes:
    try:
        line = lines.readline(MOST_LINE)
    except (OSError, EOFError, zlib.error) as error:
        raise MessageError("the bundle is damaged, cut, or not gzip at all") from error
    if len(line) >= MOST_LINE:
        raise MessageError("a line of the bundle is too long")
    return line


def _packed(line: bytes) -> Packed:
    try:
        members = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise MessageError("a line of the bundle is no JSON") from error
    body = members.get("body") if isinstance(members, dict) else None
    attributes = members.get("attributes", {}) if isinstance(members, dict) else None
    if not isinstance(body, str) or not isinstance(attributes, dict):
        raise MessageError("a line of the bundle is no message")
    if not all(isinstance(value, str) for value in attributes.values()):
        raise MessageError("a line of the bundle has an attribute that is no text")
    return Packed(body, attributes)
