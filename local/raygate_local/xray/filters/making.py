"""Filters made of values that were seen.

Takes   keywords, values, names of services, other filters.
Gives   texts that can be read again and mean just that, whatever the values hold.
Raises  `FilterError` when a text among what is given is no filter.
"""

import shlex
from datetime import UTC, datetime

from raygate_local.xray.filters.expression import (
    And,
    Compare,
    Edge,
    Everything,
    Expression,
    Id,
    Not,
    Service,
    literal,
)
from raygate_local.xray.filters.filter import parse
from raygate_local.xray.filters.parts import Scalar

quote = literal


def equals(keyword: str, value: Scalar) -> str:
    """Traces where it has this value; the keyword of an annotation is `annotation.key`."""
    return str(Compare(keyword, "=", value))


def excludes(keyword: str, value: Scalar) -> str:
    """All the others, those without any value too."""
    return str(Not(Compare(keyword, "=", value)))


def between(keyword: str, least: float, most: float) -> str:
    """Both ends count."""
    return str(And((Compare(keyword, ">=", least), Compare(keyword, "<=", most))))


def service(name: str, kind: str | None = None, inner: str = "") -> str:
    """Traces that reached it, with a segment such as `inner` asks for."""
    return str(Service(_id(name, kind), _inner(inner)))


def edge(source: str, target: str, inner: str = "") -> str:
    """Traces in which one called the other."""
    return str(Edge(_id(source, None), _id(target, None), _inner(inner)))


def both(*texts: str) -> str:
    """What matches each of these filters."""
    given = [parsed for text in texts if not isinstance(parsed := parse(text).expression, Everything)]
    parts = [part for one in given for part in (one.inner if isinstance(one, And) else (one,))]
    return str(And(tuple(parts)) if len(parts) > 1 else (parts or [Everything()])[0])


def command(text: str, start_s: float, end_s: float) -> str:
    """The same question to X-Ray itself, with the AWS CLI."""
    times = [datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") for at in (start_s, end_s)]
    asked = ["--start-time", times[0], "--end-time", times[1]] + (["--filter-expression", text] if text else [])
    return shlex.join(["aws", "xray", "get-trace-summaries", *asked])


def _id(name: str, kind: str | None) -> Id:
    return Id(name=name or None, type=kind or None)


def _inner(text: str) -> Expression | None:
    """What stands in braces is read there, where it may mean something else."""
    if not text.strip():
        return None
    found = parse(f"service() {{ {text} }}").expression
    return found.inner if isinstance(found, Service) else None
