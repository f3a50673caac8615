"""Resource policies: PutResourcePolicy, ListResourcePolicies, DeleteResourcePolicy.

Note    They are kept and told again. Everything on this machine may be done anyway.
Source  X-Ray API reference, PutResourcePolicy.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from raygate_local.xray.calls.call import Operation, Parameters
from raygate_local.xray.errors import (
    InvalidPolicyRevisionIdError,
    InvalidRequestError,
    MalformedPolicyDocumentError,
    PolicyCountLimitExceededError,
    PolicySizeLimitExceededError,
)
from raygate_local.xray.sampling.keeping import ALONE
from raygate_local.xray.store import Store

KIND: Final = "policies"
MOST: Final = 5
MOST_BYTES: Final = 5_120
NEW: Final = "0"
"""The revision that a policy must not have yet."""


def put_resource_policy(store: Store, parameters: Parameters) -> dict[str, Any]:
    """Keep it, in place of the one with that name."""
    name, document = parameters["PolicyName"], parameters["PolicyDocument"]
    _check(document)
    with ALONE:
        policies = store.records(KIND)
        before = policies.get(name)
        _check_revision(before, parameters)
        if before is None and len(policies) >= MOST:
            raise PolicyCountLimitExceededError(f"There are {MOST} policies already, and there may be no more.")
        policy = {
            "PolicyName": name,
            "PolicyDocument": document,
            "PolicyRevisionId": str(int(before["PolicyRevisionId"]) + 1 if before else 1),
            "LastUpdatedTime": int(store.clock()),
        }
        policies[name] = policy
    return {"ResourcePolicy": policy}


def list_resource_policies(store: Store, _: Parameters) -> dict[str, Any]:
    """All of them, in one page."""
    return {"ResourcePolicies": list(store.records(KIND).values())}


def delete_resource_policy(store: Store, parameters: Parameters) -> dict[str, Any]:
    """One less."""
    name = parameters["PolicyName"]
    with ALONE:
        before = store.records(KIND).get(name)
        if before is None:
            raise InvalidRequestError(f"There is no policy {name}.")
        _check_revision(before, parameters)
        del store.records(KIND)[name]
    return {}


OPERATIONS: Final[Mapping[str, Operation]] = {
    "/PutResourcePolicy": put_resource_policy,
    "/ListResourcePolicies": list_resource_policies,
    "/DeleteResourcePolicy": delete_resource_policy,
}


def _check(document: str) -> None:
    if len(document.encode()) > MOST_BYTES:
        raise PolicySizeLimitExceededError(f"PolicyDocument has more than {MOST_BYTES} bytes.")
    try:
        policy = json.loads(document)
    except ValueError as error:
        raise MalformedPolicyDocumentError(f"PolicyDocument is not JSON: {error}.") from error
    if not isinstance(policy, dict) or not policy.get("Statement"):
        raise MalformedPolicyDocumentError("PolicyDocument has no Statement.")


def _check_revision(before: Mapping[str, Any] | None, parameters: Parameters) -> None:
    wanted = parameters.get("PolicyRevisionId")
    if wanted is not None and wanted != (before["PolicyRevisionId"] if before else NEW):
        raise InvalidPolicyRevisionIdError("The policy has another PolicyRevisionId.")
