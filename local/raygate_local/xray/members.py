"""The members of a segment document, and the form that X-Ray asks of each.

Gives   `MEMBERS`: whether a value has the form, and the form in words. `BLOCKS`: the faults of a member with parts.
Source  X-Ray developer guide, "Segment documents"; for annotation keys with dots, its page on annotations.
Note    The guide's 250 characters "for other strings" are not checked: the service takes longer URLs and queries.
        Neither is a trace's age, since random identifiers carry no time.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from math import isfinite
from typing import Any, Final, TypeAlias

Rule: TypeAlias = tuple[Callable[[Any], bool], str]

MAX_NAME: Final = 200
MAX_ANNOTATIONS: Final = 50
MAX_KEY: Final = 500
MAX_VALUE: Final = 1000
LAST_SECOND: Final = 253_402_300_799
"""Of the year 9999: what is later was not given in seconds."""

SIGNS: Final = "_.:/%&#=+\\-@"
TRACE_ID: Final = re.compile("1-[0-9a-fA-F]{8}-[0-9a-fA-F]{24}")
ID: Final = re.compile("[0-9a-fA-F]{16}")
KEY: Final = re.compile(f"[0-9a-zA-Z_.]{{1,{MAX_KEY}}}")


def _is(*types: type) -> Callable[[Any], bool]:
    """Of one of these types; a boolean is no number."""
    return lambda value: type(value) in types


def _is_name(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= MAX_NAME and all(map(_is_name_character, value))


def _is_name_character(character: str) -> bool:
    return character in SIGNS or unicodedata.category(character)[0] in "LNZ"


def _is_id(value: object) -> bool:
    return isinstance(value, str) and ID.fullmatch(value) is not None


def _is_trace_id(value: object) -> bool:
    return isinstance(value, str) and TRACE_ID.fullmatch(value) is not None


def _is_time(value: Any) -> bool:
    return type(value) in {int, float} and isfinite(value) and 0 <= value <= LAST_SECOND


AN_ID: Final[Rule] = (_is_id, "16 hexadecimal digits")
A_TRACE_ID: Final[Rule] = (_is_trace_id, "1-, 8 hexadecimal digits, - and 24 more")
A_TIME: Final[Rule] = (_is_time, "a number of seconds since 1970")
A_BOOLEAN: Final[Rule] = (_is(bool), "true or false")
A_STRING: Final[Rule] = (_is(str), "a string")
AN_OBJECT: Final[Rule] = (_is(dict), "an object")

MEMBERS: Final[Mapping[str, Rule]] = {
    "id": AN_ID,
    "trace_id": A_TRACE_ID,
    "parent_id": AN_ID,
    "name": (_is_name, f"1 to {MAX_NAME} letters, numbers, white space and {' '.join(SIGNS)}"),
    "start_time": A_TIME,
    "end_time": A_TIME,
    "in_progress": A_BOOLEAN,
    "type": (lambda value: value == "subsegment", "subsegment"),
    "namespace": (lambda value: value in ("aws", "remote", "local"), "aws, remote or local"),  # local: its own SDKs'
    "fault": A_BOOLEAN,
    "error": A_BOOLEAN,
    "throttle": A_BOOLEAN,
    "traced": A_BOOLEAN,
    "origin": A_STRING,
    "user": A_STRING,
    "resource_arn": A_STRING,
    "service": AN_OBJECT,
    "aws": AN_OBJECT,
    "sql": AN_OBJECT,
}


def _annotations(given: object) -> Iterator[str]:
    if not isinstance(given, dict):
        yield "annotations must be an object"
        return
    if len(given) > MAX_ANNOTATIONS:
        yield f"{len(given)} annotations are more than {MAX_ANNOTATIONS}"
    for key, value in given.items():
        if not KEY.fullmatch(key):
            yield f"the key {key[:100]!r} must be 1 to {MAX_KEY} letters, digits, _ and ."
        elif type(value) not in {str, int, float, bool}:
            yield f"{key} must be a string, a number or a boolean"
        elif isinstance(value, str) and len(value) > MAX_VALUE:
            yield f"{key} has {len(value)} characters, more than {MAX_VALUE}"


def _metadata(given: object) -> Iterator[str]:
    if not isinstance(given, dict):
        yield "metadata must be an object"
        return
    yield from (f"the namespace {name[:100]!r} is for AWS only" for name in given if name.startswith("AWS."))


def _cause(given: object) -> Iterator[str]:
    if isinstance(given, str) and _is_id(given):  # of an exception in another document
        return
    if not isinstance(given, dict):
        yield f"cause must be an object, or {AN_ID[1]}"
        return
    exceptions = given.get("exceptions")
    if not isinstance(exceptions, list | None):
        yield "exceptions must be a list"
        return
    for one in exceptions or ():
        if not isinstance(one, dict) or not _is_id(one.get("id")):
            yield f"an exception must be an object with an id of {AN_ID[1]}"
        elif one.get("cause") is not None and not _is_id(one["cause"]):
            yield f"an exception's cause must be {AN_ID[1]}"


def _http(given: object) -> Iterator[str]:
    if not isinstance(given, dict):
        yield "http must be an object"
        return
    for member in ("request", "response"):
        if not isinstance(given.get(member), dict | None):
            yield f"http.{member} must be an object"
            return
    status = (given.get("response") or {}).get("status")
    if status is not None and type(status) is not int:
        yield "http.response.status must be an integer"


def _links(given: object) -> Iterator[str]:
    if not isinstance(given, list):
        yield "links must be a list"
        return
    for one in given:
        if not isinstance(one, dict) or not _is_trace_id(one.get("trace_id")):
            yield f"a link must be an object with a trace_id of {A_TRACE_ID[1]}"
        elif one.get("id") and not _is_id(one["id"]):  # empty when the linked span has none
            yield f"a link's id must be {AN_ID[1]}"


BLOCKS: Final[Mapping[str, Callable[[object], Iterator[str]]]] = {
    "annotations": _annotations,
    "metadata": _metadata,
    "cause": _cause,
    "http": _http,
    "links": _links,
}
