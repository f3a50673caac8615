"""What a document needs so that anything can be done with it: to be JSON, and to say what it is, whose and when.

Takes   a text.
Gives   the document, with the members first that ours begin with, and none that is null; or the `Fault`, under the code
        that X-Ray has for it.
Rules   Whether X-Ray takes the rest is for X-Ray to say: what it refuses is parked, with its reason.
Source  X-Ray developer guide, "Segment documents".
"""

import re
from collections.abc import Callable
from typing import Any, Final, NamedTuple, TypeAlias

import orjson

from raygate.errors import SpanError
from raygate.segment.fit import encoded

Document: TypeAlias = dict[str, Any]

MOST_BYTES: Final = 1_048_576
"""X-Ray takes 64 KB. What is a little too large is cut to that; what is larger than this is no document."""

_ID: Final = re.compile(r"[0-9a-fA-F]{16}")
_TRACE_ID: Final = re.compile(r"1-[0-9a-fA-F]{8}-[0-9a-fA-F]{24}")


class Fault(NamedTuple):
    """Why a document can be stored nowhere. No value of it is in the text."""

    code: str
    message: str
    id: str = ""

    @property
    def reason(self) -> str:
        """Short and countable."""
        return f"document: {self.message} ({self.code})"


def read(text: str) -> Document | Fault:
    """The document, if it is one."""
    if len(text) > MOST_BYTES:
        return Fault("InvalidSegment", f"more than {MOST_BYTES} bytes")
    try:
        given = orjson.loads(text)
    except orjson.JSONDecodeError:
        return Fault("ParseError", "not JSON")
    if not isinstance(given, dict):
        return Fault("ParseError", "not an object")
    document = {member: given.get(member) for member in FORMS}
    document |= {member: value for member, value in given.items() if value is not None}
    return _fault(document) or document


def _fault(document: Document) -> Fault | None:
    known = document["id"] if _is_id(document["id"]) else ""
    for member, (is_right, form) in FORMS.items():
        word = "".join(part.capitalize() for part in member.split("_"))
        if document[member] is None:
            return Fault(f"Missing{word}", f"{member} is missing", known)
        if not is_right(document[member]):
            return Fault(f"Invalid{word}", f"{member} is not {form}", known)
    try:
        encoded(document)
    except SpanError:
        return Fault("ParseError", "nested too deep", known)
    return None


def _is_name(value: Any) -> bool:
    return isinstance(value, str)


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def _is_trace_id(value: Any) -> bool:
    return isinstance(value, str) and _TRACE_ID.fullmatch(value) is not None


def _is_time(value: Any) -> bool:
    return type(value) in {int, float}


FORMS: Final[dict[str, tuple[Callable[[Any], bool], str]]] = {
    "name": (_is_name, "a text"),
    "id": (_is_id, "16 hexadecimal digits"),
    "trace_id": (_is_trace_id, "1-, 8 hexadecimal digits, - and 24 more"),
    "start_time": (_is_time, "a number of seconds"),
}
"""The members that every document has, in the order in which ours begin, each with its form."""
