"""Bytes → spans: the one door into OTLP.

Takes   a `Request`: the body as it came, its encoding, its `Content-Encoding`.
Gives   `Decoded`: the spans in the order of the request, which ones were rejected and why, warnings for the sender.
Raises  `TooLargeError` (a limit was passed), `EncodingError` (unknown `Content-Encoding`), else `DecodeError`;
        nothing else, whatever the bytes are.
Source  OTLP/HTTP, and the protobuf and ProtoJSON encodings that it names.
"""

from typing import TYPE_CHECKING

from raygate.decode import otlp_protobuf
from raygate.decode.body import inflate, refuse_compressed
from raygate.decode.decoded import Decoded
from raygate.decode.identifiers import validate

if TYPE_CHECKING:
    from raygate.request import Request
    from raygate.settings import Settings

__all__ = ["Decoded", "decode", "read"]


def decode(request: "Request", settings: "Settings") -> Decoded:
    """The spans that can be stored; those with invalid identifiers are rejected, each with its reason."""
    return validate(read(request, settings), request.encoding)


def read(request: "Request", settings: "Settings") -> Decoded:
    """Every span and link of the request, valid or not."""
    body = inflate(request.body, request.content_encoding, settings)
    refuse_compressed(body)
    if request.encoding == "protobuf":
        return otlp_protobuf.read(body, settings)
    from raygate.decode import otlp_json  # noqa: PLC0415 - senders of protobuf shall not pay for it at a cold start

    return otlp_json.read(body, settings)
