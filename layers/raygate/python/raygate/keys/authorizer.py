"""The gateway has asked already: the tenant from what its authorizer found out.

Takes   `requestContext.authorizer` of the event, which no sender can write to.
Gives   a `Guard` for each of `RAYGATE_AUTH=iam` and `jwt`, and for `none`, which takes a tenant when there is one.

| | where | tenant |
| --- | --- | --- |
| IAM | `iam` | `accountId`: the AWS account that signed |
| JWT | `jwt.claims` | the claim `tenant`, else `sub` |
| Lambda authorizer | `lambda` | `tenant` of its context; with `none` only |

Raises  `KeyStoreError` when the event has no such authorizer: the route was wired without it, and an endpoint that is
        meant to be closed must not be open. The sender has done nothing wrong and keeps its spans. `NotAllowedError`
        when the token names no tenant.
Source  API Gateway developer guide, "Control access to HTTP APIs", for the shapes.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from raygate.errors import KeyStoreError, NotAllowedError
from raygate.keys.presented import Guard, Presented, Principal
from raygate.keys.record import is_tenant

CLAIMS: Final = ("tenant", "sub")


def _iam(authorizer: Mapping[str, Any]) -> Mapping[str, Any]:
    return _mapping(authorizer.get("iam"))


def _claims(authorizer: Mapping[str, Any]) -> Mapping[str, Any]:
    return _mapping(_mapping(authorizer.get("jwt")).get("claims"))


def _context(authorizer: Mapping[str, Any]) -> Mapping[str, Any]:
    return _mapping(authorizer.get("lambda"))


SOURCES: Final[dict[str, tuple[Callable[[Mapping[str, Any]], Mapping[str, Any]], tuple[str, ...]]]] = {
    "iam": (_iam, ("accountId",)),
    "jwt": (_claims, CLAIMS),
    "lambda": (_context, ("tenant",)),
}


def checked_by(kind: str) -> Guard:
    """The guard of `iam` or `jwt`."""
    read, names = SOURCES[kind]

    def guard(presented: Presented) -> Principal:
        found = read(presented.authorizer)
        if not found:
            raise KeyStoreError(
                f"the gateway checks no credentials on this route, and RAYGATE_AUTH={kind} relies on it"
            )
        tenant = _tenant(found, names)
        if not tenant:
            raise NotAllowedError(f"the credentials name no tenant: {' or '.join(names)} is missing")
        return Principal(tenant)

    return guard


def anyone(presented: Presented) -> Principal:
    """The guard of `none`: everybody may send, and an authorizer before us may say who it is."""
    tenants = (_tenant(read(presented.authorizer), names) for read, names in SOURCES.values())
    return Principal(next(filter(None, tenants), ""))


def _tenant(found: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next((found[name] for name in names if is_tenant(found.get(name))), "")


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
