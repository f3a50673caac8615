"""The repairs of single members, one function each: names, annotations, namespaces of metadata, numbers.

Takes   a document.
Gives   the document, or a changed copy of it, and what was changed in short and countable words.
Source  xray-conversion.md, section 27.
"""

import re
from collections.abc import Callable
from math import isfinite, isnan
from typing import Any, Final, TypeAlias

from raygate.memory import remembered

Document: TypeAlias = dict[str, Any]
Changes: TypeAlias = list[str]
Step: TypeAlias = Callable[[Document], tuple[Document, Changes]]

CHANGES: Final = "raygate"
"""The namespace of metadata that tells what was changed, and keeps what had to go from elsewhere."""

MAX_NAME: Final = 200
MAX_KEY: Final = 500
MAX_VALUE: Final = 1000
MAX_ANNOTATIONS: Final = 50

_SEPARATORS: Final = " \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
NAME_CHARACTERS: Final = rf"\w{_SEPARATORS}.:/%&#=+\\\-@"
"""What a name may hold, inside the brackets of a regular expression: letters, numbers, white space, a few signs."""

NO_NAME: Final = "unknown"

_NAME: Final = re.compile(rf"[{NAME_CHARACTERS}]{{1,{MAX_NAME}}}")
_FORBIDDEN: Final = re.compile(rf"[^{NAME_CHARACTERS}]")
_KEY: Final = re.compile(rf"[0-9A-Za-z_.]{{1,{MAX_KEY}}}")
_FORBIDDEN_IN_KEY: Final = re.compile(r"[^0-9A-Za-z_.]")
_RESERVED: Final = "AWS."
_OF_THE_RESOURCE: Final = "otel.resource."

SENT_AS_IT_CAME: Final = ("annotations", "metadata", "links")
"""The members with values that the mapping does not look into."""
_FINITE: Final = frozenset({str, int, bool, type(None)})


@remembered(4096)
def is_name(name: str) -> bool:
    """Whether X-Ray takes it as a name."""
    return _NAME.fullmatch(name) is not None


def is_reserved(namespace: str) -> bool:
    """Whether only AWS may use this namespace of metadata."""
    return namespace.startswith(_RESERVED)


def are_acceptable(annotations: dict[str, Any]) -> bool:
    """Whether X-Ray takes these annotations."""
    return len(annotations) <= MAX_ANNOTATIONS and all(
        _KEY.fullmatch(key) and (not isinstance(value, str) or len(value) <= MAX_VALUE)
        for key, value in annotations.items()
    )


def name(document: Document) -> tuple[Document, Changes]:
    """Forbidden characters out, tabs and line breaks as blanks, 200 characters at most, never empty."""
    given = document["name"] or ""
    kept = _FORBIDDEN.sub(lambda match: " " if match[0].isspace() else "", given)[:MAX_NAME] or NO_NAME
    if kept == given:
        return document, []
    return document | {"name": kept}, [
        f"name: {len(given)} characters became {len(kept)}" if given else "name: was empty"
    ]


def annotations(document: Document) -> tuple[Document, Changes]:
    """At most 50, the span's own first, with keys and values that X-Ray can index; the rest is kept in metadata."""
    given = document.get("annotations")
    if not given or are_acceptable(given):
        return document, []
    kept: dict[str, Any] = {}
    moved: dict[str, Any] = {}
    for key, value in sorted(given.items(), key=lambda item: item[0].startswith(_OF_THE_RESOURCE)):
        allowed = _FORBIDDEN_IN_KEY.sub("_", key)[:MAX_KEY] or "_"
        if len(kept) == MAX_ANNOTATIONS or (allowed != key and (allowed in given or allowed in kept)):
            moved[key] = value
            continue
        is_long = isinstance(value, str) and len(value) > MAX_VALUE
        kept[allowed] = value[:MAX_VALUE] if is_long else value
        if allowed != key or is_long:
            moved[key] = value
    metadata = document.get("metadata", {})
    told = metadata.get(CHANGES)
    members = told if isinstance(told, dict) else {}
    document = document | {"annotations": kept, "metadata": metadata | {CHANGES: members | {"annotations": moved}}}
    return document, [f"annotations: {len(moved)} of {len(given)} not indexed as they were, whole in metadata"]


def namespaces(document: Document) -> tuple[Document, Changes]:
    """Reserved namespaces of metadata get an underscore before them, or as many as it takes."""
    metadata = document.get("metadata", {})
    reserved = [namespace for namespace in metadata if is_reserved(namespace)]
    if not reserved:
        return document, []
    renamed = {namespace: value for namespace, value in metadata.items() if namespace not in reserved}
    for namespace in reserved:
        free = f"_{namespace}"
        while free in renamed:
            free = f"_{free}"
        renamed[free] = metadata[namespace]
    return document | {"metadata": renamed}, [f"metadata: {len(reserved)} reserved namespaces renamed"]


def numbers(document: Document) -> tuple[Document, Changes]:
    """What is no number becomes the word for it."""
    if not has_non_finite(document):
        return document, []
    finite = {member: _finite(document[member]) for member in SENT_AS_IT_CAME if member in document}
    return document | finite, ["numbers: NaN or infinity written as text"]


STEPS: Final[tuple[Step, ...]] = (name, numbers, annotations, namespaces)


def has_non_finite(document: Document) -> bool:
    """Whether a NaN or an infinity is anywhere in what came from the sender as it was."""
    return any(_is_non_finite(document[member]) for member in SENT_AS_IT_CAME if member in document)


def _is_non_finite(value: Any) -> bool:
    if isinstance(value, float):
        return not isfinite(value)
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    # Nearly always the kinds of the values say enough.
    return not _FINITE.issuperset(map(type, items)) and any(map(_is_non_finite, items))


def _finite(value: Any) -> Any:
    if isinstance(value, float) and not isfinite(value):
        return "NaN" if isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    return [_finite(item) for item in value] if isinstance(value, list) else value
