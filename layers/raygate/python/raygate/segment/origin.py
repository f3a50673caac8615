"""`origin`: what kind of AWS resource the service runs on.

Takes   the resource's attributes.
Gives   `AWS::EC2::Instance` and the like; `""` for another provider's, an unknown or no platform.
Source  xray-conversion.md, section 15.
"""

from raygate.segment.values import text
from raygate.span import Resource

PLATFORMS = {
    "aws_app_runner": "AWS::AppRunner::Service",
    "aws_eks": "AWS::EKS::Container",
    "aws_elastic_beanstalk": "AWS::ElasticBeanstalk::Environment",
    "aws_ec2": "AWS::EC2::Instance",
}

LAUNCH_TYPES = {"ec2": "AWS::ECS::EC2", "fargate": "AWS::ECS::Fargate"}


def build(resource: Resource) -> str:
    """The origin, or `""`."""
    attributes = resource.first
    if "cloud.provider" in attributes and attributes["cloud.provider"] != "aws":
        return ""
    platform = text(attributes, "cloud.platform")
    if platform == "aws_ecs":
        return LAUNCH_TYPES.get(text(attributes, "aws.ecs.launchtype"), "AWS::ECS::Container")
    return PLATFORMS.get(platform, "")
