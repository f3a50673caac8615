"""The words of filter expressions: what each is, and where it may stand.

Gives   `KEYWORDS`: the kind of each keyword and the scopes that know it. `OPERATORS`: those that fit a kind.
Source  X-Ray developer guide, "Use filter expressions".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum
from typing import Final

from raygate_local.xray.filters.parts import ANNOTATION


class Kind(Enum):
    """What values a keyword has; the value is how a message names it."""

    BOOLEAN = "true or false"
    NUMBER = "a number"
    TEXT = "a text"
    ANY = "a text, a number, true or false"


class Scope(Enum):
    """What an expression is about; the value is how a message names it."""

    TRACE = "a trace"
    SEGMENT = "a segment or a call"
    CAUSE_SERVICE = "a service of a root cause"
    CAUSE_ENTITY = "an entity of a root cause"
    CAUSE_EXCEPTION = "an exception of a root cause"


@dataclass(frozen=True, slots=True)
class Keyword:
    """One of them."""

    kind: Kind
    meaning: str
    scopes: frozenset[Scope]


_REQUEST: Final = frozenset({Scope.TRACE, Scope.SEGMENT})
_STEP: Final = frozenset({Scope.CAUSE_SERVICE, Scope.CAUSE_ENTITY, Scope.CAUSE_EXCEPTION})
_SERVICE: Final = _REQUEST | {Scope.CAUSE_SERVICE}
_ENTITY: Final = frozenset({Scope.CAUSE_ENTITY})

KEYWORDS: Final[Mapping[str, Keyword]] = {
    "ok": Keyword(Kind.BOOLEAN, "neither fault nor error nor throttled", _REQUEST),
    "error": Keyword(Kind.BOOLEAN, "answered with 4xx", _REQUEST),
    "fault": Keyword(Kind.BOOLEAN, "answered with 5xx", _REQUEST),
    "throttle": Keyword(Kind.BOOLEAN, "answered with 429", _REQUEST),
    "partial": Keyword(Kind.BOOLEAN, "something is in progress", _REQUEST),
    "inferred": Keyword(Kind.BOOLEAN, "a service known from its caller alone", _SERVICE),
    "root": Keyword(Kind.BOOLEAN, "where the request came in", _REQUEST),
    "first": Keyword(Kind.BOOLEAN, "the first of its list", _STEP),
    "last": Keyword(Kind.BOOLEAN, "the last of its list", _STEP),
    "remote": Keyword(Kind.BOOLEAN, "a call of another service", _ENTITY),
    "responsetime": Keyword(Kind.NUMBER, "seconds until the answer", _REQUEST),
    "duration": Keyword(Kind.NUMBER, "seconds with all that was called", _REQUEST),
    "http.status": Keyword(Kind.NUMBER, "status of the answer", _REQUEST),
    "index": Keyword(Kind.NUMBER, "its place in its list, from 0", _STEP),
    "coverage": Keyword(Kind.NUMBER, "its share of the response time, 0 to 1", _ENTITY),
    "http.url": Keyword(Kind.TEXT, "URL of the request", _REQUEST),
    "http.method": Keyword(Kind.TEXT, "method of the request", _REQUEST),
    "http.useragent": Keyword(Kind.TEXT, "user agent of the request", _REQUEST),
    "http.clientip": Keyword(Kind.TEXT, "address that the request came from", _REQUEST),
    "user": Keyword(Kind.TEXT, "user of any segment", _REQUEST),
    "name": Keyword(Kind.TEXT, "name of a service, an entity or an exception", _REQUEST | _STEP),
    "type": Keyword(Kind.TEXT, "type of a service, such as AWS::Lambda", _SERVICE),
    "message": Keyword(Kind.TEXT, "message of an exception", _REQUEST | {Scope.CAUSE_EXCEPTION}),
    "availabilityzone": Keyword(Kind.TEXT, "availability zone of any segment", _REQUEST),
    "instance.id": Keyword(Kind.TEXT, "EC2 instance of any segment", _REQUEST),
    "resource.arn": Keyword(Kind.TEXT, "ARN of a resource of any segment", _REQUEST),
}

EQUALITY: Final = ("=", "!=")
_ORDER: Final = ("<", "<=", ">", ">=")
_TEXTS: Final = ("CONTAINS", "BEGINSWITH", "ENDSWITH")

OPERATORS: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.BOOLEAN: EQUALITY,
    Kind.NUMBER: (*EQUALITY, *_ORDER),
    Kind.TEXT: (*EQUALITY, *_TEXTS),
    Kind.ANY: (*EQUALITY, *_ORDER, *_TEXTS),
}

VALUES: Final[Mapping[str, Kind]] = (
    dict.fromkeys(EQUALITY, Kind.ANY) | dict.fromkeys(_ORDER, Kind.NUMBER) | dict.fromkeys(_TEXTS, Kind.TEXT)
)
"""What an operator compares with."""

CAUSES: Final[Mapping[str, str]] = {
    "fault": "FaultRootCauses",
    "error": "ErrorRootCauses",
    "responsetime": "ResponseTimeRootCauses",
}
LEVELS: Final[Mapping[str, Scope]] = {
    "service": Scope.CAUSE_SERVICE,
    "entity": Scope.CAUSE_ENTITY,
    "exception": Scope.CAUSE_EXCEPTION,
}
"""What a root cause is made of."""

STEPS: Final[Mapping[str, tuple[str, str]]] = {
    f"rootcause.{cause}.{level}": (cause, level)
    for cause in CAUSES
    for level in LEVELS
    if (cause, level) != ("responsetime", "exception")
}
GROUPS: Final = ("group.name", "group.arn")
JSON: Final = "rootcause.json"
BLOCKS: Final = ("service", "edge", *STEPS)
"""They may be followed by braces."""

WORDS: Final = (*KEYWORDS, "annotation", *BLOCKS, *GROUPS, JSON)


def kind_of(keyword: str) -> Kind:
    """Annotations are of any kind."""
    return Kind.ANY if keyword.startswith(ANNOTATION) else KEYWORDS[keyword].kind


def is_known_in(keyword: str, scope: Scope) -> bool:
    """Whether it may stand there."""
    if keyword.startswith(ANNOTATION):
        return scope in _REQUEST
    return scope in KEYWORDS[keyword].scopes


def misplaced(keyword: str, scope: Scope) -> str:
    """Why it may not stand there."""
    if keyword in KEYWORDS and KEYWORDS[keyword].scopes <= _STEP:
        levels = [level for level, known in LEVELS.items() if known in KEYWORDS[keyword].scopes]
        where = ", ".join(f"rootcause.….{level}" for level in levels)
        return f"{keyword} asks about a step of a root cause: it stands in the braces of {where}"
    return f"{'annotation' if keyword.startswith(ANNOTATION) else keyword} is not known of {scope.value}"


def closest(word: str, more: tuple[str, ...] = ()) -> str | None:
    """The word that was meant, maybe."""
    meant = get_close_matches(word.lower(), (*WORDS, *more), n=1, cutoff=0.6)
    return meant[0] if meant else None
