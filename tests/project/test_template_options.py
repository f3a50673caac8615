"""The optional parts of `template.yaml`, its throttles, and what every resource has."""

import json
from typing import Any

import pytest
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER  # type: ignore[import-untyped]

from raygate.deliver.budget import MOST_S
from tests.project.resolved import is_met, resolved
from tests.project.template import TEMPLATE, resources
from tests.project.tree import PROJECT

PARAMETERS = TEMPLATE["Parameters"]
RESOURCES: dict[str, dict[str, Any]] = TEMPLATE["Resources"]
API = {name for name, row in RESOURCES.items() if row["Type"].startswith("AWS::ApiGatewayV2::")}
DOMAIN = {"DomainName": "otlp.example.com", "CertificateArn": "arn"}

OF_SAM = {"AWS::Serverless::Function": "Globals", "AWS::Serverless::LayerVersion": None}
"""Types of SAM's: where their tags are; a layer has none."""
UNTAGGED = {"AWS::Serverless::LayerVersion", "AWS::CloudWatch::Dashboard"}
"""They hold nothing and cost nothing, or cannot be tagged in every partition."""


def there(**parameters: str) -> set[str]:
    """The resources of a stack with these parameters."""
    return {name for name, row in RESOURCES.items() if "Condition" not in row or is_met(row["Condition"], **parameters)}


# Every resource


def takes_tags(kind: str) -> bool:
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind).schema
    return "Tags" in schema["properties"]


@pytest.mark.parametrize("name", [name for name, row in RESOURCES.items() if row["Type"] not in {*OF_SAM, *UNTAGGED}])
def test_everything_that_can_be_tagged_is(name):
    row = RESOURCES[name]
    if takes_tags(row["Type"]):
        tags = row["Properties"]["Tags"]
        assert tags in ({"project": "raygate"}, [{"Key": "project", "Value": "raygate"}])
    else:
        assert "Tags" not in row["Properties"]


def test_functions_are_tagged_too():
    assert TEMPLATE["Globals"]["Function"]["Tags"] == {"project": "raygate"}


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_parameter_says_what_it_is_and_what_it_may_be(name):
    row = PARAMETERS[name]
    assert row["Description"].endswith(".")
    free = {"CorsAllowedOrigins", "CorsAllowedHeaders", "IndexedAttributes", "LogGroupNames", "PathPrefixes"}
    if name not in {*free, "RedactKeys", "TruststoreVersion"}:  # the settings check those, and say what is wrong
        assert row.keys() & {"AllowedValues", "AllowedPattern", "MinValue"}
    if "AllowedPattern" in row:
        assert "ConstraintDescription" in row


def test_every_parameter_is_used_and_every_condition():
    text = json.dumps({key: TEMPLATE[key] for key in ("Globals", "Conditions", "Resources", "Outputs", "Rules")})
    for name in PARAMETERS:
        assert f'{{"Ref": "{name}"}}' in text or f"${{{name}}}" in text, name
    for name in TEMPLATE["Conditions"]:
        assert text.count(f'"{name}"') > 1, name


@pytest.mark.parametrize("name", PARAMETERS)
def test_the_guide_or_the_settings_say_what_a_parameter_does(name):
    of_settings = {
        value["Ref"]
        for group in [TEMPLATE["Globals"], *resources("AWS::Serverless::Function").values()]
        for value in group.get("Function", group).get("Environment", {}).get("Variables", {}).values()
        if isinstance(value, dict)
    }
    assert name in of_settings or f"`{name}`" in (PROJECT / "docs" / "operating.md").read_text()


# Endpoint: API or the function's own address


def test_there_is_either_an_api_or_an_address_of_the_function():
    api, url = there(Endpoint="api"), there(Endpoint="function-url")
    optional = {"PreflightRoute", "HealthRoute", "JwtAuthorizer", "Domain", "DomainMapping"}
    assert api >= API - optional
    assert "IngestUrl" not in api
    assert not url & {*API, "GatewayMayInvoke", "AccessLogGroup"}
    assert "IngestUrl" in url


@pytest.mark.parametrize(("auth", "kind", "is_open"), [("keys", "NONE", True), ("iam", "AWS_IAM", False)])
def test_the_functions_address_is_open_only_where_the_function_checks_keys(auth, kind, is_open):
    given = {"Endpoint": "function-url", "Auth": auth, "ReplaySchedule": ""}
    assert resolved(RESOURCES["IngestUrl"]["Properties"], **given)["AuthType"] == kind
    permissions = there(**given) & set(resources("AWS::Lambda::Permission"))
    assert permissions == ({"AnybodyMayCallUrl", "AnybodyMayInvokeByUrl"} if is_open else set())


def test_senders_are_told_the_address_that_there_is():
    url = TEMPLATE["Outputs"]["Url"]["Value"]
    assert resolved(url) == "https://HttpApi.execute-api.AWS::Region.AWS::URLSuffix"
    assert resolved(url, **DOMAIN) == "https://otlp.example.com"
    assert resolved(url, Endpoint="function-url") == "IngestUrl.FunctionUrl"


# A domain, with or without mutual TLS


def test_a_domain_is_there_when_it_is_named_and_its_record_when_its_zone_is():
    assert not there() & {"Domain", "DomainMapping", "DomainRecord"}
    assert there(**DOMAIN) >= {"Domain", "DomainMapping"}
    assert "DomainRecord" in there(**DOMAIN, HostedZoneId="Z1")


def test_with_mutual_tls_there_is_no_way_around_it():
    given = {**DOMAIN, "TruststoreUri": "s3://trust/ca.pem"}
    domain = resolved(RESOURCES["Domain"]["Properties"], **given)
    assert domain["MutualTlsAuthentication"] == {"TruststoreUri": "s3://trust/ca.pem"}
    assert domain["DomainNameConfigurations"][0]["SecurityPolicy"] == "TLS_1_2"
    assert resolved(RESOURCES["HttpApi"]["Properties"], **given)["DisableExecuteApiEndpoint"] is True
    assert resolved(RESOURCES["HttpApi"]["Properties"], **DOMAIN)["DisableExecuteApiEndpoint"] is False
    assert "MutualTlsAuthentication" not in resolved(RESOURCES["Domain"]["Properties"], **DOMAIN)


@pytest.mark.parametrize(
    ("given", "needed"),
    [
        ("JwtIssuer", {"JwtIssuer", "JwtAudience", "Endpoint"}),
        ("DomainName", {"CertificateArn", "Endpoint"}),
        ("TruststoreUri", {"DomainName"}),
        ("HostedZoneId", {"DomainName"}),
    ],
)
def test_a_parameter_without_what_it_needs_is_refused_before_anything_is_made(given, needed):
    asserted = {
        name
        for rule in TEMPLATE["Rules"].values()
        if given in str(rule["RuleCondition"]) or given in str(rule["Assertions"])
        for assertion in rule["Assertions"]
        for name in PARAMETERS
        if f"'Ref': '{name}'" in str(assertion["Assert"])
    }
    assert asserted >= needed


# SnapStart and versions


@pytest.mark.parametrize(("chosen", "applied"), [("true", "PublishedVersions"), ("false", "None")])
def test_a_snapshot_is_taken_of_versions_when_it_is_wanted(chosen, applied):
    function = resolved(RESOURCES["IngestFunction"]["Properties"], SnapStart=chosen)
    assert function["SnapStart"] == {"ApplyOn": applied}
    assert function["AutoPublishAlias"] == "live"


def test_other_code_in_a_layer_is_another_version():
    assert RESOURCES["IngestFunction"]["Properties"]["AutoPublishAliasAllProperties"] is True
    assert all(layer["PublishLambdaVersion"] for layer in resources("AWS::Serverless::LayerVersion").values())


def test_who_calls_the_function_calls_its_alias():
    targets = [RESOURCES["IngestIntegration"]["Properties"]["IntegrationUri"]["Sub"][1]["Alias"]]
    targets += [RESOURCES[name]["Properties"]["FunctionName"] for name in ("GatewayMayInvoke", "AnybodyMayCallUrl")]
    assert targets == [{"Ref": "IngestFunction.Alias"}] * 3
    assert RESOURCES["IngestUrl"]["Properties"]["Qualifier"] == "live"


# Throttles


def test_the_api_says_429_before_lambda_has_no_instance_left():
    """A bucket of `burst` that is filled at `rate` lets that many through while the slowest request is there."""
    rate, burst, reserved = (
        PARAMETERS[name]["Default"] for name in ("ThrottlingRate", "ThrottlingBurst", "ReservedConcurrency")
    )
    assert burst + rate * MOST_S <= reserved
    route = RESOURCES["HttpApiStage"]["Properties"]["DefaultRouteSettings"]
    assert route["ThrottlingRateLimit"] == {"Ref": "ThrottlingRate"}
    assert route["ThrottlingBurstLimit"] == {"Ref": "ThrottlingBurst"}


def test_what_is_reserved_leaves_the_rest_of_a_fresh_account_alone():
    assert PARAMETERS["ReservedConcurrency"]["Default"] <= 1_000 - 100
    function = RESOURCES["IngestFunction"]["Properties"]
    assert resolved(function)["ReservedConcurrentExecutions"] == 500
    assert "ReservedConcurrentExecutions" not in resolved(function, ReservedConcurrency="0")


def test_the_access_log_holds_no_header_and_no_query():
    logged = RESOURCES["HttpApiStage"]["Properties"]["AccessLogSettings"]["Format"]
    assert all(json.loads(logged).values())
    for secret in ("header", "authorizer.claims", "routeKey.query", "querystring", "rawQueryString", "cookie"):
        assert secret not in logged
