"""The body of a PutTraceSegments → its documents, as texts.

Takes   a request, compressed or not. Its content type does not matter: there is only JSON.
Gives   the texts, in their order. More than X-Ray's 50 are taken: they are sent in as many calls as it takes.
Raises  `TooLargeError` over a limit, `EncodingError`, `DecodeError` for anything that is no such body.
Source  X-Ray API reference, PutTraceSegments.
"""

from typing import Final

import orjson

from raygate.decode.body import inflate
from raygate.decode.limits import Tally
from raygate.errors import DecodeError
from raygate.request import Request
from raygate.settings import Settings

MEMBER: Final = "TraceSegmentDocuments"


def texts_of(request: Request, settings: Settings) -> list[str]:
    """The documents."""
    body = inflate(request.body, request.content_encoding, settings)
    tally = Tally(settings)
    tally.values(body.count(b"{") + body.count(b"["))  # at least so many: before memory is spent on them
    texts = _texts(_json(body))
    tally.spans(len(texts))
    return texts


def _json(body: bytes) -> object:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise DecodeError(f"the body is not JSON: {error}") from error


def _texts(given: object) -> list[str]:
    texts = given.get(MEMBER) if isinstance(given, dict) else None
    if not isinstance(texts, list):
        raise DecodeError(f'the body has to be {{"{MEMBER}": [...]}}', field=MEMBER)
    if not all(isinstance(text, str) for text in texts):
        raise DecodeError("each document is a text that holds JSON", field=MEMBER)
    return texts
