"""X-Ray's own rules: a document that X-Ray would refuse is made acceptable, with the least change.

Takes   a document of the mapping. It is never changed in place: its parts are shared with other documents.
Gives   `Fitted`: the document, its JSON text, and what was changed. A document that X-Ray takes as it is comes back
        untouched; a changed one says so in its metadata, in the namespace `raygate`.
Raises  `SpanError` for what cannot be repaired: no id, and, where it is not to be replaced, a number that is none.
Source  X-Ray developer guide, "Segment documents", and the service quotas; xray-conversion.md, section 27. The
        guide's 250 characters "for other strings" are left alone: the service takes longer URLs and queries.
"""

from typing import Any

import orjson

from raygate.errors import SpanError
from raygate.records import dataclass
from raygate.segment import repair
from raygate.segment.metadata import DEFAULT
from raygate.segment.shrink import MAX_BYTES, shrink


@dataclass()
class Fitted:
    """A document that X-Ray takes."""

    document: dict[str, Any]
    text: str
    """Its JSON, without white space: what PutTraceSegments gets."""
    changes: tuple[str, ...] = ()
    """What was changed, in short and countable words."""
    bytes_before: int = 0
    """As the mapping made it."""


def fit(document: dict[str, Any], *, replace_non_finite: bool = True, is_doubtful: bool = True) -> Fitted:
    """Leave the document alone, or make it fit. `is_doubtful`: it may hold a number that is none."""
    if document["id"] is None:
        raise SpanError("the span has no id")
    text = encoded(document)
    # orjson writes null for what is no number, so only a document with a null can hold one.
    # `find` takes half the time of `in`, and still as much as a third of what orjson takes.
    non_finite = is_doubtful and text.find(b"null") >= 0 and repair.has_non_finite(document)
    if non_finite and not replace_non_finite:
        raise SpanError("json: unsupported value: a number that is not finite")
    size = len(text)
    if not non_finite and size <= MAX_BYTES and _is_acceptable(document):
        return Fitted(document, text.decode(), (), size)
    return _changed(document, size)


def encoded(document: dict[str, Any]) -> bytes:
    """The document's JSON."""
    try:
        return orjson.dumps(document)
    except orjson.JSONEncodeError as error:
        raise SpanError(f"json: unsupported value: {error}") from error


def _is_acceptable(document: dict[str, Any]) -> bool:
    name = document["name"]
    if name is None or not repair.is_name(name):
        return False
    if "annotations" in document and not repair.are_acceptable(document["annotations"]):
        return False
    metadata = document.get("metadata", ())
    return (len(metadata) == 1 and DEFAULT in metadata) or not any(map(repair.is_reserved, metadata))


def _changed(document: dict[str, Any], bytes_before: int) -> Fitted:
    changes: list[str] = []
    for step in repair.STEPS:
        document, change = step(document)
        changes += change
    document, change = shrink(document)
    changes += change
    metadata = document.get("metadata", {})
    told = metadata.get(repair.CHANGES)
    members = told if isinstance(told, dict) else {}
    document = document | {"metadata": metadata | {repair.CHANGES: members | {"fit": changes}}}
    return Fitted(document, encoded(document).decode(), tuple(changes), bytes_before)
