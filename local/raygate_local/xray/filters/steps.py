"""Root causes, as filters ask about them.

Takes   root causes in the shapes of a TraceSummary.
Gives   `steps`: the services, the entities or the exceptions of each, in their order, as parts. `has_pattern`: whether
        some root cause has all that a JSON has.
Rules   Entities and exceptions are counted along the whole way, over its services. In a JSON what is left out may be
        anything, a list has as many members as the list in it, and each member is like its own.
Source  X-Ray developer guide, "Use filter expressions" and "Get data from X-Ray", root causes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from raygate_local.xray.filters.parts import Part

Json: TypeAlias = Mapping[str, Any]

MEMBERS: Final[Mapping[str, str]] = {
    "Name": "name",
    "Type": "type",
    "Message": "message",
    "Coverage": "coverage",
    "Remote": "remote",
    "Inferred": "inferred",
}


def steps(causes: Iterable[Json], level: str) -> Iterator[Part]:
    """Of all the causes, each counted by itself."""
    for cause in causes:
        found = list(LISTS[level](cause))
        for index, one in enumerate(found):
            yield _part(one) | _place(index, len(found))


def _part(step: Json) -> Part:
    return {
        keyword: [step[member]] for member, keyword in MEMBERS.items() if member in step and step[member] is not False
    }


def _place(index: int, length: int) -> Part:
    first: Part = {"first": [True]} if index == 0 else {}
    last: Part = {"last": [True]} if index == length - 1 else {}
    place: Part = {"index": [index]}
    return place | first | last


def _services(cause: Json) -> Iterator[Json]:
    yield from cause["Services"]


def _entities(cause: Json) -> Iterator[Json]:
    for service in cause["Services"]:
        yield from service["EntityPath"]


def _exceptions(cause: Json) -> Iterator[Json]:
    for entity in _entities(cause):
        yield from entity.get("Exceptions", ())


LISTS: Final[Mapping[str, Callable[[Json], Iterator[Json]]]] = {
    "service": _services,
    "entity": _entities,
    "exception": _exceptions,
}


def has_pattern(causes: Mapping[str, Iterable[Json]], pattern: Any) -> bool:
    """Each root cause in the JSON has one like it, all of them of one kind."""
    wanted = pattern if isinstance(pattern, list) else [pattern]
    return any(all(any(_is_like(one, want) for one in of_kind) for want in wanted) for of_kind in causes.values())


def _is_like(given: Any, wanted: Any) -> bool:
    if isinstance(wanted, dict):
        return isinstance(given, dict) and all(key in given and _is_like(given[key], wanted[key]) for key in wanted)
    if isinstance(wanted, list):
        return isinstance(given, list) and len(given) == len(wanted) and all(map(_is_like, given, wanted))
    return bool(given == wanted) and isinstance(given, bool) == isinstance(wanted, bool)
