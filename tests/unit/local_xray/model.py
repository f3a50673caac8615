"""An answer beside botocore's model of it: each member known, each required one there, each of its type.

Takes   what botocore has before it reads an answer.
Raises  `AssertionError`, naming the place.
"""

import json
import re
from typing import Any, Final

from botocore.model import OperationModel, Shape

TYPES: Final[dict[str, tuple[type, ...]]] = {
    "structure": (dict,),
    "map": (dict,),
    "list": (list,),
    "string": (str,),
    "integer": (int,),
    "long": (int,),
    "double": (int, float),
    "boolean": (bool,),
    "timestamp": (int, float),
}
DEFAULT_PRIORITY: Final = 10_000
"""Of the sampling rule Default, as the service has it, beyond its own model."""


def check_answer(operation_model: OperationModel, response_dict: dict[str, Any], **_: Any) -> None:
    """To be registered for `before-parse`."""
    body = json.loads(response_dict["body"])
    if response_dict["status_code"] >= 300:
        name = response_dict["headers"]["x-amzn-errortype"]
        shapes = {shape.name: shape for shape in operation_model.error_shapes}
        assert set(body) == {"Message"}
        assert name in shapes or name in {"InternalFailure", "InvalidRequestException"}, name
        return
    check(operation_model.output_shape, body, operation_model.name)


def check(shape: Any, value: Any, place: str) -> None:
    """One value and all within it."""
    kind = shape.type_name
    assert type(value) in TYPES[kind], f"{place} is {value!r}, no {kind}"
    _check_bounds(shape, value, place)
    if kind == "structure":
        assert set(value) <= set(shape.members), f"{place} has {set(value) - set(shape.members)}"
        assert set(shape.required_members) <= set(value), f"{place} has not all of {shape.required_members}"
        for member, inner in value.items():
            check(shape.members[member], inner, f"{place}.{member}")
    elif kind == "list":
        for one in value:
            check(shape.member, one, f"{place}[]")
    elif kind == "map":
        for key, inner in value.items():
            check(shape.value, inner, f"{place}.{key}")


def _check_bounds(shape: Shape, value: Any, place: str) -> None:
    bounds = shape.metadata
    if place.endswith(".Priority") and value == DEFAULT_PRIORITY:
        return
    size = value if isinstance(value, int | float) else len(value)
    assert bounds.get("min", size) <= size <= bounds.get("max", size), f"{place} is {value!r}, not within {bounds}"
    assert not bounds.get("enum") or value in bounds["enum"], f"{place} is {value!r}, none of {bounds['enum']}"
    assert "pattern" not in bounds or re.fullmatch(bounds["pattern"], value), f"{place} is {value!r}"
