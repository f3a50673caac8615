"""What the service's model asks of an operation's parameters.

Takes   the path of an operation, and the parameters as they come in JSON.
Gives   `operation_at`: the operation's model. `faults`: what is wrong with the parameters, in sentences.
Note    Members that the model does not know are passed over, as the service does; null is as good as absent.
Source  botocore's model of X-Ray: required members, types, enumerations, lengths, ranges, patterns.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from math import isfinite
from typing import Any, Final

from botocore.model import OperationModel, Shape
from botocore.session import Session

from raygate_local.xray.members import LAST_SECOND


@cache
def _operations() -> Mapping[str, OperationModel]:
    model = Session().get_service_model("xray")
    operations = (model.operation_model(name) for name in model.operation_names)
    return {one.http["requestUri"]: one for one in operations}


def operation_at(path: str) -> OperationModel | None:
    """The operation of that path."""
    return _operations().get(path)


def faults(operation: OperationModel, given: object) -> Iterator[str]:
    """What is wrong with its parameters."""
    yield from _of_structure(operation.input_shape, given, "The body")


def _check(shape: Shape, given: Any, name: str) -> Iterator[str]:
    look = CHECKS.get(shape.type_name)
    if look:
        yield from look(shape, given, name)


def _of_structure(shape: Any, given: Any, name: str) -> Iterator[str]:
    if not isinstance(given, dict):
        yield f"{name} must be an object."
        return
    for member, inner in shape.members.items():
        value = given.get(member)
        if value is not None:
            yield from _check(inner, value, member)
        elif member in shape.required_members:
            yield f"{member} is missing."


def _of_list(shape: Any, given: Any, name: str) -> Iterator[str]:
    if not isinstance(given, list):
        yield f"{name} must be a list."
        return
    yield from _length(shape, len(given), f"{name} has", "members")
    for one in given:
        yield from _check(shape.member, one, f"A member of {name}")


def _of_map(shape: Any, given: Any, name: str) -> Iterator[str]:
    if not isinstance(given, dict):
        yield f"{name} must be an object."
        return
    for value in given.values():
        yield from _check(shape.value, value, f"A value of {name}")


def _of_string(shape: Any, given: Any, name: str) -> Iterator[str]:
    if not isinstance(given, str):
        yield f"{name} must be a string."
        return
    yield from _length(shape, len(given), f"{name} has", "characters")
    if shape.enum and given not in shape.enum:
        yield f"{name} must be one of {', '.join(shape.enum)}."
    pattern = shape.metadata.get("pattern")
    if pattern and not re.fullmatch(pattern, given):
        yield f"{name} must have the form {pattern}."


def _of_number(kinds: tuple[type, ...], words: str) -> Callable[[Any, Any, str], Iterator[str]]:
    def check(shape: Any, given: Any, name: str) -> Iterator[str]:
        if type(given) not in kinds or not isfinite(given):
            yield f"{name} must be {words}."
            return
        least, most = shape.metadata.get("min"), shape.metadata.get("max")
        if (least is not None and given < least) or (most is not None and given > most):
            yield f"{name} must be {words} from {least if least is not None else 'any'} to {most or 'any'}."

    return check


def _of_boolean(_: Any, given: Any, name: str) -> Iterator[str]:
    if not isinstance(given, bool):
        yield f"{name} must be true or false."


def _of_timestamp(_: Any, given: Any, name: str) -> Iterator[str]:
    if type(given) not in {int, float} or not abs(given) <= LAST_SECOND:
        yield f"{name} must be a number of seconds since 1970."


def _length(shape: Any, length: int, has: str, units: str) -> Iterator[str]:
    least, most = shape.metadata.get("min", 0), shape.metadata.get("max")
    if length < least:
        yield f"{has} {length} {units}, fewer than {least}."
    if most is not None and length > most:
        yield f"{has} {length} {units}, more than {most}."


_INTEGER: Final = _of_number((int,), "an integer")
_DOUBLE: Final = _of_number((int, float), "a number")
CHECKS: Final[Mapping[str, Callable[[Any, Any, str], Iterator[str]]]] = {
    "structure": _of_structure,
    "list": _of_list,
    "map": _of_map,
    "string": _of_string,
    "integer": _INTEGER,
    "long": _INTEGER,
    "double": _DOUBLE,
    "float": _DOUBLE,
    "boolean": _of_boolean,
    "timestamp": _of_timestamp,
}
