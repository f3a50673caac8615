"""The text of a filter expression, read.

Takes   the text, and the expressions of the groups that it may name.
Gives   `read`: the expression as a tree. `read_on`: the same from a `Reading`, which knows what could come at its end.
Raises  `FilterError`: what was expected, and at which column.
Rules   AND binds more than OR, ! and NOT more than both; AND may be left out. Keywords and operators count without
        regard to case, texts with it. Parentheses, braces and negations nest up to a bound.
Source  X-Ray developer guide, "Use filter expressions".
"""

import re
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from raygate_local.xray.filters.expression import (
    And,
    Compare,
    Edge,
    Everything,
    Expression,
    Group,
    Is,
    Not,
    Or,
    RootCause,
    RootCauseJson,
    Service,
    canonical,
)
from raygate_local.xray.filters.keywords import (
    BLOCKS,
    EQUALITY,
    GROUPS,
    JSON,
    KEYWORDS,
    LEVELS,
    STEPS,
    Scope,
    closest,
    is_known_in,
    misplaced,
)
from raygate_local.xray.filters.parts import ANNOTATION
from raygate_local.xray.filters.reading import Groups, Reading, Want, no_groups
from raygate_local.xray.filters.tokens import MAX_LENGTH, Sort
from raygate_local.xray.filters.values import comparison, service_id, text_value

Term: TypeAlias = Callable[[Reading], Expression]

ANNOTATION_WORD: Final = re.compile(r"annotation(?:[.[]|$)", re.IGNORECASE)
ENDS: Final = ("and", "or")


def read(text: str, groups: Groups = no_groups) -> Expression:
    """The whole text."""
    return read_on(Reading(text, groups))


def read_on(reading: Reading) -> Expression:
    """Up to the end."""
    reading.want(Want("operand"))
    if reading.is_at_end():
        return Everything()
    found = _any(reading, Scope.TRACE)
    if not reading.is_at_end():
        reading.fail("AND, OR or the end was expected")
    return found


def _any(reading: Reading, scope: Scope) -> Expression:
    found = [_all(reading, scope)]
    while reading.takes("or"):
        found.append(_all(reading, scope))
    return found[0] if len(found) == 1 else Or(tuple(found))


def _all(reading: Reading, scope: Scope) -> Expression:
    found = [_one(reading, scope)]
    while reading.takes("and") or _begins(reading):
        found.append(_one(reading, scope))
    reading.want(Want("word", scope, words=("AND", "OR")))
    return found[0] if len(found) == 1 else And(tuple(found))


def _begins(reading: Reading) -> bool:
    """Whether another term follows, with no AND before it."""
    token = reading.token
    return (token.sort is Sort.WORD and token.lower not in ENDS) or reading.is_symbol("!") or reading.is_symbol("(")


def _one(reading: Reading, scope: Scope) -> Expression:
    if reading.takes("!") or reading.takes("not"):
        with reading.deeper():
            return Not(_one(reading, scope))
    if reading.takes("("):
        with reading.deeper():
            found = _any(reading, scope)
        reading.expect(")", "to close the parenthesis")
        return found
    return _term(reading, scope)


def _term(reading: Reading, scope: Scope) -> Expression:
    reading.want(Want("operand", scope))
    token = reading.token
    if token.sort is not Sort.WORD or token.lower in ENDS:
        reading.fail("a keyword was expected")
    keyword = token.lower
    if keyword in BLOCKS or keyword in GROUPS or keyword == JSON:
        if scope is not Scope.TRACE:
            raise reading.error(f"{keyword} asks about a whole trace: it cannot stand in braces", token)
        reading.next()
        return _block(reading, keyword)
    return _plain(reading, scope)


def _plain(reading: Reading, scope: Scope) -> Expression:
    """A keyword with one value, or an annotation."""
    token = reading.token
    keyword = _annotation(reading) if ANNOTATION_WORD.match(token.text) else token.lower
    if keyword not in KEYWORDS and not keyword.startswith(ANNOTATION):
        meant = closest(keyword, ENDS)
        raise reading.error(f"unknown keyword {token.shown}" + (f": did you mean {meant}?" if meant else ""), token)
    if not is_known_in(keyword, scope):
        raise reading.error(misplaced(keyword, scope), token)
    reading.next()
    found = comparison(reading, keyword)
    return Compare(keyword, *found) if found else Is(keyword)


def _annotation(reading: Reading) -> str:
    """The key, from its brackets or after its dot."""
    token = reading.token
    key = token.text[len(ANNOTATION) :].removesuffix("]")
    if not key:
        raise reading.error("annotation is followed by a key: annotation[key]", token)
    return ANNOTATION + key


def _block(reading: Reading, keyword: str) -> Expression:
    if keyword in GROUPS:
        return _group(reading, keyword)
    if keyword == JSON:
        return _json(reading)
    if keyword in STEPS:
        cause, level = STEPS[keyword]
        return RootCause(cause, level, _braces(reading, LEVELS[level]))
    return CALLS[keyword](reading)


def _service(reading: Reading) -> Expression:
    reading.expect("(", "after service")
    reading.want(Want("service"))
    which = service_id(reading, is_optional=True)
    reading.expect(")", "after the service")
    return Service(which, _braces(reading, Scope.SEGMENT))


def _edge(reading: Reading) -> Expression:
    reading.expect("(", "after edge")
    reading.want(Want("service"))
    source = service_id(reading)
    reading.expect(",", "after the service that calls")
    reading.want(Want("service"))
    target = service_id(reading)
    reading.expect(")", "after the service that is called")
    return Edge(source, target, _braces(reading, Scope.SEGMENT))


CALLS: Final[Mapping[str, Term]] = {"service": _service, "edge": _edge}


def _braces(reading: Reading, scope: Scope) -> Expression | None:
    reading.want(Want("word", words=("{",)))
    if not reading.takes("{"):
        return None
    if reading.takes("}"):
        return None
    with reading.deeper():
        inner = _any(reading, scope)
    reading.expect("}", "to close the brace")
    return inner


def _equality(reading: Reading, keyword: str) -> str:
    reading.want(Want("word", words=EQUALITY))
    if not (reading.is_symbol("=") or reading.is_symbol("!=")):
        reading.fail(f"= or != was expected after {keyword}")
    return reading.next().text


def _group(reading: Reading, keyword: str) -> Expression:
    operator = _equality(reading, keyword)
    reading.want(Want("value", keyword=keyword))
    token = reading.token
    value = text_value(reading, keyword)
    given = reading.groups(keyword, value)
    if given is None:
        raise reading.error(f"there is no group with the {keyword.partition('.')[2]} {token.shown}", token)
    reading.length += len(given)
    if reading.length > MAX_LENGTH:
        raise reading.error(f"with its groups the expression has more than {MAX_LENGTH} characters", token)
    return Group(keyword, operator, value, read(given))


def _json(reading: Reading) -> Expression:
    operator = _equality(reading, JSON)
    reading.want(Want("word", words=('#[{"Services": [{"Name": ',)))
    if reading.token.sort is not Sort.JSON:
        reading.fail("JSON after a # was expected")
    token = reading.next()
    if not isinstance(token.value, list | dict):
        raise reading.error("the JSON must be a root cause, or a list of them", token)
    return RootCauseJson(operator, canonical(token.value))
