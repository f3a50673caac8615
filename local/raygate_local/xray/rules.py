"""X-Ray's rules for a segment document, written down on their own: nothing here is shared with `raygate.segment.fit`.

Takes   a document as JSON text, as it stands in PutTraceSegments.
Gives   `read`: the document. `faults`: everything that is wrong with one, what is missing first.
Raises  `RefusedError` with the service's code, for the first fault.
Source  X-Ray developer guide, "Segment documents"; X-Ray API reference, PutTraceSegments. The service has been seen to
        answer `MissingId`, `MissingTraceId`, `InvalidTraceId`, `InvalidName`, `InvalidSegment` and `ParseError`; the
        codes of the other members follow the same pattern.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final, TypeAlias

import orjson

from raygate_local.xray.members import BLOCKS, MEMBERS

Document: TypeAlias = dict[str, Any]
Fault: TypeAlias = tuple[str, str]
"""The service's code, and what is wrong in words."""

MAX_BYTES: Final = 64 * 1024
REQUIRED: Final = ("id", "name", "start_time")
MAX_DEPTH: Final = 100
"""Of subsegments within subsegments."""


class RefusedError(Exception):
    """X-Ray does not take the document: the code, why, and the document's id when it has one."""

    def __init__(self, fault: Fault, document: object = None) -> None:
        self.code, self.cause = fault
        known = document if isinstance(document, dict) else {}
        self.id = known["id"] if isinstance(known.get("id"), str) else None
        kind = "segment" if known.get("type") is None else "subsegment"
        super().__init__(f"Invalid {kind}. ErrorCode: {self.code}, Cause: {self.cause}")


def read(text: str) -> Document:
    """The document, if X-Ray takes it."""
    try:
        document = orjson.loads(text)  # as strict as the service: no NaN, no half of a character
    except ValueError as error:
        raise RefusedError(("ParseError", str(error))) from error
    fault = next(_size(text), None) or next(faults(document), None)
    if fault:
        raise RefusedError(fault, document)
    return dict(document)


def faults(document: object) -> Iterator[Fault]:
    """What is wrong with a document that stands by itself."""
    if not isinstance(document, dict):
        yield "MissingId", "the document is not an object"  # the service's own answer to []
        return
    is_subsegment = document.get("type") is not None
    yield from _missing(document, [*REQUIRED, "trace_id", *(["parent_id"] if is_subsegment else [])])
    yield from _wrong(document)


def _size(text: str) -> Iterator[Fault]:
    size = len(text.encode())
    if size > MAX_BYTES:
        yield "InvalidSegment", f"{size} bytes are more than {MAX_BYTES}"


def _missing(document: Document, required: Sequence[str]) -> Iterator[Fault]:
    for member in required:
        if document.get(member) is None:
            yield f"Missing{_pascal(member)}", f"{member} is missing"
    if document.get("end_time") is None and document.get("in_progress") is not True:
        yield "MissingEndTime", "there is neither end_time nor in_progress"


def _wrong(document: Document, depth: int = 0) -> Iterator[Fault]:
    """Of the members that are there; null is as good as absent."""
    for member, (is_valid, form) in MEMBERS.items():
        value = document.get(member)
        if value is not None and not is_valid(value):
            yield f"Invalid{_pascal(member)}", f"{member} must be {form}"
    for member, look in BLOCKS.items():
        value = document.get(member)
        if value is not None:
            yield from ((f"Invalid{_pascal(member)}", cause) for cause in look(value))
    if document.get("subsegments") is not None:
        yield from _subsegments(document["subsegments"], depth + 1)


def _subsegments(given: object, depth: int) -> Iterator[Fault]:
    """Those within a document have its trace and are its children."""
    if depth > MAX_DEPTH or not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        yield "InvalidSubsegments", f"subsegments must be a list of objects, at most {MAX_DEPTH} deep"
        return
    for one in given:
        yield from _missing(one, REQUIRED)
        yield from _wrong(one, depth)


def _pascal(member: str) -> str:
    return "".join(word.capitalize() for word in member.split("_"))
