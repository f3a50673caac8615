"""All of X-Ray's operations, by the path of their requests.

Takes   the store, and an operation's parameters as they come in JSON.
Gives   `call`: its result, of the shape that the service's model gives.
Raises  `OperationError`: the service's own exceptions.
Source  X-Ray API reference.
"""

from collections.abc import Mapping
from typing import Any, Final

from raygate_local.xray import sampling, shapes
from raygate_local.xray.calls import account, documents, graphs, insights, policies, retrieval, summaries, tags
from raygate_local.xray.calls.call import Operation, Parameters
from raygate_local.xray.errors import InvalidRequestError, UnknownOperationError
from raygate_local.xray.store import Store

OPERATIONS: Final[Mapping[str, Operation]] = {
    **documents.OPERATIONS,
    **summaries.OPERATIONS,
    **graphs.OPERATIONS,
    **sampling.OPERATIONS,
    **account.OPERATIONS,
    **insights.OPERATIONS,
    **policies.OPERATIONS,
    **retrieval.OPERATIONS,
    **tags.OPERATIONS,
}


def name_of(path: str) -> str:
    """The operation's name, such as PutTraceSegments."""
    operation = shapes.operation_at(path)
    if operation is None or path not in OPERATIONS:
        raise UnknownOperationError(f"X-Ray has no operation {path}.")
    return str(operation.name)


def checked(path: str, given: Any) -> Parameters:
    """The parameters, if they are what the model asks for."""
    operation = shapes.operation_at(path)
    fault = next(shapes.faults(operation, given), None) if operation else None
    if fault:
        raise InvalidRequestError(fault)
    parameters: Parameters = given
    return parameters


def call(store: Store, path: str, given: Any) -> dict[str, Any]:
    """Check the parameters, and do it."""
    return OPERATIONS[path](store, checked(path, given))
