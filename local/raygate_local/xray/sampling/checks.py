"""What the service's model does not say of an operation's parameters.

Takes   parameters that are as the model asks.
Raises  `InvalidRequestError`, naming the member and what it must be.
Source  X-Ray API reference.
"""

from math import inf
from typing import Any, Final

from raygate_local.xray.calls.call import Parameters
from raygate_local.xray.errors import InvalidRequestError
from raygate_local.xray.sampling.keeping import Json

MOST_TAGS: Final = 50


def one_of(given: Parameters, by_name: str, by_arn: str) -> tuple[str, str]:
    """Which of the two is given, and its value: one and not both."""
    said = [(member, given[member]) for member in (by_name, by_arn) if given.get(member) is not None]
    if len(said) != 1:
        raise InvalidRequestError(f"Give either {by_name} or {by_arn}, and not both.")
    return said[0]


def number(given: Parameters, name: str, least: float, most: float = inf) -> Any:
    """Of something that is changed the model gives no range."""
    value = given.get(name)
    if value is None or least <= value <= most:
        return value
    limits = f"from {least:g} to {most:g}" if most < inf else f"at least {least:g}"
    raise InvalidRequestError(f"{name} must be {limits}.")


def tags(given: Parameters) -> list[Json]:
    """What an object is tagged with from its beginning."""
    found = list(given.get("Tags") or ())
    if len(found) > MOST_TAGS:
        raise InvalidRequestError(f"{len(found)} tags are more than {MOST_TAGS}.")
    if any(one["Key"].lower().startswith("aws:") for one in found):
        raise InvalidRequestError("A tag's key must not begin with aws:.")
    return found


def no_token(given: Parameters) -> None:
    """All is given in one page, so there are no tokens."""
    if given.get("NextToken") is not None:
        raise InvalidRequestError("NextToken is not one of ours.")
