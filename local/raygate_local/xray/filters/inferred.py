"""The service behind a call, when only the call is known: X-Ray draws it all the same.

Takes   a subsegment with the namespace `aws` or `remote`.
Gives   the name and the type of what it calls. `is_drawn`: whether that is a service by itself.
Rules   A queue is one even if who reads from it is known: then the way goes through it.
Source  X-Ray developer guide, "Segment documents": inferred segments, `namespace`, `sql`, `aws`.
"""

from collections.abc import Mapping
from typing import Final

from raygate_local.xray.filters.nodes import Node
from raygate_local.xray.rules import Document

RESOURCES: Final[Mapping[str, tuple[str, str]]] = {
    "DynamoDB": ("table_name", "AWS::DynamoDB::Table"),
    "SQS": ("queue_url", "AWS::SQS::Queue"),
    "SNS": ("topic_arn", "AWS::SNS::Topic"),
    "S3": ("bucket_name", "AWS::S3::Bucket"),
    "Lambda": ("function_name", "AWS::Lambda"),
}
"""Of some of AWS's services a call names the resource, and that is the node."""

QUEUES: Final = frozenset(
    {"AWS::SQS", "AWS::SQS::Queue", "AWS::SNS", "AWS::SNS::Topic", "AWS::Kinesis", "AWS::Events", "AWS::EventBridge"}
)


def is_drawn(node: Node) -> bool:
    """Whether what it calls is known from it alone, or is a queue."""
    return node.is_inferred or (node.is_call and inferred_service(node.document)[1] in QUEUES)


def inferred_service(document: Document) -> tuple[str, str]:
    """Its name and its type."""
    name = str(document["name"])
    if document.get("namespace") != "aws":
        return name, "Database::SQL" if document.get("sql") else "remote"
    member, kind = RESOURCES.get(name, ("", f"AWS::{name}"))
    aws = document.get("aws")
    resource = aws.get(member) if isinstance(aws, dict) else None
    return (resource, kind) if isinstance(resource, str) and resource else (name, f"AWS::{name}")
