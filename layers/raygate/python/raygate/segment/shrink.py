"""Documents over X-Ray's 64 KB: the largest values are cut first, until the document fits.

Takes   a document of any size.
Gives   the document, or a smaller copy, and what was cut. A cut text ends in a mark that says how many bytes are
        missing; a cut stack says in X-Ray's own member `truncated` how many frames.
Rules   What tells a reader least goes first: stack frames, metadata and the links' attributes; then annotations,
        the query and whatever else is text; then the texts of `http` and `cause`; at last the number of entries.
        Identifiers, times, the name and the marks of failure are never touched.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

import orjson

from raygate.segment.repair import Changes, Document

MAX_BYTES: Final = 64_000
"""The guide says 64 KB: this is under either reading."""
ROOM: Final = 1_000
"""For the record of what was changed."""
FLOOR: Final = 100
"""Values of so many bytes are left alone while there is something larger."""

UNTOUCHED: Final = frozenset({"name", "id", "trace_id", "parent_id", "start_time", "end_time", "type", "namespace"})


class Place(NamedTuple):
    """A value that may be cut: `holder[key]`."""

    holder: Any
    key: Any
    size: int


def shrink(document: Document, most: int = MAX_BYTES) -> tuple[Document, Changes]:
    """Cut what has to be cut, nothing when the document fits."""
    before = size = _size(document)
    if size <= most:
        return document, []
    target = most - ROOM
    copy: Document = orjson.loads(orjson.dumps(document))
    for places in TIERS:
        _level(list(places(copy)), size - target)
        size = _size(copy)
        if size <= target:
            break
    dropped = _thin(copy, target)
    changes = [f"document: {before - _size(copy)} of {before} bytes cut"]
    return copy, [*changes, f"document: {dropped} entries left out"] if dropped else changes


def _level(places: list[Place], excess: int) -> None:
    """Cut the largest values to one common size, as high as will do."""
    places = sorted((place for place in places if place.size > FLOOR), key=lambda place: place.size, reverse=True)
    level, count, sizes = FLOOR, 0, 0
    for count, place in enumerate(places, 1):
        sizes += place.size
        following = places[count].size if count < len(places) else FLOOR
        if sizes - count * following >= excess:
            level = max((sizes - excess) // count, FLOOR)
            break
    for place in places[:count]:
        _cut(place, level)


def _cut(place: Place, level: int) -> None:
    """Cut one value to about so many bytes, its mark included."""
    value = place.holder[place.key]
    if place.key == "stack" and isinstance(value, list):
        kept = value[: max(1, level * len(value) // place.size)]
        place.holder[place.key] = kept
        place.holder["truncated"] = place.holder.get("truncated", 0) + len(value) - len(kept)
    else:
        text = value if isinstance(value, str) else orjson.dumps(value).decode()
        place.holder[place.key] = _marked(text, level)


def _marked(text: str, level: int) -> str:
    """The beginning of a text, at most `level` bytes as JSON, and how many bytes are missing."""
    whole = text.encode()
    keep = min(len(whole), level)
    cut = whole[:keep].decode(errors="ignore")
    size = _size(cut)
    while True:
        left_out = f"… [{len(whole) - len(cut.encode())} bytes cut]"
        over = size + len(left_out.encode()) - level
        if over <= 0 or keep == 0:
            return cut + left_out
        # A byte of text is at most six of JSON (\u0000), so a sixth of the excess is always too much.
        keep -= max(1, min(keep, over // 6))
        before, cut = cut, whole[:keep].decode(errors="ignore")
        size -= _size(before[len(cut) :]) - len('""')


def _size(value: Any) -> int:
    return len(orjson.dumps(value))


def _members(holder: Any) -> Iterator[Place]:
    keys = holder if isinstance(holder, dict) else range(len(holder))
    return (Place(holder, key, _size(holder[key])) for key in keys)


def _exceptions(document: Document) -> list[Any]:
    """None, where the cause is the name of another subsegment's exception."""
    cause = document.get("cause", {})
    exceptions: list[Any] = cause.get("exceptions", []) if isinstance(cause, dict) else []
    return exceptions


def _details(document: Document) -> Iterator[Place]:
    """Stack frames, metadata, the links' attributes."""
    for exception in _exceptions(document):
        if "stack" in exception:
            yield Place(exception, "stack", _size(exception["stack"]))
    for members in document.get("metadata", {}).values():
        yield from _members(members or {})
    for link in document.get("links", ()):
        yield from _members(link.get("attributes", {}))


def _texts(document: Document) -> Iterator[Place]:
    """Annotations, the query, and whatever else is text outside of `http` and `cause`."""
    for member, value in document.items():
        if member not in UNTOUCHED | {"http", "cause", "metadata", "links"}:
            yield from _leaves(document, member, value)


def _essentials(document: Document) -> Iterator[Place]:
    """The texts of `http` and `cause`, but no identifiers."""
    yield from _leaves(document, "http", document.get("http"))
    for exception in _exceptions(document):
        for key in ("message", "type", "stack"):
            yield from _leaves(exception, key, exception.get(key))


def _leaves(holder: Any, key: Any, value: Any) -> Iterator[Place]:
    if isinstance(value, str):
        yield Place(holder, key, _size(value))
    elif isinstance(value, dict | list):
        for inner in value if isinstance(value, dict) else range(len(value)):
            yield from _leaves(value, inner, value[inner])


TIERS: Final[tuple[Callable[[Document], Iterator[Place]], ...]] = (_details, _texts, _essentials)


def _thin(document: Document, target: int) -> int:
    """Leave out entries from the end where there are too many of them; gives how many."""
    exceptions = _exceptions(document)
    aws = document.get("aws", {})
    lists = [document.get("links", []), aws.get("table_names", []), aws.get("cloudwatch_logs", [])]
    metadata = document.get("metadata", {})
    maps = [*filter(None, metadata.values()), metadata, document.get("annotations", {})]
    before = sum(map(len, [exceptions, *lists, *maps]))
    while _size(document) > target:
        del exceptions[max(1, len(exceptions) // 2) :]
        for entries in lists:
            del entries[len(entries) // 2 :]
        for members in maps:
            for key in list(members)[len(members) // 2 :]:
                del members[key]
    return before - sum(map(len, [exceptions, *lists, *maps]))
