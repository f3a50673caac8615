"""What the blocks leave over, spread over `annotations` and `metadata`.

Takes   the span's attributes, how to sort their keys, the resource's part, made once.
Gives   the two members, each absent when empty. Each attribute ends in one place; only an indexed list, map or
        bytes value ends in none, as with the exporter.
Source  xray-conversion.md, sections 18 and 20.
"""

from collections.abc import Iterable
from dataclasses import field
from typing import Any

from raygate.records import dataclass
from raygate.repeated import pairs_of
from raygate.segment import annotations, metadata
from raygate.segment.metadata import DEFAULT, NAMESPACE_PREFIX
from raygate.segment.values import FINITE, SCALARS, plain
from raygate.span import Attributes, Resource

USER = "enduser.id"
RESOURCE_PREFIX = "otel.resource."


@dataclass(frozen=True, slots=True)
class Sorting:
    """Which attributes are left over, and which of those are annotations."""

    consumed: frozenset[str]
    indexed: frozenset[str]
    index_all: bool
    allow_dot: bool

    def is_indexed(self, key: str) -> bool:
        """Whether it is to be an annotation."""
        return self.index_all or key in self.indexed


@dataclass(slots=True, eq=False, repr=False)
class Rest:
    """Where the attributes of one shape go that no block accounts for, each group in the span's order."""

    plain: tuple[str, ...]
    """To the ordinary metadata."""
    annotated: tuple[tuple[str, str], ...]
    """To the annotations, with the name that it has there."""
    namespaced: tuple[str, ...]
    """To a namespace of its own, where it holds text."""


@dataclass(slots=True)
class Leftovers:
    """What a resource gives to each document that stores it."""

    annotations: dict[str, Any] = field(default_factory=dict)
    default: dict[str, Any] = field(default_factory=dict)
    is_doubtful: bool = False
    """A value may be a number that is none."""


def of_resource(resource: Resource, sorting: Sorting) -> Leftovers:
    """The resource's share, for the documents that store it."""
    pairs = pairs_of(resource.attributes, resource.first)
    share = Leftovers(is_doubtful=not FINITE.issuperset(type(value) for _, value in pairs))
    for key, value in pairs:
        name = RESOURCE_PREFIX + key
        if sorting.is_indexed(name) and type(value) in SCALARS:
            share.annotations[annotations.sanitized(name, allow_dot=sorting.allow_dot)] = value
        elif value is not None:
            share.default[name] = plain(value)
    return share


def rest_of(keys: tuple[str, ...], sorting: Sorting) -> Rest:
    """Sort the keys that are left over."""
    left = [key for key in keys if key not in sorting.consumed]
    indexed = [key for key in left if sorting.is_indexed(key)]
    others = [key for key in left if not sorting.is_indexed(key)]
    return Rest(
        tuple(key for key in others if not key.startswith(NAMESPACE_PREFIX)),
        tuple((key, annotations.sanitized(key, allow_dot=sorting.allow_dot)) for key in indexed),
        tuple(key for key in others if key.startswith(NAMESPACE_PREFIX)),
    )


def add(document: dict[str, Any], attributes: Attributes, rest: Rest, stored: Leftovers | None) -> bool:
    """Write `annotations` and `metadata` into the document, as far as there is something in them.

    True when a value there may be a number that is none.
    """
    is_doubtful = stored is not None and stored.is_doubtful
    default = dict(stored.default) if stored else {}
    for key in rest.plain:
        value = attributes[key]
        if type(value) in FINITE:
            default[key] = value
        elif value is not None:
            default[key] = plain(value)
            is_doubtful = True
    if rest.annotated or (stored and stored.annotations):
        is_doubtful |= _annotate(document, attributes, rest, stored)
    if rest.namespaced:
        namespaces = _namespaces(attributes, rest.namespaced, default)
        if default:
            namespaces[DEFAULT] = default
        if namespaces:
            document["metadata"] = namespaces
        return True
    if default:
        document["metadata"] = {DEFAULT: default}
    return is_doubtful


def _annotate(document: dict[str, Any], attributes: Attributes, rest: Rest, stored: Leftovers | None) -> bool:
    annotated = dict(stored.annotations) if stored else {}
    for key, name in rest.annotated:
        if type(value := attributes[key]) in SCALARS:
            annotated[name] = value
    if annotated:
        document["annotations"] = annotated
    return not FINITE.issuperset(map(type, annotated.values()))


def _namespaces(attributes: Attributes, keys: Iterable[str], default: dict[str, Any]) -> dict[str, Any]:
    """Namespaces that came as JSON text; what is for `default` wins over attributes of the same key there."""
    namespaces: dict[str, Any] = {}
    texts = {key: text for key in keys if isinstance(text := attributes[key], str)}
    for key in keys:
        if key not in texts and (value := attributes[key]) is not None:
            default[key] = plain(value)
    for key, text in texts.items():
        namespace = key.removeprefix(NAMESPACE_PREFIX)
        try:
            members = metadata.parsed(text)
        except metadata.NotAnObjectError:
            default[key] = text
            continue
        if namespace.lower() == DEFAULT:
            default |= members or {}
        else:
            namespaces[namespace] = members
    return namespaces
