"""One datagram of an X-Ray SDK → the document in it.

Takes   a datagram: a line of JSON, `{"format": "json", "version": 1}`, and behind it one document.
Gives   the document's text, not looked at.
Raises  `DatagramError`, short and countable, without a byte of what came.
Source  X-Ray developer guide, "Sending trace data to X-Ray": segment documents to the daemon.
"""

from typing import Final

import orjson

MOST_BYTES: Final = 65_536
"""No datagram is larger."""

FORMAT: Final = "json"
VERSION: Final = 1


class DatagramError(Exception):
    """It holds no document."""


def document_of(datagram: bytes) -> str:
    """The text behind the header."""
    head, _, rest = datagram.partition(b"\n")
    try:
        header = orjson.loads(head)
    except orjson.JSONDecodeError as error:
        raise DatagramError("its first line is no JSON") from error
    if not isinstance(header, dict) or header.get("format") != FORMAT or header.get("version") != VERSION:
        raise DatagramError(f"its header is not format {FORMAT}, version {VERSION}")
    try:
        text = rest.decode().strip()
    except UnicodeDecodeError as error:
        raise DatagramError("its document is not UTF-8") from error
    if not text:
        raise DatagramError("nothing is behind its header")
    return text
