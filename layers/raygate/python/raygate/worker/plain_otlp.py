"""Bytes that somebody put into a stream, where nothing is said about them → a message that says it.

Takes   base64 of an OTLP message, protobuf or JSON, as it is or compressed with gzip or zstd.
Gives   `Packed`, with the content type and the coding that the bytes themselves show. What is damaged stays as it is:
        reading the message says what is wrong.
Why     neither Kinesis nor Firehose has attributes. The first bytes tell all: a compressed stream has its mark, a JSON
        object its brace, and no OTLP in protobuf begins with either.
"""

import binascii
from base64 import b64decode

from raygate.decode.body import MARKS, inflate
from raygate.errors import DecodeError
from raygate.keep import Packed
from raygate.keep.message import CONTENT_TYPES
from raygate.settings import Settings


def packed(data: str, settings: Settings) -> Packed:
    """The message."""
    body = _bytes(data)
    coding = next((name for mark, name in MARKS.items() if body.startswith(mark)), "")
    is_json = _plain(body, coding, settings).lstrip()[:1] == b"{"
    attributes = {"content-type": CONTENT_TYPES["json" if is_json else "protobuf"], "content-encoding": coding}
    return Packed(data, {name: value for name, value in attributes.items() if value})


def _bytes(data: str) -> bytes:
    try:
        return b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _plain(body: bytes, coding: str, settings: Settings) -> bytes:
    try:
        return inflate(body, coding, settings)
    except DecodeError:
        return b""
