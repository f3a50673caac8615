"""What a resource does not say and yet tells: settled from its own attributes, nothing else.

Takes   a resource as decoded.
Gives   the same one where nothing applies; else a new one. What it says itself stands, `telemetry.sdk.language` apart.
Source  OpenTelemetry resource conventions; AWS's ARN format; for the name of a service in Kubernetes, the order that
        OpenTelemetry's operator and the Kubernetes attributes conventions give.
"""

from raygate.enrich.row import ResourceRow, first_text
from raygate.span import Attributes, Resource

NAMES = (
    "faas.name",
    "k8s.deployment.name",
    "k8s.replicaset.name",
    "k8s.statefulset.name",
    "k8s.daemonset.name",
    "k8s.cronjob.name",
    "k8s.job.name",
    "k8s.pod.name",
    "k8s.container.name",
)

ARNS = (
    "cloud.resource_id",
    "faas.id",
    "aws.ecs.task.arn",
    "aws.ecs.container.arn",
    "aws.ecs.cluster.arn",
    "aws.eks.cluster.arn",
)

PLATFORMS = {
    "ecs": "aws_ecs",
    "eks": "aws_eks",
    "lambda": "aws_lambda",
    "apprunner": "aws_app_runner",
    "elasticbeanstalk": "aws_elastic_beanstalk",
    "ec2": "aws_ec2",
}
"""The service of an ARN → the platform that runs there."""

LANGUAGES = {"nodejs": "javascript", "webjs": "javascript"}


def _language(attributes: Attributes) -> Attributes | None:
    language = LANGUAGES.get(first_text(attributes, ("telemetry.sdk.language",)))
    return {"telemetry.sdk.language": language} if language else None


def _service_name(attributes: Attributes) -> Attributes | None:
    name = first_text(attributes, NAMES)
    return {"service.name": name} if name else None


def _platform(attributes: Attributes) -> Attributes | None:
    platform = next(filter(None, (PLATFORMS.get(service) for service, _ in _arns(attributes))), None)
    return {"cloud.platform": platform} if platform else None


def _account(attributes: Attributes) -> Attributes | None:
    account = next((account for _, account in _arns(attributes) if len(account) == 12 and account.isdigit()), "")
    return {"cloud.account.id": account} if account else None


def _cluster(attributes: Attributes) -> Attributes | None:
    _, _, name = first_text(attributes, ("aws.eks.cluster.arn",)).partition(":cluster/")
    return {"k8s.cluster.name": name} if name else None


def _arns(attributes: Attributes) -> list[tuple[str, str]]:
    """Service and account of each ARN."""
    parts = (first_text(attributes, (key,)).split(":", 5) for key in ARNS)
    return [(part[2], part[4]) for part in parts if len(part) == 6 and part[0] == "arn" and part[1].startswith("aws")]


ROWS = (
    ResourceRow(
        id="resource-language",
        reads=("telemetry.sdk.language",),
        writes=("telemetry.sdk.language",),
        when="it is `nodejs` or `webjs`; it is replaced by `javascript`",
        source="OpenTelemetry JS, for Node and browsers",
        effect="stack traces of JavaScript have frames. `aws.xray.sdk` reads `… for javascript`",
        change=_language,
    ),
    ResourceRow(
        id="resource-service-name",
        reads=NAMES,
        writes=("service.name",),
        unless=("service.name",),
        source="FaaS conventions; Kubernetes conventions, how a service gets its name",
        effect="`name` of server spans",
        change=_service_name,
    ),
    ResourceRow(
        id="resource-platform",
        reads=ARNS,
        writes=("cloud.platform",),
        unless=("cloud.platform",),
        when="one of them is an ARN",
        source="AWS's ARN format: the service is its third part",
        effect="`origin`; the block `aws.ecs`, `aws.eks`, `aws.elastic_beanstalk` or `aws.ec2`",
        change=_platform,
    ),
    ResourceRow(
        id="resource-account-id",
        reads=ARNS,
        writes=("cloud.account.id",),
        unless=("cloud.account.id",),
        when="one of them is an ARN with an account",
        source="AWS's ARN format: the account is its fifth part",
        effect="`aws.account_id`",
        change=_account,
    ),
    ResourceRow(
        id="resource-cluster-name",
        reads=("aws.eks.cluster.arn",),
        writes=("k8s.cluster.name",),
        unless=("k8s.cluster.name",),
        source="AWS EKS conventions",
        effect="`aws.eks.cluster_name`",
        change=_cluster,
    ),
)


def apply(resource: Resource, used: list[str] | None = None) -> Resource:
    """The resource with what the rows add; their ids are appended to `used`."""
    attributes = resource.attributes
    added: Attributes = {}
    for row in ROWS:
        if any(key in attributes for key in row.unless) or not any(key in attributes for key in row.reads):
            continue
        more = row.change(attributes)
        if more:
            added.update(more)
            if used is not None:
                used.append(row.id)
    if not added:
        return resource
    now = {**attributes, **added}
    first = now if resource.first is attributes else {**resource.first, **added}
    return Resource(now, first, resource.dropped_attributes_count)
