"""What an operation is, and how its answer comes in pages.

Takes   the store, and parameters that have passed `shapes`.
Gives   `Operation`; `as_token` and `from_token` for NextToken.
Raises  `InvalidRequestError` for a token that is none of ours.
"""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from raygate_local.xray.errors import InvalidRequestError
from raygate_local.xray.store import Store

Parameters: TypeAlias = Mapping[str, Any]
Operation: TypeAlias = Callable[[Store, Parameters], dict[str, Any]]


def as_token(value: object) -> str:
    """Where to go on."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


def from_token(parameters: Parameters, types: Sequence[type]) -> list[Any]:
    """The values in NextToken, of these types; none when there is no token."""
    given = parameters.get("NextToken")
    if given is None:
        return []
    try:
        values = json.loads(base64.urlsafe_b64decode(given))
    except ValueError:
        values = None
    if not isinstance(values, list) or [type(one) for one in values] != list(types):
        raise InvalidRequestError("NextToken is not one of ours.")
    return values
