"""Which members each OTLP/JSON object has.

Takes   what stands where an object is expected.
Gives   its members by their lowerCamelCase names. The original snake_case names are read where the camel form is
        absent: strictly they are unknown, which would mean 200 with nothing stored.
Raises  `DecodeError` for anything but an object, and where something unknown is nested deeper than the limit.
Source  opentelemetry-proto; OTLP/JSON.
"""

import re
from typing import Any, Final

from raygate.decode.json_fields import Members
from raygate.decode.limits import MOST_LEVELS
from raygate.errors import DecodeError
from raygate.records import dataclass


@dataclass(frozen=True, slots=True)
class Names:
    """The members of one kind of object."""

    camel: frozenset[str]
    snake: dict[str, str]
    """The original names, and what they are in lowerCamelCase."""


def _names(*names: str) -> Names:
    return Names(frozenset(names), {re.sub(r"[A-Z]", lambda capital: f"_{capital[0].lower()}", n): n for n in names})


REQUEST: Final = _names("resourceSpans", "resourceLogs", "resourceMetrics", "resourceProfiles")
RESOURCE_SPANS: Final = _names("resource", "scopeSpans", "instrumentationLibrarySpans", "schemaUrl")
RESOURCE: Final = _names("attributes", "droppedAttributesCount")
SCOPE_SPANS: Final = _names("scope", "instrumentationLibrary", "spans", "schemaUrl")
SCOPE: Final = _names("name", "version", "attributes", "droppedAttributesCount")
SPAN: Final = _names(
    "traceId", "spanId", "traceState", "parentSpanId", "name", "kind", "startTimeUnixNano", "endTimeUnixNano",
    "attributes", "droppedAttributesCount", "events", "droppedEventsCount", "links", "droppedLinksCount", "status",
    "flags",
)  # fmt: skip
EVENT: Final = _names("timeUnixNano", "name", "attributes", "droppedAttributesCount")
LINK: Final = _names("traceId", "spanId", "traceState", "attributes", "droppedAttributesCount", "flags")
STATUS: Final = _names("message", "code")
KEY_VALUE: Final = _names("key", "value", "keyStrindex")
ANY_VALUE: Final = _names(
    "stringValue", "boolValue", "intValue", "doubleValue", "arrayValue", "kvlistValue", "bytesValue",
    "stringValueStrindex",
)  # fmt: skip
VALUES: Final = _names("values")


def members(value: object, names: Names, level: int) -> Members:
    """The members of an object at this level of nesting; `null` is an object without any."""
    if value is None:
        return {}
    if type(value) is not dict:
        raise DecodeError("not an object")
    check_level(level)
    return value if value.keys() <= names.camel else _renamed(value, names, level)


def check_level(level: int) -> None:
    """Refuse what is nested too deep."""
    if level > MOST_LEVELS:
        raise DecodeError(f"nested deeper than {MOST_LEVELS} levels")


def _renamed(value: Members, names: Names, level: int) -> Members:
    known = {}
    for name, content in value.items():
        camel = names.snake.get(name, name)
        if camel not in names.camel:
            _check_depth(content, level)
        elif name == camel or camel not in value:
            known[camel] = content
    return known


def _check_depth(ignored: object, level: int) -> None:
    """What we do not know is ignored, however it looks, but not however deep it is."""
    layer: list[Any] = [ignored]
    while containers := [content for content in layer if type(content) in {dict, list}]:
        level += 1
        check_level(level)
        layer = [child for content in containers for child in _children(content)]


def _children(container: Any) -> Any:
    return container.values() if type(container) is dict else container
