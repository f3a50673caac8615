"""What is kept ↔ one message: a text, and a few attributes.

Takes   `Accepted`, a request as it came in, or `Undelivered`, documents that X-Ray has not taken yet.
Gives   `Packed`; and back. A body is base64, of what is compressed already or else of gzip.
Raises  `MessageError` for a message that cannot be read. It names the attribute, and holds nothing of the body.
Rules   A plain OTLP message with `content-type` and, where it is compressed, `content-encoding` is an accepted request
        too, as any program may put it into a queue; JSON may then be plain text. Names of attributes in any case.
Source  otlp-http, "Replays and other sources".
"""

import binascii
import gzip
import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import field
from typing import Final, TypeAlias

import orjson

from raygate.errors import RaygateError
from raygate.records import dataclass
from raygate.request import Encoding, Request

CONTENT_TYPES: Final[Mapping[Encoding, str]] = {"protobuf": "application/x-protobuf", "json": "application/json"}
ENCODINGS: Final[Mapping[str, Encoding]] = {
    "application/x-protobuf": "protobuf",
    "application/protobuf": "protobuf",
    "application/json": "json",
}
DOCUMENTS: Final = "application/vnd.raygate.documents+json"
"""A JSON list of segment documents, each as the text that X-Ray gets."""

MOST_INFLATED: Final = 256 * 1024 * 1024
"""No message of ours inflates to more."""
QUICK: Final = 1
"""gzip's level: the sender waits for it."""


class MessageError(RaygateError):
    """Nothing can be made of a message. The text names the part."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A request that is to be converted later, or again. Its tenant is in the request."""

    request: Request
    request_id: str = ""
    received_ms: int = 0
    """When it came in, in milliseconds since 1970; 0 when nobody knows."""


@dataclass(frozen=True, slots=True)
class Undelivered:
    """Documents on their way to X-Ray."""

    texts: tuple[str, ...]
    tenant: str = ""
    request_id: str = ""
    """The request that they came in, as in the log."""
    received_ms: int = 0


Kept: TypeAlias = Accepted | Undelivered


@dataclass(frozen=True, slots=True)
class Packed:
    """A message as a queue takes it."""

    body: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    """Never an empty value: SQS takes none."""

    @property
    def weight(self) -> int:
        """Bytes that count against a queue's limit: body, names, types and values."""
        texts = [self.body, *(text for pair in self.attributes.items() for text in pair)]
        return sum(len(text.encode()) for text in texts) + len("String") * len(self.attributes)


def pack(kept: Kept) -> Packed:
    """The message for it."""
    if isinstance(kept, Undelivered):
        body, content_type, coding, tenant = orjson.dumps(list(kept.texts)), DOCUMENTS, "", kept.tenant
    else:
        request = kept.request
        body, content_type, tenant = request.body, CONTENT_TYPES[request.encoding], request.tenant
        coding = "" if request.inflated_upstream else request.content_encoding
    if coding.strip().lower() in {"", "identity"}:
        body, coding = gzip.compress(body, QUICK, mtime=0), "gzip"
    attributes = {
        "content-type": content_type,
        "content-encoding": coding,
        "raygate-tenant": tenant,
        "raygate-request-id": kept.request_id,
        "raygate-received-ms": str(kept.received_ms or ""),
    }
    return Packed(b64encode(body).decode("ascii"), {name: value for name, value in attributes.items() if value})


def unpack(packed: Packed) -> Kept:
    """What was packed."""
    named = {name.lower(): value for name, value in packed.attributes.items()}
    content_type = named.get("content-type", "").partition(";")[0].strip().lower()
    coding = named.get("content-encoding", "")
    tenant, request_id = named.get("raygate-tenant", ""), named.get("raygate-request-id", "")
    received_ms = _number(named.get("raygate-received-ms", "0"))
    if content_type == DOCUMENTS:
        return Undelivered(_texts(_bytes(packed.body), coding), tenant, request_id, received_ms)
    if content_type not in ENCODINGS:
        raise MessageError(f"the attribute content-type names no OTLP encoding: {content_type[:80]!r}")
    encoding = ENCODINGS[content_type]
    is_text = encoding == "json" and packed.body.lstrip()[:1] == "{"
    body = packed.body.encode() if is_text else _bytes(packed.body)
    return Accepted(Request(body, encoding, coding, tenant=tenant), request_id, received_ms)


def _bytes(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise MessageError("the body is not base64") from error


def _texts(body: bytes, coding: str) -> tuple[str, ...]:
    if coding.strip().lower() != "gzip":
        raise MessageError(f"the attribute content-encoding of documents is gzip, not {coding[:80]!r}")
    try:
        inflate = zlib.decompressobj(31)
        texts = orjson.loads(inflate.decompress(body, MOST_INFLATED))
    except (zlib.error, orjson.JSONDecodeError) as error:
        raise MessageError("the body holds no documents") from error
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise MessageError("the body is no list of documents")
    return tuple(texts)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0
