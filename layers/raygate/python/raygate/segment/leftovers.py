"""What the blocks leave over, spread over `annotations` and `metadata`.

Takes   the span's attributes, those that the blocks account for, the options; the resource's part, made once.
Gives   the two members, each absent when empty. Each attribute ends in one place; only an indexed list, map or
        bytes value ends in none, as with the exporter.
Source  xray-conversion.md, sections 18 and 20.
"""

from dataclasses import dataclass, field
from typing import Any

from raygate.segment import annotations, metadata
from raygate.segment.metadata import DEFAULT, NAMESPACE_PREFIX
from raygate.segment.options import Options
from raygate.segment.values import SCALARS, plain
from raygate.span import Attributes, Resource

USER = "enduser.id"
RESOURCE_PREFIX = "otel.resource."


@dataclass(slots=True)
class Leftovers:
    """The members, as far as they are known."""

    annotations: dict[str, Any] = field(default_factory=dict)
    default: dict[str, Any] = field(default_factory=dict)
    merged: dict[str, Any] = field(default_factory=dict)
    """Members for `default` that came as JSON text; they win over attributes of the same key."""
    namespaces: dict[str, Any] = field(default_factory=dict)


def of_resource(resource: Resource, asked: frozenset[str], options: Options) -> Leftovers:
    """The resource's share, for the documents that store it."""
    share = Leftovers()
    for key, value in resource.attributes.items():
        name = RESOURCE_PREFIX + key
        if (options.index_all_attributes or name in asked) and annotations.is_annotatable(value):
            share.annotations[annotations.sanitized(name, allow_dot=options.allow_dot)] = value
        elif value is not None:
            share.default[name] = plain(value)
    return share


def add(
    document: dict[str, Any], left: Attributes, indexed: frozenset[str], options: Options, stored: Leftovers | None
) -> None:
    """Write `annotations` and `metadata` into the document, as far as there is something in them."""
    share = Leftovers(dict(stored.annotations), dict(stored.default)) if stored else Leftovers()
    default = share.default
    index_all = options.index_all_attributes
    for key, value in left.items():
        if index_all or key in indexed:
            if annotations.is_annotatable(value):
                share.annotations[annotations.sanitized(key, allow_dot=options.allow_dot)] = value
        elif type(value) in SCALARS:
            if key.startswith(NAMESPACE_PREFIX) and isinstance(value, str):
                _spread_namespace(key, value, share)
            else:
                default[key] = value
        elif value is not None:
            default[key] = plain(value)
    default |= share.merged
    if share.annotations:
        document["annotations"] = share.annotations
    if default:
        share.namespaces[DEFAULT] = default
    if share.namespaces:
        document["metadata"] = share.namespaces


def _spread_namespace(key: str, text: str, share: Leftovers) -> None:
    namespace = key.removeprefix(NAMESPACE_PREFIX)
    try:
        members = metadata.parsed(text)
    except metadata.NotAnObjectError:
        share.default[key] = text
        return
    if namespace.lower() == DEFAULT:
        share.merged |= members or {}
    else:
        share.namespaces[namespace] = members
