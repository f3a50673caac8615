"""What a filter can ask of one part of a trace: of the whole, of a segment, of a call, of a step to a root cause.

Takes   documents.
Gives   a `Part`: keyword → its values. A boolean keyword is there when it is true; an annotation is
        `annotation.<its key>`.
Absent  what the documents do not say.
Source  X-Ray developer guide, "Use filter expressions"; X-Ray API reference, TraceSummary.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from raygate_local.xray.rules import Document

Scalar: TypeAlias = str | int | float | bool
Part: TypeAlias = dict[str, list[Scalar]]
Pair: TypeAlias = tuple[str, Scalar]

ANNOTATION: Final = "annotation."

HTTP: Final[Mapping[str, tuple[str, str, type[str] | type[int]]]] = {
    "http.url": ("request", "url", str),
    "http.method": ("request", "method", str),
    "http.useragent": ("request", "user_agent", str),
    "http.clientip": ("request", "client_ip", str),
    "http.status": ("response", "status", int),
}
EC2: Final[Mapping[str, str]] = {"instance.id": "instance_id", "availabilityzone": "availability_zone"}
FLAGS: Final = ("fault", "error", "throttle")


class Gathering:
    """A part in the making: each value once, in the order of its coming."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, bool, Scalar], None] = {}

    def add(self, keyword: str, value: Scalar) -> None:
        """One value; true and 1 are two."""
        self._found[keyword, isinstance(value, bool), value] = None

    def add_all(self, pairs: Iterable[Pair]) -> None:
        """Several."""
        self._found.update(((keyword, isinstance(value, bool), value), None) for keyword, value in pairs)

    def part(self) -> Part:
        """What has come."""
        part: Part = {}
        for keyword, _, value in self._found:
            part.setdefault(keyword, []).append(value)
        return part


def of_itself(document: Document) -> Iterator[Pair]:
    """How it went, and the request that it is about."""
    wrong = [flag for flag in FLAGS if document.get(flag) is True]
    yield from ((flag, True) for flag in wrong or ["ok"])
    http = document.get("http") or {}
    for keyword, (side, member, kind) in HTTP.items() if http else ():
        value = (http.get(side) or {}).get(member)
        if isinstance(value, kind) and not isinstance(value, bool):
            yield keyword, value


def of_all_below(document: Document) -> Iterator[Pair]:
    """What counts for its segment and for the whole trace, too."""
    for keyword, value in (("user", document.get("user")), ("resource.arn", document.get("resource_arn"))):
        if value:
            yield keyword, value
    for keyword, member in EC2.items() if document.get("aws") else ():
        value = _object(_object(document["aws"]).get("ec2")).get(member)
        if isinstance(value, str) and value:
            yield keyword, value
    for key, value in (document.get("annotations") or {}).items():
        yield ANNOTATION + key, value
    for one in exceptions(document) if document.get("cause") else ():
        if "Message" in one:
            yield "message", one["Message"]


def exceptions(document: Document) -> list[dict[str, str]]:
    """The exceptions it tells of, as a root cause names them."""
    given = _object(document.get("cause")).get("exceptions") or ()
    named = ({"Name": one.get("type"), "Message": one.get("message")} for one in given)
    return [{member: text for member, text in one.items() if isinstance(text, str)} for one in named]


def service(document: Document) -> Iterator[Pair]:
    """The service that a segment is of."""
    yield "name", document["name"]
    if document.get("origin"):
        yield "type", document["origin"]
    account_id = _object(document.get("aws")).get("account_id")
    if isinstance(account_id, str):
        yield "account.id", account_id


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
