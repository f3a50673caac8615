"""Every operation of X-Ray through boto3, its answer as botocore's model of the service has it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.unit.local_xray.documents import START_S, TRACE_ID, a_document, a_subsegment, a_trace_id, an_id, running

START = datetime.fromtimestamp(START_S, UTC) - timedelta(minutes=1)
END = START + timedelta(hours=1)
TIMES = {"StartTime": START, "EndTime": END}
INSIGHT = {"InsightId": "12345678-1234-4234-8234-123456789012"}
RULE = {
    "ResourceARN": "*",
    "Priority": 10,
    "FixedRate": 0.5,
    "ReservoirSize": 5,
    "ServiceName": "shop",
    "ServiceType": "*",
    "Host": "*",
    "HTTPMethod": "GET",
    "URLPath": "/*",
    "Version": 1,
}
DEFAULT_GROUP = "arn:aws:xray:us-east-1:000000000000:group/Default"
REPORT = {
    "RuleName": "shop",
    "ClientID": "0" * 24,
    "Timestamp": START,
    "RequestCount": 10,
    "SampledCount": 5,
    "BorrowCount": 1,
}
POLICY = {"PolicyName": "all", "PolicyDocument": '{"Statement": [{"Effect": "Allow"}]}'}
INDEXING = {"Name": "Default", "Rule": {"Probabilistic": {"DesiredSamplingPercentage": 2}}}

CALLS: list[tuple[str, dict[str, Any], str | None]] = [
    ("PutTraceSegments", {"TraceSegmentDocuments": ["{}", "["]}, "UnprocessedTraceSegments"),
    ("BatchGetTraces", {"TraceIds": [TRACE_ID, a_trace_id(9)]}, "Traces"),
    ("GetTraceSummaries", TIMES, "TraceSummaries"),
    ("GetTraceSummaries", TIMES | {"FilterExpression": 'service("shop") AND fault'}, "TraceSummaries"),
    ("GetServiceGraph", TIMES, "Services"),
    ("GetServiceGraph", TIMES | {"GroupName": "Default"}, "Services"),
    ("GetTraceGraph", {"TraceIds": [TRACE_ID]}, "Services"),
    ("GetTimeSeriesServiceStatistics", TIMES, "TimeSeriesServiceStatistics"),
    (
        "GetTimeSeriesServiceStatistics",
        TIMES | {"EntitySelectorExpression": 'service("shop")', "Period": 300},
        "TimeSeriesServiceStatistics",
    ),
    ("PutTelemetryRecords", {"TelemetryRecords": [{"Timestamp": START, "SegmentsSentCount": 1}]}, None),
    ("GetEncryptionConfig", {}, "EncryptionConfig"),
    ("PutEncryptionConfig", {"Type": "KMS", "KeyId": "alias/mine"}, "EncryptionConfig"),
    ("GetTraceSegmentDestination", {}, "Destination"),
    ("UpdateTraceSegmentDestination", {"Destination": "XRay"}, "Status"),
    ("GetIndexingRules", {}, "IndexingRules"),
    ("UpdateIndexingRule", INDEXING, "IndexingRule"),
    ("CreateSamplingRule", {"SamplingRule": RULE | {"RuleName": "shop"}}, "SamplingRuleRecord"),
    ("GetSamplingRules", {}, "SamplingRuleRecords"),
    ("UpdateSamplingRule", {"SamplingRuleUpdate": {"RuleName": "shop", "FixedRate": 0.1}}, "SamplingRuleRecord"),
    ("GetSamplingTargets", {"SamplingStatisticsDocuments": [REPORT]}, "SamplingTargetDocuments"),
    ("GetSamplingStatisticSummaries", {}, "SamplingStatisticSummaries"),
    ("DeleteSamplingRule", {"RuleName": "shop"}, "SamplingRuleRecord"),
    ("CreateGroup", {"GroupName": "broken", "FilterExpression": "fault"}, "Group"),
    ("GetGroup", {"GroupName": "broken"}, "Group"),
    ("GetGroups", {}, "Groups"),
    ("GetServiceGraph", TIMES | {"GroupName": "broken"}, "Services"),
    ("GetTraceSummaries", TIMES | {"FilterExpression": 'group.name = "broken"'}, "TraceSummaries"),
    ("UpdateGroup", {"GroupName": "broken", "FilterExpression": "error"}, "Group"),
    ("DeleteGroup", {"GroupName": "broken"}, None),
    ("TagResource", {"ResourceARN": DEFAULT_GROUP, "Tags": [{"Key": "a", "Value": "b"}]}, None),
    ("ListTagsForResource", {"ResourceARN": DEFAULT_GROUP}, "Tags"),
    ("UntagResource", {"ResourceARN": DEFAULT_GROUP, "TagKeys": ["a"]}, None),
    ("PutResourcePolicy", POLICY, "ResourcePolicy"),
    ("ListResourcePolicies", {}, "ResourcePolicies"),
    ("DeleteResourcePolicy", {"PolicyName": "all"}, None),
    ("GetInsightSummaries", TIMES, None),
    ("GetInsight", INSIGHT, "InvalidRequestException"),
    ("GetInsightEvents", INSIGHT, "InvalidRequestException"),
    ("GetInsightImpactGraph", INSIGHT | TIMES, "InvalidRequestException"),
    ("StartTraceRetrieval", TIMES | {"TraceIds": [TRACE_ID]}, "RetrievalToken"),
    ("ListRetrievedTraces", {"RetrievalToken": "{token}"}, "Traces"),
    ("GetRetrievedTracesGraph", {"RetrievalToken": "{token}"}, "Services"),
    ("CancelTraceRetrieval", {"RetrievalToken": "{token}"}, None),
]
"""The operation, what is asked, and what must not be empty in the answer, or the error."""


def documents():
    """A trace with all that an answer can tell of."""
    request = {"method": "GET", "url": "https://shop.test/cart", "user_agent": "curl", "client_ip": "10.0.0.1"}
    exception = {"id": an_id(99), "type": "Refused", "message": "no more"}
    aws = {"account_id": "111122223333", "ec2": {"instance_id": "i-1", "availability_zone": "eu-west-1a"}}
    queue = {"operation": "SendMessage", "queue_url": "https://sqs.test/1/orders"}
    return [
        a_document(
            1,
            origin="AWS::EC2::Instance",
            aws=aws,
            user="ada",
            fault=True,
            cause={"exceptions": [exception]},
            resource_arn="arn:aws:ec2:eu-west-1:1:instance/i-1",
            annotations={"paid": True, "items": 3, "coupon": "no"},
            http={"request": request, "response": {"status": 500}},
        ),
        a_subsegment(2, 1, name="SQS", namespace="aws", aws=queue, throttle=True, error=True),
        a_document(3, name="worker", parent_id=an_id(2), error=True),
        a_document(4, name="mail", trace_id=a_trace_id(4), links=[{"trace_id": TRACE_ID, "id": an_id(2)}]),
        a_document(5, name="begun", trace_id=a_trace_id(5), end_time=None, in_progress=True),
    ]


def test_every_operation_answers_as_the_services_model_has_it():
    token, called = "", set()
    with running() as xray:
        assert xray.put(*documents()) == []
        for name, given, wanted in CALLS:
            parameters = {key: token if value == "{token}" else value for key, value in given.items()}
            try:
                answer = xray.client._make_api_call(name, parameters)
            except ClientError as error:
                answer = {error.response["Error"]["Code"]: True}
            token = answer.get("RetrievalToken", token)
            assert wanted is None or answer.get(wanted), (name, given, answer)
            called.add(name)
        assert called == set(xray.client.meta.service_model.operation_names)


@pytest.mark.parametrize(
    "paginator",
    ["batch_get_traces", "get_trace_summaries", "get_service_graph", "get_trace_graph", "get_groups"],
)
def test_paginators_come_to_an_end(paginator):
    given = {
        "batch_get_traces": {"TraceIds": [TRACE_ID]},
        "get_trace_graph": {"TraceIds": [TRACE_ID]},
        "get_groups": {},
    }
    with running() as xray:
        xray.put(*documents())
        assert len(list(xray.client.get_paginator(paginator).paginate(**given.get(paginator, TIMES)))) == 1
