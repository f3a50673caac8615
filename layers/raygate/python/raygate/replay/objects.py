"""An object of a bucket → what is kept in it, whoever put it there.

Takes   a key and what lies under it: an archive's bundle, a parked document, or OTLP as any program may store it.
Gives   `Kept`, one after the other: `Accepted` for a request, `Undelivered` for a parked document.
Raises  `MessageError` for an object that is none of these, or is damaged; it names the part and holds nothing of it.
Rules   The metadata decide, `content-type` and `content-encoding`; where they say nothing of use, as with objects that
        a tool has stored without thinking, the key's extensions do: `.pb`, `.bin`, `.json`, `.jsonl`, with `.gz` or
        `.zst` behind. A line of `.jsonl` is a request.
Source  otlp-http, "Replays and other sources".
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final, NamedTuple

from raygate.decode.body import inflate
from raygate.errors import DecodeError
from raygate.http_api.content import encoding_of
from raygate.keep.bundles import REQUESTS, read_bundle
from raygate.keep.message import MOST_INFLATED, Accepted, Kept, MessageError, Undelivered, unpack
from raygate.keep.parked import PARKED, read_parked
from raygate.keep.stores import Object
from raygate.request import Encoding, Request
from raygate.settings import Settings

LINES: Final = frozenset({"application/jsonl", "application/x-ndjson", "application/x-jsonlines", "application/ndjson"})
CODINGS: Final[Mapping[str, str]] = {".gz": "gzip", ".gzip": "gzip", ".zst": "zstd", ".zstd": "zstd"}
ENCODINGS: Final[Mapping[str, Encoding]] = {
    ".pb": "protobuf",
    ".bin": "protobuf",
    ".binpb": "protobuf",
    ".protobuf": "protobuf",
    ".json": "json",
    ".jsonl": "json",
    ".ndjson": "json",
}
LINED: Final = frozenset({".jsonl", ".ndjson"})


class Form(NamedTuple):
    """How an object of somebody else's holds its requests."""

    encoding: Encoding
    coding: str
    is_lined: bool


def kept_in(key: str, stored: Object) -> Iterator[Kept]:
    """Everything in the object, in its order."""
    content_type = _plain(stored.metadata.get("content-type", ""))
    if content_type == PARKED or (key.startswith("parked/") and key.endswith(".json")):
        parked = read_parked(stored)
        yield Undelivered((parked.document,), parked.tenant, parked.request_id, parked.received_ms)
    elif content_type == REQUESTS or (key.startswith("archive/") and key.endswith(".jsonl.gz")):
        yield from map(unpack, read_bundle(stored))
    else:
        yield from _requests(stored, _form(key, content_type, stored.metadata))


def _requests(stored: Object, form: Form) -> Iterator[Accepted]:
    given = stored.metadata
    received = given.get("raygate-received-ms", "")
    received_ms = int(received) if received.isascii() and received.isdigit() and len(received) < 20 else 0
    request = Request(stored.body, form.encoding, form.coding, tenant=given.get("raygate-tenant", ""))
    bodies = _lines(request) if form.is_lined else [request]
    for one in bodies:
        yield Accepted(one, given.get("raygate-request-id", ""), received_ms)


def _lines(request: Request) -> Iterator[Request]:
    limits = replace(Settings(), max_wire_bytes=MOST_INFLATED, max_decompressed_bytes=MOST_INFLATED)
    try:
        text = inflate(request.body, request.content_encoding, limits)
    except DecodeError as error:
        raise MessageError(f"the object: {error}") from error
    for line in text.splitlines():
        if line.strip():
            yield replace(request, body=line, content_encoding="")


def _form(key: str, content_type: str, metadata: Mapping[str, str]) -> Form:
    rest, extension = _cut(key.rpartition("/")[2].lower())
    coding = metadata.get("content-encoding", "").strip()
    if extension in CODINGS:
        coding = coding or CODINGS[extension]
        _, extension = _cut(rest)
    is_lined = content_type in LINES or extension in LINED
    encoding = "json" if is_lined else encoding_of(content_type) or ENCODINGS.get(extension)
    if encoding is None:
        told = f"content-type {content_type[:80]!r}, extension {extension[:20]!r}"
        raise MessageError(f"the object holds neither requests nor a parked document: {told}")
    return Form(encoding, coding, is_lined)


def _cut(name: str) -> tuple[str, str]:
    rest, dot, extension = name.rpartition(".")
    return rest, dot + extension


def _plain(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()
