"""Text and attributes, the same for both encodings.

Takes   text as it was sent; key-values in the order in which they came.
Gives   text of bounded length, whatever bytes it was; a `dict` for the last values of the keys, one for the first.
"""

from collections.abc import Sequence

from raygate.decode.decoded import ATTRIBUTES_DROPPED, NOT_UTF8, TEXT_CUT, Notes
from raygate.decode.limits import LONGEST_TEXT, MOST_ATTRIBUTES
from raygate.repeated import Pair, last_and_first
from raygate.span import Attributes
from raygate.utf8 import EACH_BYTE


def text(raw: bytes, notes: Notes) -> str:
    """Protobuf's string, which senders do not always fill with UTF-8."""
    try:
        decoded = raw.decode()
    except UnicodeDecodeError:
        notes.add(NOT_UTF8)
        decoded = raw.decode(errors=EACH_BYTE)
    return decoded if len(raw) <= LONGEST_TEXT // 4 else bounded(decoded, notes)


def bounded(long: str, notes: Notes) -> str:
    """The text, cut between two characters when it takes more bytes than we keep."""
    raw = long.encode()
    if len(raw) <= LONGEST_TEXT:
        return long
    notes.add(TEXT_CUT)
    return raw[:LONGEST_TEXT].decode(errors="ignore")


def kept(pairs: Sequence[Pair], sent: int, notes: Notes) -> tuple[Attributes, Attributes, int]:
    """What we keep of so many attributes sent: the last values, the first values, and how many are dropped."""
    dropped = max(0, sent - MOST_ATTRIBUTES)
    if dropped:
        notes.add(ATTRIBUTES_DROPPED, dropped)
    return *last_and_first(pairs[:MOST_ATTRIBUTES]), dropped
