"""Whether a trace is what an expression asks for.

Takes   an expression.
Gives   `judge`: a function of `Facts`, quick to call; made once for many traces.
Rules   A comparison holds when some value of the keyword holds; of a keyword that is not there, and of a value of
        another kind, none does. A keyword by itself is true when it is there with any value but false. What stands in
        braces is asked of one segment, call or step at a time.
"""

from collections.abc import Callable, Mapping
from operator import eq, ge, gt, le, lt, ne
from typing import Any, Final, TypeAlias

from raygate_local.xray.filters import expression as tree
from raygate_local.xray.filters.expression import Expression
from raygate_local.xray.filters.facts import Facts
from raygate_local.xray.filters.keywords import CAUSES, KEYWORDS, Kind
from raygate_local.xray.filters.parts import Part, Scalar
from raygate_local.xray.filters.steps import has_pattern, steps

Judge: TypeAlias = Callable[[Facts], bool]
PartJudge: TypeAlias = Callable[[Part], bool]

TESTS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "=": eq,
    "!=": ne,
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
    "CONTAINS": lambda value, part: part in value,
    "BEGINSWITH": lambda value, part: value.startswith(part),
    "ENDSWITH": lambda value, part: value.endswith(part),
}


def judge(expression: Expression) -> Judge:
    """Of a whole trace."""
    match expression:
        case tree.Everything():
            return lambda _facts: True
        case tree.Not(inner):
            inner_judge = judge(inner)
            return lambda facts: not inner_judge(facts)
        case tree.And(inner):
            judges = [judge(one) for one in inner]
            return lambda facts: all(one(facts) for one in judges)
        case tree.Or(inner):
            judges = [judge(one) for one in inner]
            return lambda facts: any(one(facts) for one in judges)
        case tree.Is() | tree.Compare():
            of_whole = _of_part(expression)
            return lambda facts: of_whole(facts.whole)
    return _of_many(expression)


def _of_many(expression: Expression) -> Judge:
    """Of some part of the trace."""
    match expression:
        case tree.Service(which, inner):
            is_meant, holds = _is_of(which), _within(inner)
            return lambda facts: any(is_meant(one) and holds(one) for one in facts.segments)
        case tree.Edge():
            return _edge(expression)
        case tree.RootCause(cause, level, inner):
            kind, holds = CAUSES[cause], _within(inner)
            return lambda facts: any(holds(step) for step in steps(facts.causes.get(kind, ()), level))
        case tree.RootCauseJson(operator):
            pattern, is_so = expression.pattern, operator == "="
            return lambda facts: has_pattern(facts.causes, pattern) is is_so
        case tree.Group(_, operator, _, meaning):
            meant, is_in = judge(meaning), operator == "="
            return lambda facts: meant(facts) is is_in
    raise TypeError(expression)


def _edge(edge: tree.Edge) -> Judge:
    is_source, is_target, holds = _is_of(edge.source), _is_of(edge.target), _within(edge.inner)

    def is_there(facts: Facts) -> bool:
        return any(
            is_source(facts.segments[source]) and is_target(facts.segments[target]) and holds(call)
            for source, target, call in facts.edges
        )

    return is_there


def _within(inner: Expression | None) -> PartJudge:
    return (lambda _part: True) if inner is None else _of_part(inner)


def _is_of(which: tree.Id) -> PartJudge:
    given = {"name": which.name, "type": which.type, "account.id": which.account_id}
    asked = [(keyword, value) for keyword, value in given.items() if value is not None]
    return lambda part: all(value in part.get(keyword, ()) for keyword, value in asked)


def _of_part(expression: Expression) -> PartJudge:
    match expression:
        case tree.Not(inner):
            inner_judge = _of_part(inner)
            return lambda part: not inner_judge(part)
        case tree.And(inner):
            judges = [_of_part(one) for one in inner]
            return lambda part: all(one(part) for one in judges)
        case tree.Or(inner):
            judges = [_of_part(one) for one in inner]
            return lambda part: any(one(part) for one in judges)
        case tree.Is(keyword):
            return lambda part: any(value is not False for value in part.get(keyword, ()))
        case tree.Compare(keyword, operator, value):
            return _compare(keyword, operator, value)
    raise TypeError(expression)


def _compare(keyword: str, operator: str, value: Scalar) -> PartJudge:
    if keyword in KEYWORDS and KEYWORDS[keyword].kind is Kind.BOOLEAN:
        wanted = value is (operator == "=")
        return lambda part: (keyword in part) is wanted
    test = TESTS[operator]
    is_alike = _alike(value)
    return lambda part: any(is_alike(one) and test(one, value) for one in part.get(keyword, ()))


def _alike(value: Scalar) -> Callable[[Scalar], bool]:
    """Whether a value is of the same kind; true is no number."""
    if isinstance(value, bool | str):
        kind = type(value)
        return lambda one: type(one) is kind
    return lambda one: type(one) in {int, float}
