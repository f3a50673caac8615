"""Rows of resources: what a resource tells without saying it."""

import pytest

from raygate.enrich import resource
from raygate.span import Attributes, Resource

TASK = "arn:aws:ecs:eu-west-1:123456789012:task/prod/1"
CLUSTER = "arn:aws:eks:eu-west-1:123456789012:cluster/prod-eks"

ADDED: list[tuple[Attributes, Attributes]] = [
    ({"telemetry.sdk.language": "nodejs"}, {"telemetry.sdk.language": "javascript"}),
    ({"telemetry.sdk.language": "webjs"}, {"telemetry.sdk.language": "javascript"}),
    ({"faas.name": "orders"}, {"service.name": "orders"}),
    ({"k8s.pod.name": "shop-1", "k8s.deployment.name": "shop"}, {"service.name": "shop"}),
    ({"aws.ecs.task.arn": TASK, "cloud.platform": "aws_ecs"}, {"cloud.account.id": "123456789012"}),
    ({"aws.ecs.task.arn": TASK, "cloud.account.id": "1"}, {"cloud.platform": "aws_ecs"}),
    (
        {"aws.eks.cluster.arn": CLUSTER},
        {"cloud.platform": "aws_eks", "cloud.account.id": "123456789012", "k8s.cluster.name": "prod-eks"},
    ),
    (
        {"cloud.resource_id": "arn:aws-cn:apprunner:cn-north-1:123456789012:service/x"},
        {"cloud.platform": "aws_app_runner", "cloud.account.id": "123456789012"},
    ),
]


@pytest.mark.parametrize(("given", "added"), ADDED)
def test_a_row_adds_what_the_resource_tells(given: Attributes, added: Attributes) -> None:
    enriched = resource.apply(Resource(given, given, 3))
    assert enriched.attributes == {**given, **added}
    assert enriched.first is enriched.attributes
    assert enriched.dropped_attributes_count == 3


STILL: list[Attributes] = [
    {},
    {"service.name": "shop", "faas.name": "orders", "telemetry.sdk.language": "python"},
    {"service.name": "", "faas.name": "orders"},
    {"faas.name": 7},
    {"cloud.resource_id": "/subscriptions/x/resourceGroups/y", "service.name": "a"},
    {"cloud.resource_id": "arn:aws:s3:::bucket"},
    {"aws.eks.cluster.arn": "not an arn"},
]


@pytest.mark.parametrize("given", STILL)
def test_a_resource_that_tells_nothing_more_stays_the_same_object(given: Attributes) -> None:
    sent = Resource(given, given)
    assert resource.apply(sent) is sent


def test_repeated_keys_of_a_resource_both_stay() -> None:
    enriched = resource.apply(Resource({"faas.name": "b"}, {"faas.name": "a"}))
    assert enriched.attributes == {"faas.name": "b", "service.name": "b"}
    assert enriched.first == {"faas.name": "a", "service.name": "b"}


def test_the_rows_that_applied_are_named() -> None:
    used: list[str] = []
    resource.apply(Resource({"faas.name": "x", "telemetry.sdk.language": "webjs"}), used)
    assert used == ["resource-language", "resource-service-name"]
