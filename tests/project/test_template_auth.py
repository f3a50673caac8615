"""Who may send, in `template.yaml`: what the gateway checks in each mode, what the function may do to check keys."""

import pytest

from raygate.settings import Settings
from tests.project.template import TEMPLATE, resources

MODES = TEMPLATE["Parameters"]["Auth"]["AllowedValues"]
ROUTES = resources("AWS::ApiGatewayV2::Route")
AUTHORIZATION = {"keys": "NONE", "iam": "AWS_IAM", "jwt": "JWT"}


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_is_one_that_the_settings_know(mode):
    assert Settings.from_environ({"RAYGATE_AUTH": mode}).auth == mode


@pytest.mark.parametrize("mode", MODES)
def test_the_gateway_checks_what_the_function_does_not(mode):
    assert TEMPLATE["Mappings"]["Gateway"][mode] == {"AuthorizationType": AUTHORIZATION[mode]}
    assert ROUTES["DefaultRoute"]["RouteKey"] == "$default"
    chosen = {"FindInMap": ["Gateway", {"Ref": "Auth"}, "AuthorizationType"]}
    assert ROUTES["DefaultRoute"]["AuthorizationType"] == chosen


def test_only_preflights_and_the_health_check_go_past_the_gateways_check():
    open_routes = {name: route for name, route in ROUTES.items() if route["AuthorizationType"] == "NONE"}
    assert {route["RouteKey"] for route in open_routes.values()} == {"OPTIONS /{proxy+}", "ANY /health"}
    assert {TEMPLATE["Resources"][name]["Condition"] for name in open_routes} == {"GatewayChecks"}


def test_the_gateway_leaves_cors_to_the_function():
    assert all("CorsConfiguration" not in api for api in resources("AWS::ApiGatewayV2::Api").values())


def test_the_table_is_encrypted_recoverable_and_outlives_the_stack():
    table = TEMPLATE["Resources"]["KeysTable"]
    assert (table["DeletionPolicy"], table["UpdateReplacePolicy"]) == ("Retain", "Retain")
    properties = table["Properties"]
    assert properties["KeySchema"] == [{"AttributeName": "hash", "KeyType": "HASH"}]
    assert properties["BillingMode"] == "PAY_PER_REQUEST"
    assert properties["SSESpecification"] == {"SSEEnabled": True}
    assert properties["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}


def test_the_function_may_only_look_up_one_key_and_only_when_it_checks_keys():
    roles = resources("AWS::IAM::Role")
    asked = [policy for role in roles.values() for policy in role["Policies"] if "dynamodb" in str(policy)]
    assert asked[0] in roles["IngestRole"]["Policies"]
    (condition, policy, otherwise) = asked[0]["If"]
    assert len(asked) == 1
    assert (condition, otherwise) == ("UsesKeys", {"Ref": "AWS::NoValue"})
    expected = {"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": {"GetAtt": "KeysTable.Arn"}}
    assert policy["PolicyDocument"]["Statement"] == [expected]
