"""Formulas as text, worked out: what docs/cost.md shows is what is calculated.

Takes   an expression of `+ - * /`, comparisons by `min` and `max`, `ceil`, numbers and names; the names' values.
Gives   its value.
Raises  `FormulaError` for anything else, and for a name without a value.
"""

import ast
import math
import operator
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

OPERATORS: Final[Mapping[type[ast.operator], Callable[[float, float], float]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
FUNCTIONS: Final[Mapping[str, Callable[..., float]]] = {"ceil": math.ceil, "max": max, "min": min}


class FormulaError(Exception):
    """The text is no formula."""


def value(formula: str, names: Mapping[str, float]) -> float:
    """What it comes to."""
    return float(_value(_parsed(formula), names))


@cache
def _parsed(formula: str) -> ast.expr:
    return ast.parse(formula, mode="eval").body


def _value(node: ast.AST, names: Mapping[str, float]) -> float:
    match node:
        case ast.Constant(value=int() | float() as number):
            return number
        case ast.Name(id=name) if name in names:
            return names[name]
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in OPERATORS:
            return OPERATORS[type(sign)](_value(left, names), _value(right, names))
        case ast.Call(func=ast.Name(id=name), args=arguments) if name in FUNCTIONS:
            given: list[Any] = [_value(one, names) for one in arguments]
            return FUNCTIONS[name](*given)
    raise FormulaError(f"not to be worked out: {ast.unparse(node)!r}")
