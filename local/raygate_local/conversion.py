"""OTLP in, segment documents out, one a line: what `raygate convert` does, without a server and without AWS.

Takes   the bytes of one input: a body as it was sent, or a captured request as JSON with `headers` and `body_base64`.
        Content type and content encoding are guessed from the first bytes where nobody says them.
Gives   `Conversion`: the lines, what there is to say about them, and whether a span was lost.
Raises  `DecodeError` when nothing of the input is readable.
Note    In `extended` the documents are what would be sent. In `adot` they are exactly the exporter's: identifiers pass
        as it lets them pass, a span with a number that JSON does not have is dropped, nothing is fitted.
"""

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Final

from raygate.decode import decode, read
from raygate.decode.body import MARKS, inflate
from raygate.enrich import enrich
from raygate.errors import DecodeError
from raygate.http_api.content import encoding_of
from raygate.making import fit_all
from raygate.request import Encoding, Rejection, Request
from raygate.segment import Converted, Options, convert
from raygate.settings import Settings
from raygate.span import NO_SPAN_ID, NO_TRACE_ID, Span

OTHER_SIGNALS: Final = ("/v1/metrics", "/v1/logs", "/v1development/profiles")

TRACE_ID_LENGTHS: Final = frozenset({0, len(NO_TRACE_ID)})
SPAN_ID_LENGTHS: Final = frozenset({0, len(NO_SPAN_ID)})


@dataclass(frozen=True, slots=True)
class Body:
    """A body and what is known about it."""

    data: bytes
    content_type: str = ""
    content_encoding: str = ""


@dataclass(slots=True)
class Conversion:
    """What became of one input."""

    lines: list[str]
    notes: list[str] = field(default_factory=list)
    """What was changed without losing a span, for the person."""
    rejected: list[Rejection] = field(default_factory=list)
    """The spans that have no document."""


def convert_body(body: Body, settings: Settings) -> Conversion:
    """Convert one input."""
    settings = for_a_file(settings)
    request = request_of(body, settings)
    return _as_exporter(request, settings) if settings.mapping == "adot" else _as_sent(request, settings)


def for_a_file(settings: Settings) -> Settings:
    """A file has no wire: the limit is that of the inflated body."""
    return replace(settings, max_wire_bytes=settings.max_decompressed_bytes)


def request_of(body: Body, settings: Settings) -> Request:
    """The request that the input holds, inflated."""
    body = uncaptured(body)
    plain = inflate(body.data, body.content_encoding or coding_of(body.data), settings)
    return Request(plain, encoding_of(body.content_type) or encoding_by_content(plain))


def _as_sent(request: Request, settings: Settings) -> Conversion:
    decoded = decode(request, settings)
    enriched = enrich(decoded.spans, settings)
    converted = convert(enriched.spans, Options.of(settings))
    documents, _, misfits = fit_all(converted, settings)
    lost = [Rejection(one.reason, decoded.indices[one.index]) for one in (*converted.rejected, *misfits)]
    changes = [f"document {one.document['id']}: {change}" for one in documents for change in one.changes]
    return Conversion(
        [one.text for one in documents],
        [*decoded.warnings, *changes],
        sorted([*decoded.rejected, *lost], key=lambda one: one.index),
    )


def _as_exporter(request: Request, settings: Settings) -> Conversion:
    spans = read(request, settings).spans
    rejected = [Rejection("an identifier has a wrong length", index) for index, one in enumerate(spans) if _is_odd(one)]
    odd = {rejection.index for rejection in rejected}
    indices = [index for index in range(len(spans)) if index not in odd]
    converted = convert([spans[index] for index in indices], Options.of(settings))
    lines, unwritable = _written(converted)
    lost = [Rejection(one.reason, indices[one.index]) for one in (*converted.rejected, *unwritable)]
    return Conversion(lines, [], sorted([*rejected, *lost], key=lambda one: one.index))


def _written(converted: Converted) -> tuple[list[str], list[Rejection]]:
    """The documents as JSON. A span with a number that JSON does not have loses all of its documents."""
    texts: dict[int, list[str]] = {}
    unwritable: dict[int, Rejection] = {}
    for owner, document in zip(converted.owners, converted.documents, strict=True):
        try:
            text = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
            texts.setdefault(owner, []).append(text)
        except ValueError:
            unwritable.setdefault(owner, Rejection("NaN or infinity, which JSON does not have", owner))
    lines = [text for owner, ones in texts.items() if owner not in unwritable for text in ones]
    return lines, list(unwritable.values())


def _is_odd(span: Span) -> bool:
    """Whether an identifier is neither empty nor of its length: the exporter would refuse the whole request."""
    trace_ids = [span.trace_id, *(link.trace_id for link in span.links)]
    span_ids = [span.span_id, span.parent_span_id, *(link.span_id for link in span.links)]
    return not (_lengths(trace_ids) <= TRACE_ID_LENGTHS and _lengths(span_ids) <= SPAN_ID_LENGTHS)


def _lengths(texts: Iterable[str]) -> set[int]:
    return {len(text) for text in texts}


def uncaptured(body: Body) -> Body:
    """The request in a captured one; any other body as it is."""
    capture = capture_of(body.data)
    if capture is None:
        return body
    try:
        headers = {str(name).lower(): str(value) for name, value in capture["headers"]}
        data = base64.b64decode(capture["body_base64"], validate=True)
    except (TypeError, ValueError) as error:
        raise DecodeError("not a captured request: its headers are pairs, its body is base64") from error
    if str(capture.get("path", "")).partition("?")[0].endswith(OTHER_SIGNALS):
        raise DecodeError("the captured request holds no traces, but another signal")
    content_type = body.content_type or headers.get("content-type", "")
    return Body(data, content_type, body.content_encoding or headers.get("content-encoding", ""))


def capture_of(data: bytes) -> dict[str, Any] | None:
    """The captured request that these bytes are; None when they are a body."""
    if not data.lstrip().startswith(b"{") or b'"body_base64"' not in data:
        return None
    try:
        value = json.loads(data)
    except ValueError as error:
        raise DecodeError("not a captured request: it is not JSON") from error
    return value if isinstance(value, dict) and {"headers", "body_base64"} <= value.keys() else None


def coding_of(data: bytes) -> str:
    """How it is compressed, by its first bytes; `""` when it is not."""
    return next((coding for magic, coding in MARKS.items() if data.startswith(magic)), "")


def encoding_by_content(plain: bytes) -> Encoding:
    """What it is by its first sign: protobuf of OTLP never begins with a brace."""
    return "json" if plain.lstrip().startswith(b"{") else "protobuf"
