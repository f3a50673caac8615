"""A document as single fields, each with the way to it.

Takes   documents of one span.
Gives   `fields_of`: {(position of the document, member, member …): value}; `text_of` a way, as it is written.
Rules   What an attribute holds is one field, however deep it is: so are an annotation, a value in the metadata, the
        stack of an exception. An empty block is a field too.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, TypeAlias

from raygate.segment import Document

Way: TypeAlias = tuple[str | int, ...]

WHOLE: Final = {"annotations": 2, "metadata": 3, "links": 4}
"""How many steps lead to a value that is not looked into."""
STACK: Final = "stack"
PLAIN: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def fields_of(documents: Sequence[Document]) -> dict[Way, Any]:
    """Every field of every document."""
    return {way: value for at, document in enumerate(documents) for way, value in _fields((at,), document)}


def _fields(way: Way, value: Any) -> Iterator[tuple[Way, Any]]:
    depth = len(way) - 1
    whole = WHOLE.get(str(way[1])) if depth else None
    items = _items(value)
    if not items or (whole is not None and depth >= whole) or way[-1] == STACK:
        yield way, value
        return
    for key, item in items:
        yield from _fields((*way, key), item)


def _items(value: Any) -> list[tuple[str | int, Any]]:
    if isinstance(value, dict):
        return list(value.items())
    return list(enumerate(value)) if isinstance(value, list) else []


def text_of(way: Sequence[str | int]) -> str:
    """`cause.exceptions[0].type`, `metadata.default["http.route"]`."""
    parts = [
        f"[{step}]" if isinstance(step, int) else f".{step}" if PLAIN.fullmatch(step) else f'["{step}"]' for step in way
    ]
    return "".join(parts).removeprefix(".")
