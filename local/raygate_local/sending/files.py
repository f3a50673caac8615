"""A file as something to send: a body of OTLP, or a captured request as it was recorded.

Takes   the bytes of a file; content type and coding where the person says them.
Gives   `parcel_of`: the bytes as they are, under the headers that say how to read them. `contents_of`: the trace ids
        and the number of spans, as far as it can be read here.
Raises  `DecodeError` for a captured request that is none, and for another signal than traces.
Rules   Of a captured request's headers all are sent again but those that belong to the connection, and its
        credentials: a recorded key is nobody's any more.
"""

from collections.abc import Iterator
from typing import Final

from raygate.decode import read
from raygate.errors import DecodeError
from raygate.settings import Settings
from raygate_local.conversion import (
    Body,
    capture_of,
    coding_of,
    encoding_by_content,
    for_a_file,
    request_of,
    uncaptured,
)
from raygate_local.sending.post import Parcel

OF_THE_CONNECTION: Final = frozenset(
    "host connection content-length transfer-encoding expect te trailer upgrade keep-alive proxy-connection "  # noqa: SIM905 - a word list
    "accept-encoding proxy-authorization".split()
)
CREDENTIALS: Final = frozenset(
    "authorization x-api-key api-key x-honeycomb-team dd-api-key lightstep-access-token x-amz-security-token "  # noqa: SIM905 - the same
    "x-amz-date x-amz-content-sha256 cookie".split()
)
CONTENT_TYPES: Final = {"json": "application/json", "protobuf": "application/x-protobuf"}


def parcel_of(body: Body) -> Parcel:
    """The request that the file stands for."""
    recorded = uncaptured(body)
    headers = dict(_recorded_headers(body.data))
    if body.content_type or "content-type" not in headers:
        headers["content-type"] = recorded.content_type or _content_type(recorded)
    coding = recorded.content_encoding or coding_of(recorded.data)
    if coding:
        headers["content-encoding"] = coding
    return Parcel(recorded.data, headers)


def _recorded_headers(data: bytes) -> Iterator[tuple[str, str]]:
    capture = capture_of(data)
    for name, value in capture["headers"] if capture else ():
        if name.lower() not in OF_THE_CONNECTION | CREDENTIALS:
            yield name.lower(), value


def _content_type(body: Body) -> str:
    try:
        return CONTENT_TYPES[request_of(body, for_a_file(Settings())).encoding]
    except DecodeError:
        return CONTENT_TYPES[encoding_by_content(body.data)]


def contents_of(body: Body) -> tuple[list[str], int]:
    """Trace ids in order, and spans; nothing when it cannot be read: the endpoint shall say why."""
    settings = for_a_file(Settings())
    try:
        spans = read(request_of(body, settings), settings).spans
    except DecodeError:
        return [], 0
    return list(dict.fromkeys(span.trace_id for span in spans)), len(spans)
