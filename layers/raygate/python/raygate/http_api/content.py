"""What the body is: its encoding by `Content-Type`, its bytes by how the gateway packed them.

Gives   `encoding_of`: `"protobuf"`, `"json"`, or `None` when unsupported. `pack`: the `Request`.
Raises  `Refusal` 400 when the gateway's text is not the sender's bytes.
Source  OTLP/HTTP, "Binary Protobuf Encoding" and "JSON Protobuf Encoding"; RFC 9110 8.3. The gateway joins repeated
        header lines by commas, so the same type twice is that type. The body is never sniffed.
"""

import re
from base64 import b64decode
from typing import Final

from raygate.http_api.event import Call
from raygate.http_api.refusal import Refusal
from raygate.request import Encoding, Request

ENCODINGS: Final[dict[str, Encoding]] = {
    "application/x-protobuf": "protobuf",
    "application/protobuf": "protobuf",
    "application/json": "json",
}

_WORD: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]++"
_MEDIA_TYPE: Final = re.compile(rf"\s*+{_WORD}/{_WORD}\s*+(?:;\s*+(?:{_WORD}={_WORD}\s*+)?+)*+")
_QUOTED: Final = re.compile(r'="(?:[^"\\]|\\.)*+"')

JSON_BEGINS: Final = "{ \t\r\n"
"""Not `isspace`: gzip begins with a byte that Unicode calls white space."""

DAMAGED: Final = (
    "the body is compressed, but was converted to text on the way and is damaged: "
    "the front end has to pass it on as binary, or the sender has to switch compression off"
)


def encoding_of(content_type: str) -> Encoding | None:
    """Read the `Content-Type`, in any case and with any parameters that are well formed."""
    unquoted = _QUOTED.sub("=quoted", content_type)  # a quoted parameter may hold commas and semicolons
    parts = unquoted.split(",")
    if not all(map(_MEDIA_TYPE.fullmatch, parts)):
        return None
    types = {part.partition(";")[0].strip().lower() for part in parts}
    return ENCODINGS.get(types.pop()) if len(types) == 1 else None


def pack(call: Call, encoding: Encoding, tenant: str = "") -> Request:
    """The request as the steps see it."""
    coding = call.header("content-encoding")
    if call.is_base64:
        return Request(_from_base64(call.body), encoding, coding, tenant=tenant)
    if call.body and _is_compressed(coding):
        if call.body[0] not in JSON_BEGINS:
            raise Refusal.bad_request(DAMAGED)
        return Request(_from_text(call.body), encoding, inflated_upstream=True, tenant=tenant)
    return Request(_from_text(call.body), encoding, coding, tenant=tenant)


def _is_compressed(coding: str) -> bool:
    return any(name.strip().lower() not in {"", "identity"} for name in coding.split(","))


def _from_base64(text: str) -> bytes:
    try:
        return b64decode(text.encode("ascii"), validate=True)
    except ValueError as error:
        raise Refusal.bad_request("the event declares a base64 body that is not base64") from error


def _from_text(text: str) -> bytes:
    # Half a surrogate pair has no UTF-8; what it becomes here is refused by the decoder as invalid UTF-8.
    return text.encode("utf-8", "surrogatepass")
