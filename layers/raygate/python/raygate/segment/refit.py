"""A document that X-Ray refused although it fits its rules as they are written: made to fit once more, more strictly.

Takes   the document's text, and X-Ray's code for it.
Gives   the text of a document that says the same with less; None when its fault is not one that can be mended: then
        it is parked as it is. What was changed is told in its metadata, as by `fit`.
Rules   Names lose everything but ASCII letters, digits and the signs of the guide; annotations go into metadata; what
        is too large becomes half as large as the rules allow. Identifiers and times are never touched.
Source  xray-conversion.md, section 27. The codes `InvalidName`, `InvalidTraceId`, `MissingId` and `ParseError` were
        seen from the service; it documents none, so they are recognised by a part of them.
"""

import re
from collections.abc import Callable
from typing import Any, Final

import orjson

from raygate.segment.formed import is_well_formed
from raygate.segment.repair import CHANGES, MAX_NAME, NO_NAME, Changes, Document
from raygate.segment.shrink import MAX_BYTES, shrink

MOST_BYTES: Final = MAX_BYTES // 2

CUT: Final = "cut"
"""Under which earlier annotations are that are no map any more: `shrink` has made a text of them."""

_NOT_IN_A_NAME: Final = re.compile(r"[^A-Za-z0-9 _.:/%&#=+\\\-@]")


def refit(text: str, code: str) -> str | None:
    """Mend the document for this code, if it can be."""
    step = next((step for word, step in STEPS.items() if word in code.lower()), None)
    document = orjson.loads(text)
    if step is None or not isinstance(document, dict) or not is_well_formed(document):
        return None
    mended, changes = step(document)
    return orjson.dumps(_told(mended, changes)).decode() if changes else None


def _name(document: Document) -> tuple[Document, Changes]:
    given = str(document.get("name") or "")
    plain = " ".join(_NOT_IN_A_NAME.sub(" ", given).split())[:MAX_NAME] or NO_NAME
    return document | {"name": plain}, [] if plain == given else ["name: X-Ray refused it, made plainer"]


def _annotations(document: Document) -> tuple[Document, Changes]:
    given = document.get("annotations")
    if not given:
        return document, []
    rest = {member: value for member, value in document.items() if member != "annotations"}
    changes = [f"annotations: X-Ray refused them, {len(given)} moved to metadata"]
    before = _ours(document).get("annotations", {})
    kept = before if isinstance(before, dict) else {CUT: before}
    return _with_ours(rest, {"annotations": kept | given}), changes


def _size(document: Document) -> tuple[Document, Changes]:
    return shrink(document, MOST_BYTES)


STEPS: Final[dict[str, Callable[[Document], tuple[Document, Changes]]]] = {
    "name": _name,
    "annotation": _annotations,
    "large": _size,
    "size": _size,
    "toobig": _size,
    "toolong": _size,
    "413": _size,
}
"""What is done, by a part of the code in lower case."""


def _told(document: Document, changes: Changes) -> Document:
    before = _ours(document).get("fit", [])
    return _with_ours(document, {"fit": [*(before if isinstance(before, list) else [before]), *changes]})


def _ours(document: Document) -> dict[str, Any]:
    metadata = document.get("metadata")
    told = metadata.get(CHANGES) if isinstance(metadata, dict) else None
    return told if isinstance(told, dict) else {}


def _with_ours(document: Document, members: dict[str, Any]) -> Document:
    metadata = document.get("metadata")
    return document | {
        "metadata": (metadata if isinstance(metadata, dict) else {}) | {CHANGES: _ours(document) | members}
    }
