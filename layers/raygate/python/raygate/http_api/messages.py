"""OTLP's two answer messages, in the request's own encoding.

Gives   `reply`: ExportTraceServiceResponse, without `partial_success` when there is nothing to say: zero bytes, or
        `{}`. `status`: google.rpc.Status, with a BadRequest in JSON only: the Ruby SDK loses a binary Status whose
        details it has no class for.
Note    written by hand: a message of one number and one text is not worth the import of another schema.
Source  opentelemetry-proto, trace_service.proto; googleapis, google/rpc/status.proto and error_details.proto.
"""

import json
from typing import Any, Final

from raygate.errors import DecodeError
from raygate.request import Encoding

MAX_TEXT: Final = 1_000
"""Characters of a message; senders read a bounded answer and log it on one line."""

BAD_REQUEST: Final = "type.googleapis.com/google.rpc.BadRequest"

_VARINT: Final = 0
_BYTES: Final = 2


def reply(encoding: Encoding, rejected: int, message: str) -> bytes:
    """ExportTraceServiceResponse: how many spans will never be stored, and why."""
    if not (rejected or message):
        return b"" if encoding == "protobuf" else b"{}"
    text = shortened(message)
    if encoding == "protobuf":
        return _bytes(1, _number(1, rejected) + _bytes(2, _utf8(text)))
    partial = {"rejectedSpans": str(rejected)} if rejected else {}  # a 64-bit integer is a string in JSON
    return _json({"partialSuccess": {**partial, "errorMessage": text}})


def status(encoding: Encoding, code: int, message: str, cause: DecodeError | None = None) -> bytes:
    """google.rpc.Status: the whole explanation is in its message, since many senders read nothing else."""
    text = shortened(message)
    if encoding == "protobuf":
        return _number(1, code) + _bytes(2, _utf8(text))
    details = {"details": [_bad_request(cause)]} if cause else {}
    return _json({"code": code, "message": text, **details})


def shortened(text: str) -> str:
    """At most `MAX_TEXT` characters."""
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…"


def _bad_request(cause: DecodeError) -> dict[str, Any]:
    field = {"field": cause.field} if cause.field else {}
    return {"@type": BAD_REQUEST, "fieldViolations": [{**field, "description": shortened(str(cause))}]}


def _json(message: dict[str, Any]) -> bytes:
    return json.dumps(message, separators=(",", ":")).encode("ascii")


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3 | _VARINT) + _varint(value) if value else b""


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | _BYTES) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)
