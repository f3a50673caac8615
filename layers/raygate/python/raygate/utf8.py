"""Bytes that should be UTF-8 and are not, as text: each bad byte by itself becomes one U+FFFD.

Why     Python's own `errors="replace"` makes one of all the bytes of a character that is cut; the exporter's JSON
        writer makes one of each.
Source  xray-conversion.md, sections 8.2 and 24.
"""

import codecs
from typing import Final

REPLACEMENT: Final = "\ufffd"
EACH_BYTE: Final = "raygate-each-byte"
"""For `errors=`."""


def _replaced(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return REPLACEMENT * (error.end - error.start), error.end


codecs.register_error(EACH_BYTE, _replaced)
