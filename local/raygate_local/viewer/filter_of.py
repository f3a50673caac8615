"""The filter expression that finds traces by a value on the screen.

Takes   a row of a waterfall, and whether the request came in there.
Gives   for each field that X-Ray searches: the expression, and the one that leaves such traces out.
Absent  for metadata, and whatever else X-Ray does not index.
Rules   X-Ray asks about a request where it came in; about other segments within `service() { }`, about calls within
        `edge() { }`. Annotations, users and resources count from anywhere.
Source  X-Ray developer guide, "Use filter expressions".
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any, Final, TypeAlias

from raygate_local.waterfall import Row, Waterfall
from raygate_local.waterfall.row import Json
from raygate_local.xray.filters import FilterError, edge, equals, parse, service
from raygate_local.xray.filters.expression import Not
from raygate_local.xray.filters.inferred import inferred_service

Around: TypeAlias = Callable[[str], str]

OF_THE_REQUEST: Final = {
    ("http", "request", "url"): "http.url",
    ("http", "request", "method"): "http.method",
    ("http", "request", "user_agent"): "http.useragent",
    ("http", "request", "client_ip"): "http.clientip",
    ("http", "response", "status"): "http.status",
    ("fault",): "fault",
    ("error",): "error",
    ("throttle",): "throttle",
}
FROM_ANYWHERE: Final = {
    ("user",): "user",
    ("resource_arn",): "resource.arn",
    ("aws", "ec2", "instance_id"): "instance.id",
    ("aws", "ec2", "availability_zone"): "availabilityzone",
}
FLAGS: Final = frozenset({"fault", "error", "throttle"})


def filters(shown: Waterfall, number: int, *, is_entry: bool) -> dict[str, dict[str, str]]:
    """By the field's path, as it is written."""
    found = {}
    for path, text in _filters(shown, number, is_entry=is_entry):
        with suppress(FilterError):  # a value of a kind that the keyword does not have
            found[path] = {"by": text, "without": str(Not(parse(text).expression))}
    return found


def _filters(shown: Waterfall, number: int, *, is_entry: bool) -> Iterator[tuple[str, str]]:
    document, around = shown.rows[number].document, _around(shown, number)
    for key, value in (document.get("annotations") or {}).items():
        yield f"annotations.{key}", equals(f"annotation.{key}", value)
    for way, keyword in FROM_ANYWHERE.items():
        if isinstance(value := _at(document, way), str) and value:
            yield ".".join(way), equals(keyword, value)
    if around is None:
        return
    yield "name", around("")
    for way, keyword in OF_THE_REQUEST.items():
        value = _at(document, way)
        if value not in (None, "", False):
            text = keyword if keyword in FLAGS else equals(keyword, value)
            yield ".".join(way), text if is_entry else around(text)


def _around(shown: Waterfall, number: int) -> Around | None:
    """What has to stand around a question about this row; None when nothing asks about it."""
    row = shown.rows[number]
    if row.kind == "segment":
        return lambda text: service(row.name, inner=text)
    if row.namespace in ("aws", "remote") and row.service:
        called = _called(shown, number)
        return lambda text: edge(row.service, called, text)
    return None


def _called(shown: Waterfall, number: int) -> str:
    """The service that answered; where it sent nothing, what X-Ray infers from the call."""
    row: Row = shown.rows[number]
    below = shown.rows[number + 1 : number + row.size]
    answered = next((one.name for one in below if one.parent == number and one.kind == "segment"), None)
    return answered or inferred_service(dict(row.document))[0]


def _at(document: Json, way: tuple[str, ...]) -> Any:
    value: Any = document
    for member in way:
        value = value.get(member) if isinstance(value, Mapping) else None
    return value
