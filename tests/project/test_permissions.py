"""Each function may do what it does and nothing else: its role beside the calls that botocore made for it."""

from typing import Any

import pytest

from tests.aws.recorded import LED, Grant, calls_of
from tests.project.resolved import resolved
from tests.project.template import TEMPLATE, resources

FUNCTIONS = resources("AWS::Serverless::Function")
LOGS = ("logs:CreateLogStream", "logs:PutLogEvents")

BY_LAMBDA: dict[str, set[Grant]] = {
    "IngestFunction": {(action, "IngestLogGroup.Arn") for action in LOGS},
    "DeliverFunction": {
        *((action, "DeliverLogGroup.Arn") for action in LOGS),
        *((f"sqs:{action}", "Queue.Arn") for action in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")),
    },
    "ReplayFunction": {
        *((action, "ReplayLogGroup.Arn") for action in LOGS),
        ("sqs:SendMessage", "FailedReplaysQueue.Arn"),
    },
}
"""What Lambda itself does in the function's name: its log, the messages that it brings, the event that failed."""

UNSAID: dict[str, set[Grant]] = {"DeliverFunction": {("s3:ListBucket", "Bucket.Arn")}}
"""What no call asks for: without it S3 says of an object that is not there that it is forbidden."""


def allowed(function: str, **parameters: str) -> list[Grant]:
    """What its role allows, statement by statement."""
    role = TEMPLATE["Resources"][FUNCTIONS[function]["Role"]["GetAtt"].partition(".")[0]]
    policies = resolved(role["Properties"]["Policies"], **parameters)
    statements = [one for policy in policies for one in policy["PolicyDocument"]["Statement"]]
    assert all(one["Effect"] == "Allow" for one in statements)
    return [
        (action, place) for one in statements for action in listed(one["Action"]) for place in listed(one["Resource"])
    ]


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_every_function_is_led_through_its_branches():
    assert set(LED) == set(FUNCTIONS)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_may_do_what_it_does_and_nothing_else(function):
    expected = calls_of(function) | BY_LAMBDA[function] | UNSAID.get(function, set())
    assert set(allowed(function)) == expected


@pytest.mark.parametrize("function", FUNCTIONS)
def test_nothing_is_allowed_twice(function):
    grants = allowed(function)
    assert sorted(grants) == sorted(set(grants))


@pytest.mark.parametrize("auth", ["iam", "jwt"])
def test_the_table_of_keys_is_read_only_where_keys_are_checked(auth):
    lost = set(allowed("IngestFunction")) - set(allowed("IngestFunction", Auth=auth))
    assert lost == {("dynamodb:GetItem", "KeysTable.Arn")}
