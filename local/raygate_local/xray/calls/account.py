"""What an account has set: encryption, where segments go, how many spans are indexed; and the daemon's telemetry.

Note    The settings are remembered and told again; nothing here is encrypted or indexed by them. Telemetry is taken
        and let go: X-Ray has no operation that would read it.
Source  X-Ray API reference.
"""

from collections.abc import Mapping
from typing import Any, Final

from raygate_local.xray.calls.call import Operation, Parameters
from raygate_local.xray.errors import InvalidRequestError, ResourceNotFoundError
from raygate_local.xray.store import Store

KIND: Final = "account"
NOT_ENCRYPTED: Final = {"Status": "ACTIVE", "Type": "NONE"}
TO_XRAY: Final = {"Destination": "XRay", "Status": "ACTIVE"}
INDEXING_RULE: Final = "Default"
ONE_PERCENT: Final = 1.0


def put_telemetry_records(_: Store, __: Parameters) -> dict[str, Any]:
    """From a daemon, about itself."""
    return {}


def get_encryption_config(store: Store, _: Parameters) -> dict[str, Any]:
    """With which key."""
    return {"EncryptionConfig": store.records(KIND).get("encryption", NOT_ENCRYPTED)}


def put_encryption_config(store: Store, parameters: Parameters) -> dict[str, Any]:
    """With this key from now on."""
    key, kind = parameters.get("KeyId"), parameters["Type"]
    if (kind == "KMS") != bool(key):
        raise InvalidRequestError("KeyId is for the Type KMS, and needed there.")
    config = {"Status": "ACTIVE", "Type": kind} | ({"KeyId": key} if key else {})
    store.records(KIND)["encryption"] = config
    return {"EncryptionConfig": config}


def get_trace_segment_destination(store: Store, _: Parameters) -> dict[str, Any]:
    """Where segments go."""
    return store.records(KIND).get("destination", TO_XRAY)


def update_trace_segment_destination(store: Store, parameters: Parameters) -> dict[str, Any]:
    """There from now on."""
    destination = TO_XRAY | {"Destination": parameters.get("Destination") or TO_XRAY["Destination"]}
    store.records(KIND)["destination"] = destination
    return destination


def get_indexing_rules(store: Store, _: Parameters) -> dict[str, Any]:
    """There is one."""
    return {"IndexingRules": [store.records(KIND).get("indexing") or _indexing_rule(ONE_PERCENT, 0)]}


def update_indexing_rule(store: Store, parameters: Parameters) -> dict[str, Any]:
    """That share of the spans from now on."""
    percentage = (parameters["Rule"].get("Probabilistic") or {}).get("DesiredSamplingPercentage")
    if parameters["Name"] != INDEXING_RULE:
        raise ResourceNotFoundError(f"There is no indexing rule {parameters['Name']}, only {INDEXING_RULE}.")
    if percentage is None or not 0 <= percentage <= 100:
        raise InvalidRequestError("DesiredSamplingPercentage must be from 0 to 100.")
    rule = _indexing_rule(percentage, int(store.clock()))
    store.records(KIND)["indexing"] = rule
    return {"IndexingRule": rule}


OPERATIONS: Final[Mapping[str, Operation]] = {
    "/TelemetryRecords": put_telemetry_records,
    "/EncryptionConfig": get_encryption_config,
    "/PutEncryptionConfig": put_encryption_config,
    "/GetTraceSegmentDestination": get_trace_segment_destination,
    "/UpdateTraceSegmentDestination": update_trace_segment_destination,
    "/GetIndexingRules": get_indexing_rules,
    "/UpdateIndexingRule": update_indexing_rule,
}


def _indexing_rule(percentage: float, modified_s: float) -> dict[str, Any]:
    shares = {"DesiredSamplingPercentage": percentage, "ActualSamplingPercentage": percentage}
    return {"Name": INDEXING_RULE, "ModifiedAt": modified_s, "Rule": {"Probabilistic": shares}}
