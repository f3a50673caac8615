"""What the blocks leave over, spread over `annotations` and `metadata`.

Takes   the span's attributes, how to sort them, the resource's part, made once.
Gives   the two members, each absent when empty. Each attribute ends in one place; only an indexed list, map or
        bytes value ends in none, as with the exporter.
Source  xray-conversion.md, sections 18 and 20.
"""

from dataclasses import dataclass, field
from typing import Any

from raygate.segment import annotations, metadata
from raygate.segment.metadata import DEFAULT, NAMESPACE_PREFIX
from raygate.segment.values import SCALARS, plain
from raygate.span import Attributes, Resource, Value

USER = "enduser.id"
RESOURCE_PREFIX = "otel.resource."


@dataclass(frozen=True, slots=True)
class Sorting:
    """Which attributes are left over, and which of those are annotations."""

    consumed: frozenset[str]
    indexed: frozenset[str]
    index_all: bool
    allow_dot: bool

    def annotate(self, key: str, value: Value, annotated: dict[str, Any]) -> bool:
        """Put an indexed attribute among the annotations; false when it cannot be one."""
        if type(value) not in SCALARS:
            return False
        annotated[annotations.sanitized(key, allow_dot=self.allow_dot)] = value
        return True


@dataclass(slots=True)
class Leftovers:
    """What a resource gives to each document that stores it."""

    annotations: dict[str, Any] = field(default_factory=dict)
    default: dict[str, Any] = field(default_factory=dict)


def of_resource(resource: Resource, sorting: Sorting) -> Leftovers:
    """The resource's share, for the documents that store it."""
    share = Leftovers()
    for key, value in resource.attributes.items():
        name = RESOURCE_PREFIX + key
        is_indexed = sorting.index_all or name in sorting.indexed
        if not (is_indexed and sorting.annotate(name, value, share.annotations)) and value is not None:
            share.default[name] = plain(value)
    return share


def add(document: dict[str, Any], attributes: Attributes, sorting: Sorting, stored: Leftovers | None) -> None:
    """Write `annotations` and `metadata` into the document, as far as there is something in them."""
    consumed, indexed, index_all = sorting.consumed, sorting.indexed, sorting.index_all
    default = dict(stored.default) if stored else {}
    annotated = dict(stored.annotations) if stored else {}
    texts: dict[str, str] = {}
    for key, value in attributes.items():
        if key in consumed:
            continue
        if index_all or key in indexed:
            sorting.annotate(key, value, annotated)
        elif type(value) not in SCALARS:
            if value is not None:
                default[key] = plain(value)
        elif key.startswith(NAMESPACE_PREFIX) and isinstance(value, str):
            texts[key] = value
        else:
            default[key] = value
    namespaces = _namespaces(texts, default) if texts else {}
    if annotated:
        document["annotations"] = annotated
    if default:
        namespaces[DEFAULT] = default
    if namespaces:
        document["metadata"] = namespaces


def _namespaces(texts: dict[str, str], default: dict[str, Any]) -> dict[str, Any]:
    """Namespaces that came as JSON text; what is for `default` wins over attributes of the same key there."""
    namespaces: dict[str, Any] = {}
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
