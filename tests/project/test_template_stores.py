"""Queue and bucket in `template.yaml`: private, encrypted, bounded; and who may do what with them."""

from typing import Any

import pytest

from raygate.keep.sqs import MOST_BYTES
from raygate.replay.events import OURS
from tests.project.template import TEMPLATE, resources

QUEUES = resources("AWS::SQS::Queue")
BUCKETS = resources("AWS::S3::Bucket")
ROLES = resources("AWS::IAM::Role")
DELIVER = TEMPLATE["Resources"]["DeliverFunction"]["Properties"]
MESSAGES = DELIVER["Events"]["Messages"]["Properties"]


def statements(role: str) -> list[dict[str, Any]]:
    policies = [policy["If"][1] if "If" in policy else policy for policy in ROLES[role]["Policies"]]
    return [statement for policy in policies for statement in policy["PolicyDocument"]["Statement"]]


def allowed(role: str, service: str) -> set[str]:
    """The actions of a service that a role may call."""
    actions = [one["Action"] for one in statements(role)]
    flat = [action for one in actions for action in ([one] if isinstance(one, str) else one)]
    return {action for action in flat if action.startswith(f"{service}:")}


@pytest.mark.parametrize("name", QUEUES)
def test_every_queue_is_encrypted_keeps_for_two_weeks_and_is_for_tls_only(name):
    assert QUEUES[name]["SqsManagedSseEnabled"] is True
    assert QUEUES[name]["MessageRetentionPeriod"] == 14 * 24 * 3600
    (policy,) = resources("AWS::SQS::QueuePolicy").values()
    assert {"Ref": name} in policy["Queues"]


def test_the_queue_takes_what_the_code_sends():
    assert QUEUES["Queue"]["MaximumMessageSize"] == QUEUES["DeadLetterQueue"]["MaximumMessageSize"] == MOST_BYTES


def test_a_message_is_hidden_six_times_as_long_as_a_worker_may_take():
    assert QUEUES["Queue"]["VisibilityTimeout"] >= 6 * DELIVER["Timeout"]


def test_what_was_tried_too_often_goes_to_the_dead_letters_and_the_worker_knows_when():
    policy = QUEUES["Queue"]["RedrivePolicy"]
    assert policy == {
        "deadLetterTargetArn": {"GetAtt": "DeadLetterQueue.Arn"},
        "maxReceiveCount": {"Ref": "MaxReceives"},
    }
    assert DELIVER["Environment"]["Variables"]["RAYGATE_MAX_RECEIVES"] == policy["maxReceiveCount"]


def test_tries_cover_hours_in_which_x_ray_is_away():
    assert TEMPLATE["Parameters"]["MaxReceives"]["Default"] * QUEUES["Queue"]["VisibilityTimeout"] >= 5 * 3600


def test_a_bad_message_costs_only_itself_and_workers_are_bounded():
    assert MESSAGES["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert MESSAGES["ScalingConfig"] == {"MaximumConcurrency": {"Ref": "DeliverConcurrency"}}
    assert MESSAGES["MaximumBatchingWindowInSeconds"] == {"Ref": "DeliverWindowSeconds"}


def test_the_bucket_is_private_encrypted_and_outlives_the_stack():
    (bucket,) = BUCKETS.values()
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert bucket["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    assert "BucketEncryption" in bucket
    assert TEMPLATE["Resources"]["Bucket"]["DeletionPolicy"] == "Retain"


def test_everything_in_the_bucket_expires():
    rules = BUCKETS["Bucket"]["LifecycleConfiguration"]["Rules"]
    assert {rule["Prefix"] for rule in rules} == set(OURS)
    assert all(rule["Status"] == "Enabled" for rule in rules)


def test_a_claim_outlives_its_message_in_both_queues():
    (claims,) = [rule for rule in BUCKETS["Bucket"]["LifecycleConfiguration"]["Rules"] if rule["Id"] == "Claims"]
    assert claims["ExpirationInDays"] * 24 * 3600 > 2 * QUEUES["Queue"]["MessageRetentionPeriod"]


@pytest.mark.parametrize("kind", ["AWS::SQS::QueuePolicy", "AWS::S3::BucketPolicy"])
def test_nothing_goes_there_in_plain_text(kind):
    (policy,) = resources(kind).values()
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert statement["Effect"] == "Deny"
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


@pytest.mark.parametrize(
    ("role", "sqs", "s3"),
    [
        ("IngestRole", {"SendMessage"}, {"PutObject"}),
        (
            "DeliverRole",
            {"SendMessage", "ReceiveMessage", "DeleteMessage", "GetQueueAttributes"},
            {"PutObject", "GetObject", "ListBucket"},
        ),
        (
            "ReplayRole",
            {"SendMessage", "ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility", "GetQueueAttributes"},
            {"PutObject", "GetObject", "DeleteObject", "ListBucket"},
        ),
    ],
)
def test_each_role_may_do_what_its_function_does_and_nothing_else(role, sqs, s3):
    assert allowed(role, "sqs") == {f"sqs:{action}" for action in sqs}
    assert allowed(role, "s3") == {f"s3:{action}" for action in s3}
    assert allowed(role, "xray") == {"xray:PutTraceSegments"}


@pytest.mark.parametrize("role", ROLES)
def test_only_x_ray_is_named_by_a_star(role):
    anywhere = [one["Action"] for one in statements(role) if one["Resource"] == "*"]
    assert anywhere == ["xray:PutTraceSegments"]


@pytest.mark.parametrize("role", ROLES)
def test_a_policy_is_one_statement(role):
    assert len(statements(role)) == len(ROLES[role]["Policies"])


def test_who_faces_the_internet_can_read_and_delete_nothing_that_is_kept():
    (keep,) = [one for one in statements("IngestRole") if "s3" in str(one["Action"])]
    assert keep["Action"] == "s3:PutObject"
    assert keep["Resource"] == [{"Sub": f"${{Bucket.Arn}}/{folder}/*"} for folder in ("parked", "archive", "claims")]


def test_dead_letters_come_back_by_themselves_unless_somebody_says_never():
    assert TEMPLATE["Parameters"]["ReplaySchedule"]["Default"] == "rate(1 hour)"
    rules = [row for row in TEMPLATE["Resources"].values() if row["Type"] == "AWS::Events::Rule"]
    assert [rule["Condition"] for rule in rules] == ["HasReplaySchedule"]


def test_an_event_that_the_replay_could_not_do_is_kept():
    replay = TEMPLATE["Resources"]["ReplayFunction"]["Properties"]
    destination = replay["EventInvokeConfig"]["DestinationConfig"]["OnFailure"]
    assert destination == {"Type": "SQS", "Destination": {"GetAtt": "FailedReplaysQueue.Arn"}}
