"""Whether something that is kept has a part of a trace in it.

Takes   `Kept`, and a trace id in X-Ray's form.
Rules   Looked for as bytes, nothing is decoded: 16 bytes of protobuf, 32 digits of JSON, X-Ray's form in a document. So
        a trace that is only linked to is found, too.
"""

from dataclasses import replace

from raygate.decode.body import inflate
from raygate.errors import DecodeError
from raygate.keep.message import MOST_INFLATED, Kept, Undelivered
from raygate.request import Request
from raygate.settings import Settings

LIMITS = replace(Settings(), max_wire_bytes=MOST_INFLATED, max_decompressed_bytes=MOST_INFLATED)


def holds(kept: Kept, trace_id: str) -> bool:
    """Whether the trace is mentioned."""
    if isinstance(kept, Undelivered):
        return any(trace_id in text for text in kept.texts)
    return _mentions(kept.request, trace_id.removeprefix("1-").replace("-", ""))


def _mentions(request: Request, digits: str) -> bool:
    try:
        body = inflate(request.body, request.content_encoding, LIMITS)
    except DecodeError:
        return False
    if request.encoding == "json":
        return digits.encode() in body.lower()
    return bytes.fromhex(digits) in body
