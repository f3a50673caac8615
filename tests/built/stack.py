"""The template deployed to a fake: moto's CloudFormation on a socket, and the functions with what that gave them.

Gives   `translated`: the template that CloudFormation gets. `deployed_stack`: the stack, with its names; a function's
        environment is as CloudFormation has resolved it.
Note    moto has no API Gateway v2, aliases, alarms and policies of stores in its CloudFormation: `UNKNOWN` names what
        is left out. The gateway is ours, and the permissions have a test of their own.
"""

import io
import json
import subprocess
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import boto3
from botocore.config import Config
from moto.server import ThreadedMotoServer

from tests.project.tree import PROJECT

REGION: Final = "eu-west-1"
NAME: Final = "raygate"
UNKNOWN: Final = frozenset(
    {
        *("AWS::ApiGatewayV2::Api", "AWS::ApiGatewayV2::Stage", "AWS::ApiGatewayV2::Route"),
        *("AWS::ApiGatewayV2::Integration", "AWS::ApiGatewayV2::Authorizer", "AWS::ApiGatewayV2::DomainName"),
        *("AWS::ApiGatewayV2::ApiMapping", "AWS::Route53::RecordSet", "AWS::Lambda::Alias", "AWS::Lambda::Permission"),
        *(
            "AWS::Lambda::EventInvokeConfig",
            "AWS::Lambda::Url",
            "AWS::SQS::QueuePolicy",
            "AWS::S3::BucketPolicy",
            "AWS::SNS::TopicPolicy",
        ),
        *("AWS::CloudWatch::Alarm", "AWS::CloudWatch::Dashboard"),
    }
)
"""What moto cannot make of a template, or what refers to that."""


def translated(**parameters: str) -> dict[str, Any]:
    """The template as CloudFormation gets it."""
    command = [PROJECT / ".venv-sam" / "bin" / "python", PROJECT / "tests" / "built" / "translate.py"]
    done = subprocess.run(
        [*command, PROJECT / "template.yaml", json.dumps(parameters)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3_000:]
    template: dict[str, Any] = json.loads(done.stdout)
    return template


@dataclass
class Stack:
    """What was deployed, and where the fake listens."""

    url: str

    def client(self, service: str) -> Any:
        """boto3's, for the fake."""
        config = Config(retries={"total_max_attempts": 1})
        made: Any = boto3.session.Session()
        return made.client(service, endpoint_url=self.url, region_name=REGION, config=config)

    @cached_property
    def names(self) -> dict[str, str]:
        """Physical names by logical ones."""
        rows = self.client("cloudformation").list_stack_resources(StackName=NAME)["StackResourceSummaries"]
        return {row["LogicalResourceId"]: row.get("PhysicalResourceId", "") for row in rows}

    def environment(self, function: str) -> dict[str, str]:
        """The function's variables, and where AWS is."""
        found = self.client("lambda").get_function_configuration(FunctionName=self.names[function])
        given = found["Environment"]["Variables"].items()
        variables = {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in given}
        endpoints = {f"AWS_ENDPOINT_URL_{service}": self.url for service in ("SQS", "S3", "DYNAMODB", "XRAY")}
        return variables | endpoints | {"AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION}


@contextmanager
def deployed_stack(template: Mapping[str, Any]) -> Iterator[Stack]:
    """Deploy it, for a while."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    stack = Stack(f"http://{host}:{port}")
    try:
        _put_code(stack, template)
        known = {name: row for name, row in template["Resources"].items() if row["Type"] not in UNKNOWN}
        body = json.dumps({**template, "Resources": known, "Outputs": {}})
        stack.client("cloudformation").create_stack(StackName=NAME, TemplateBody=body)
        yield stack
    finally:
        boto3.client("cloudformation", endpoint_url=stack.url, region_name=REGION).delete_stack(StackName=NAME)
        server.stop()


def _put_code(stack: Stack, template: Mapping[str, Any]) -> None:
    s3 = stack.client("s3")
    s3.create_bucket(Bucket="artefacts", CreateBucketConfiguration={"LocationConstraint": REGION})
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("app.py", "")
    for row in template["Resources"].values():
        where = row["Properties"].get("Code") or row["Properties"].get("Content")
        if isinstance(where, dict) and "S3Key" in where:
            s3.put_object(Bucket=where["S3Bucket"], Key=where["S3Key"], Body=packed.getvalue())
