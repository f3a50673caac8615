"""A part of `template.yaml` as a deployment would have it: intrinsics resolved for given parameters.

Takes   a value of the template, and parameters beside their defaults.
Gives   the same value without `If`, `Sub`, `Ref`, `Join`, `Split` and `FindInMap`. What only AWS knows stands for
        itself: `Queue`, `Queue.Arn`, `AWS::Region`.
Rules   `AWS::NoValue` takes its member or its element with it.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from tests.project.template import TEMPLATE

Parameters: TypeAlias = Mapping[str, str]

NOTHING: Final = object()
DEFAULTS: Final = {name: row.get("Default", name) for name, row in TEMPLATE["Parameters"].items()}
PLACE: Final = re.compile(r"\$\{([^!}]+)\}")


def resolved(value: Any, **parameters: str) -> Any:
    """The value without intrinsics."""
    return _resolve(value, DEFAULTS | parameters)


def is_met(condition: str, **parameters: str) -> bool:
    """Whether a condition of the template holds."""
    return bool(_truth({"Condition": condition}, DEFAULTS | parameters))


def _resolve(value: Any, given: Parameters) -> Any:
    if isinstance(value, list):
        return [one for one in (_resolve(each, given) for each in value) if one is not NOTHING]
    if not isinstance(value, dict):
        return value
    if len(value) == 1 and (name := next(iter(value))) in INTRINSICS:
        return INTRINSICS[name](value[name], given)
    members = {name: _resolve(each, given) for name, each in value.items()}
    return {name: each for name, each in members.items() if each is not NOTHING}


def _if(parts: list[Any], given: Parameters) -> Any:
    condition, then, otherwise = parts
    return _resolve(then if _truth({"Condition": condition}, given) else otherwise, given)


def _ref(name: str, given: Parameters) -> Any:
    return NOTHING if name == "AWS::NoValue" else given.get(name, name)


def _sub(parts: str | list[Any], given: Parameters) -> str:
    text, own = (parts, {}) if isinstance(parts, str) else parts
    names = {**given, **{name: _resolve(each, given) for name, each in own.items()}}
    return PLACE.sub(lambda place: str(names.get(place[1], place[1])), text)


def _find(parts: list[Any], given: Parameters) -> Any:
    table, row, column = (_resolve(part, given) for part in parts)
    return TEMPLATE["Mappings"][table][row][column]


INTRINSICS: Final[dict[str, Callable[[Any, Parameters], Any]]] = {
    "If": _if,
    "Ref": _ref,
    "Sub": _sub,
    "GetAtt": lambda name, _: name,
    "FindInMap": _find,
    "Split": lambda parts, given: str(_resolve(parts[1], given)).split(parts[0]),
}


def _truth(test: Mapping[str, Any], given: Parameters) -> bool:
    ((kind, parts),) = test.items()
    if kind == "Condition":
        return _truth(TEMPLATE["Conditions"][parts], given)
    if kind == "Equals":
        left, right = (str(_resolve(part, given)) for part in parts)
        return left == right
    truths = [_truth(part, given) for part in parts]
    return {"Not": not truths[0], "And": all(truths), "Or": any(truths)}[kind]
