"""`aws`: on which resource the service runs, and which call of an AWS service a span is.

Takes   the resource's attributes for the resource's part, made once for all its spans; the span's for the call.
Gives   {"xray", "account_id", "ec2", "ecs", "eks", "elastic_beanstalk", "cloudwatch_logs"} and
        {"operation", "region", "request_id", "queue_url", "table_name", "table_names"}; only `xray` is always there.
Absent  when the resource is another cloud's. The span's attributes below are accounted for all the same.
Source  xray-conversion.md, section 14.
"""

import re
from typing import Any, TypeAlias

from raygate.repeated import pairs_of
from raygate.segment.values import text
from raygate.span import Attributes, Resource, Value

CallMembers: TypeAlias = tuple[tuple[str, str], ...]
"""Member and attribute."""

CALL_FIELDS = {
    "operation": ("aws.operation", "rpc.method"),
    "account_id": ("aws.account_id",),
    "region": ("aws.region",),
    "request_id": ("aws.request_id", "aws.requestId"),
    "queue_url": ("messaging.url", "aws.queue_url", "aws.queue.url"),
    "table_name": ("aws.table_name", "aws.table.name"),
}
"""Of each member the attributes that give it: the first that is there at all decides, even if that one is empty."""

TABLES = "aws.dynamodb.table_names"

READ_ONLY = frozenset({"messaging.url", TABLES})
"""Used, and kept in metadata as well."""

OF_A_CALL = frozenset(key for keys in CALL_FIELDS.values() for key in keys) | READ_ONLY

CONSUMED = OF_A_CALL - READ_ONLY

CALL_MEMBERS = (*CALL_FIELDS, "table_names")
"""What belongs to the call and not to the resource; the service segment of a split span has none of it."""

EC2_FIELDS = {
    "instance_id": "host.id",
    "availability_zone": "cloud.availability_zone",
    "instance_size": "host.type",
    "ami_id": "host.image.id",
}

ECS_FIELDS = {
    "container_id": "container.id",
    "task_arn": "aws.ecs.task.arn",
    "task_family": "aws.ecs.task.family",
    "cluster_arn": "aws.ecs.cluster.arn",
    "container_arn": "aws.ecs.container.arn",
    "availability_zone": "cloud.availability_zone",
    "launch_type": "aws.ecs.launchtype",
}

EKS_FIELDS = {"cluster_name": "k8s.cluster.name", "pod": "k8s.pod.name", "container_id": "container.id"}

ARN_PARTS_BEFORE_GROUP = 6
MOST_LOG_GROUPS = 4_000
"""No document has room for more, and each document of a resource would repeat them."""
MAX_INT64 = 2**63 - 1


def of_resource(resource: Resource, log_group_names: tuple[str, ...]) -> dict[str, Any] | None:
    """The part that is the same for all spans of a resource; None for another cloud's."""
    attributes = resource.attributes
    if text(attributes, "cloud.provider") not in ("", "aws"):
        return None
    platform = text(attributes, "cloud.platform")
    block: dict[str, Any] = {"xray": _xray(attributes)}
    if account_id := text(attributes, "cloud.account.id"):
        block["account_id"] = account_id
    if platform == "aws_ec2" or text(attributes, "host.id"):
        block["ec2"] = _or_null(attributes, EC2_FIELDS)
    if platform == "aws_ecs":
        block["ecs"] = {member: found for member, key in ECS_FIELDS.items() if (found := text(attributes, key))}
        if container := _container(resource):
            block["ecs"]["container"] = container
    if platform == "aws_elastic_beanstalk" and text(attributes, "service.instance.id"):
        block["elastic_beanstalk"] = _elastic_beanstalk(attributes)
    if platform == "aws_eks" or text(attributes, "k8s.cluster.name"):
        block["eks"] = _or_null(attributes, EKS_FIELDS)
    if logs := _cloudwatch_logs(attributes, log_group_names):
        block["cloudwatch_logs"] = logs
    return block


def call_members(keys: frozenset[str]) -> CallMembers | None:
    """The attribute that gives each member; None when none of them speaks of a call of AWS."""
    if OF_A_CALL.isdisjoint(keys):
        return None
    present = ((member, [key for key in fields if key in keys]) for member, fields in CALL_FIELDS.items())
    return tuple((member, there[0]) for member, there in present if there)


def of_call(attributes: Attributes, members: CallMembers, of_the_resource: dict[str, Any]) -> dict[str, Any]:
    """The whole block of a span that says something of AWS."""
    block = dict(of_the_resource)
    for member, key in members:
        value = attributes[key]
        if type(value) is str and value:
            block[member] = value
        elif member == "account_id" and value is not None:
            block.pop(member, None)  # the span's own counts, whatever it is
    for member, tables in _dynamodb_tables(attributes.get(TABLES)).items():
        block.pop(member, None)
        if tables:
            block[member] = tables
    return block


def _dynamodb_tables(names: Value) -> dict[str, Any]:
    if isinstance(names, str):
        return {"table_name": names}
    if not isinstance(names, list) or not names:
        return {}
    tables = [name if isinstance(name, str) else "" for name in names]
    return {"table_name": tables[0]} if len(tables) == 1 else {"table_name": "", "table_names": tables}


def _xray(attributes: Attributes) -> dict[str, Any]:
    name, language = text(attributes, "telemetry.sdk.name"), text(attributes, "telemetry.sdk.language")
    versions = [
        text(attributes, key) for key in attributes if key in ("telemetry.auto.version", "telemetry.distro.version")
    ]
    block: dict[str, Any] = {"auto_instrumentation": bool(versions and versions[-1])}
    if name:
        block["sdk"] = f"{name} for {language}" if language else name
    if version := text(attributes, "telemetry.sdk.version"):
        block["sdk_version"] = version
    return block


def _container(resource: Resource) -> str:
    """The first name that says something, where the others are the last ones."""
    pairs = pairs_of(resource.attributes, resource.first)
    return next((value for key, value in pairs if key == "container.name" and isinstance(value, str) and value), "")


def _or_null(attributes: Attributes, fields: dict[str, str]) -> dict[str, str | None]:
    return {member: text(attributes, key) or None for member, key in fields.items()}


def _elastic_beanstalk(attributes: Attributes) -> dict[str, Any]:
    digits = re.fullmatch(r"(?P<sign>[+-]?)0*(?P<size>[0-9]{1,19})", text(attributes, "service.instance.id"))
    number = int(digits["sign"] + digits["size"]) if digits else 0
    return {
        "environment_name": text(attributes, "service.namespace") or None,
        "version_label": text(attributes, "service.version") or None,
        "deployment_id": number if -MAX_INT64 - 1 <= number <= MAX_INT64 else 0,
    }


def _cloudwatch_logs(attributes: Attributes, configured: tuple[str, ...]) -> list[dict[str, Any]]:
    if arns := _names(attributes.get("aws.log.group.arns")):
        return [_log_group(arn) for arn in arns[:MOST_LOG_GROUPS]]
    names = _names(attributes.get("aws.log.group.names")) or list(configured)
    return [{"log_group": name or None} for name in names[:MOST_LOG_GROUPS]]


def _names(value: Value) -> list[str]:
    if isinstance(value, str):
        return [part for part in value.split("&") if part]
    if isinstance(value, list):
        return [item if isinstance(item, str) else "" for item in value]
    return []


def _log_group(arn: str) -> dict[str, Any]:
    parts = arn.split(":")
    group = parts[ARN_PARTS_BEFORE_GROUP] if len(parts) > ARN_PARTS_BEFORE_GROUP else arn
    return {"log_group": group or None} | ({"arn": arn} if arn else {})
