"""What the template may never do: policies over its resources, whichever there are."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.project.template import TEMPLATE, resources

STATEFUL = {
    "AWS::S3::Bucket",
    "AWS::DynamoDB::Table",
    "AWS::SQS::Queue",
    "AWS::Logs::LogGroup",
    "AWS::Kinesis::Stream",
    "AWS::SNS::Topic",
}
"""What holds something when the stack goes."""
OPTIONAL = {"AWS::SNS::Topic"}
"""A topic holds nothing itself."""
WITHOUT_RESOURCE = ("xray:",)
"""Writes that have no resource form."""

ROWS = TEMPLATE["Resources"]


def found(value: Any, key: str) -> Iterator[dict[str, Any]]:
    """Every object within that has that key."""
    if isinstance(value, dict):
        if key in value:
            yield value
        for one in value.values():
            yield from found(one, key)
    elif isinstance(value, list):
        for one in value:
            yield from found(one, key)


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


STATEMENTS = {
    f"{name}-{number}": statement for name, row in ROWS.items() for number, statement in enumerate(found(row, "Effect"))
}
ALLOWING = {name: statement for name, statement in STATEMENTS.items() if statement["Effect"] == "Allow"}
ROLES = resources("AWS::IAM::Role")


def test_there_are_permissions_to_look_at():
    assert len(ALLOWING) > 10


@pytest.mark.parametrize("statement", ALLOWING.values(), ids=list(ALLOWING))
def test_a_permission_names_its_actions_and_its_resource(statement):
    actions = listed(statement["Action"])
    assert [action for action in actions if "*" in action] == []
    if "Principal" not in statement and "*" in listed(statement["Resource"]):
        assert all(action.startswith(WITHOUT_RESOURCE) for action in actions)


@pytest.mark.parametrize("statement", ALLOWING.values(), ids=list(ALLOWING))
def test_nobody_at_all_is_allowed_anything(statement):
    assert statement.get("Principal") not in ("*", {"AWS": "*"})


@pytest.mark.parametrize("name", ROLES)
def test_a_role_has_no_policy_of_somebody_else(name):
    assert "ManagedPolicyArns" not in ROLES[name]


@pytest.mark.parametrize("name", resources("AWS::Serverless::Function"))
def test_a_function_has_a_role_of_its_own(name):
    roles = [function.get("Role") for function in resources("AWS::Serverless::Function").values()]
    assert roles.count(resources("AWS::Serverless::Function")[name]["Role"]) == 1


@pytest.mark.parametrize("name", resources("AWS::Lambda::Permission"))
def test_who_may_invoke_is_one_source(name):
    permission = resources("AWS::Lambda::Permission")[name]
    assert permission.keys() & {"SourceArn", "FunctionUrlAuthType", "InvokedViaFunctionUrl"}


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if row["Type"] in STATEFUL - OPTIONAL])
def test_what_becomes_of_what_it_holds_is_said(name):
    assert {"DeletionPolicy", "UpdateReplacePolicy"} <= ROWS[name].keys()
    assert ROWS[name]["DeletionPolicy"] == ROWS[name]["UpdateReplacePolicy"]


@pytest.mark.parametrize("name", resources("AWS::S3::Bucket"))
def test_a_bucket_is_private_encrypted_and_cleared(name):
    bucket = resources("AWS::S3::Bucket")[name]
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    assert bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert bucket["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    assert all(rule["Status"] == "Enabled" for rule in bucket["LifecycleConfiguration"]["Rules"])


@pytest.mark.parametrize("name", resources("AWS::SQS::Queue"))
def test_a_queue_is_encrypted_and_forgets(name):
    queue = resources("AWS::SQS::Queue")[name]
    assert queue.get("SqsManagedSseEnabled") is True or "KmsMasterKeyId" in queue
    assert "MessageRetentionPeriod" in queue


@pytest.mark.parametrize("name", resources("AWS::DynamoDB::Table"))
def test_a_table_is_encrypted_and_can_be_restored(name):
    table = resources("AWS::DynamoDB::Table")[name]
    assert table["SSESpecification"]["SSEEnabled"] is True
    assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True


@pytest.mark.parametrize("kind", ["AWS::SQS::Queue", "AWS::S3::Bucket"])
def test_only_tls_reaches_what_is_kept(kind):
    policies = [*resources("AWS::SQS::QueuePolicy").values(), *resources("AWS::S3::BucketPolicy").values()]
    covered = [one["Ref"] for policy in policies for one in listed(policy.get("Queues") or policy.get("Bucket"))]
    denials = [
        statement
        for policy in policies
        for statement in found(policy, "Effect")
        if statement["Effect"] == "Deny" and statement.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}}
    ]
    assert set(resources(kind)) <= set(covered)
    assert len(denials) >= len(policies)
