"""The local X-Ray through boto3, over a real port."""

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError
from botocore.session import Session

from raygate_local.xray import operations, preparing
from raygate_local.xray.calls import documents, retrieval
from raygate_local.xray.calls import summaries as summaries_call
from tests.unit.local_xray.documents import (
    START_S,
    TRACE_ID,
    a_document,
    a_subsegment,
    a_trace_id,
    an_id,
    running,
)

START = datetime.fromtimestamp(START_S, UTC)
HOUR = timedelta(hours=1)
DEFAULT_RULE = "arn:aws:xray:us-east-1:000000000000:sampling-rule/Default"


@pytest.fixture(scope="module")
def server():
    with running() as one:
        yield one


@pytest.fixture
def xray(server):
    server.store.clear()
    return server


def summaries(xray, start=START - HOUR, end=START + HOUR, **more):
    pages = xray.client.get_paginator("get_trace_summaries").paginate(StartTime=start, EndTime=end, **more)
    return [one for page in pages for one in page["TraceSummaries"]]


def code_of(call, **parameters):
    with pytest.raises(ClientError) as error:
        call(**parameters)
    return error.value.response["ResponseMetadata"]["HTTPStatusCode"], error.value.response["Error"]["Code"]


def test_documents_come_back_as_they_were_put(xray):
    documents = [a_document(1, end_time=START_S + 2), a_subsegment(2, 1, end_time=START_S + 2.5)]
    assert xray.put(*documents) == []
    (trace,) = xray.client.batch_get_traces(TraceIds=[TRACE_ID])["Traces"]
    assert (trace["Id"], trace["Duration"], trace["LimitExceeded"]) == (TRACE_ID, 2.5, False)
    assert [(one["Id"], json.loads(one["Document"])) for one in trace["Segments"]] == [
        (one["id"], one) for one in documents
    ]


def test_a_refused_document_does_not_keep_the_others_away(xray):
    (refused,) = xray.put(a_document(1), a_document(2, trace_id="1-2-3"), a_document(3))
    assert (refused["Id"], refused["ErrorCode"]) == (an_id(2), "InvalidTraceId")
    (trace,) = xray.client.batch_get_traces(TraceIds=[TRACE_ID])["Traces"]
    assert [one["Id"] for one in trace["Segments"]] == [an_id(1), an_id(3)]


def test_traces_that_are_not_there_are_said_to_be_unprocessed(xray):
    xray.put(a_document())
    answer = xray.client.batch_get_traces(TraceIds=[a_trace_id(1), TRACE_ID])
    assert ([one["Id"] for one in answer["Traces"]], answer["UnprocessedTraceIds"]) == ([TRACE_ID], [a_trace_id(1)])


def test_traces_come_in_pages(xray, monkeypatch):
    monkeypatch.setattr(documents, "PAGE_DOCUMENTS", 2)
    xray.put(*(a_document(number, trace_id=a_trace_id(number % 5)) for number in range(15)))
    wanted = [a_trace_id(number) for number in range(5)]
    pages = list(xray.client.get_paginator("batch_get_traces").paginate(TraceIds=wanted))
    assert [[(one["Id"], len(one["Segments"])) for one in page["Traces"]] for page in pages] == [
        [(trace_id, 3)] for trace_id in wanted
    ]


def test_summaries_come_in_pages_by_start(xray, monkeypatch):
    monkeypatch.setattr(summaries_call, "PAGE_SUMMARIES", 3)
    xray.put(*(a_document(1, trace_id=a_trace_id(number), start_time=START_S - number) for number in range(8)))
    assert [one["Id"] for one in summaries(xray)] == [a_trace_id(number) for number in range(7, -1, -1)]


def test_a_summary_tells_of_all_documents_of_a_trace(xray):
    entry = a_document(
        1,
        end_time=START_S + 2,
        user="ada",
        origin="AWS::ECS::Container",
        annotations={"paid": True, "items": 3, "coupon": "no"},
        aws={"account_id": "111122223333", "ec2": {"instance_id": "i-1", "availability_zone": None}},
        http={
            "request": {
                "method": "GET",
                "url": "https://shop.test/cart",
                "user_agent": "curl",
                "client_ip": "10.0.0.1",
            },
            "response": {"status": 500, "content_length": 0},
        },
        fault=True,
        error=False,
    )
    call = a_subsegment(2, 1, namespace="aws", throttle=True, annotations={"items": 4})
    callee = a_document(3, name="billing", parent_id=an_id(2), end_time=START_S + 3, annotations={"items": 3})
    xray.put(entry, call, callee)
    (found,) = summaries(xray)
    shop = {"Name": "shop", "Names": ["shop"], "AccountId": "111122223333", "Type": "AWS::ECS::Container"}
    billing = {"Name": "billing", "Names": ["billing"]}
    items = [
        {"AnnotationValue": {"NumberValue": 3.0}, "ServiceIds": [shop, billing]},
        {"AnnotationValue": {"NumberValue": 4.0}, "ServiceIds": [shop]},
    ]
    assert found == {
        "Id": TRACE_ID,
        "StartTime": found["StartTime"],
        "Duration": 3.0,
        "ResponseTime": 2.0,
        "HasFault": True,
        "HasError": False,
        "HasThrottle": True,
        "IsPartial": False,
        "Http": {
            "HttpURL": "https://shop.test/cart",
            "HttpStatus": 500,
            "HttpMethod": "GET",
            "UserAgent": "curl",
            "ClientIp": "10.0.0.1",
        },
        "Annotations": {
            "paid": [{"AnnotationValue": {"BooleanValue": True}, "ServiceIds": [shop]}],
            "coupon": [{"AnnotationValue": {"StringValue": "no"}, "ServiceIds": [shop]}],
            "items": items,
        },
        "Users": [{"UserName": "ada", "ServiceIds": [shop]}],
        "ServiceIds": [shop, billing],
        "ResourceARNs": [],
        "InstanceIds": [{"Id": "i-1"}],
        "AvailabilityZones": [],
        "EntryPoint": shop,
        "Revision": 3,
        "FaultRootCauses": found["FaultRootCauses"],
        "ResponseTimeRootCauses": found["ResponseTimeRootCauses"],
    }
    assert found["StartTime"].timestamp() == START_S


@pytest.mark.parametrize(
    ("start", "end", "is_found"),
    [
        (START - HOUR, START + HOUR, True),
        (START, START, True),
        (START - HOUR, START - timedelta(seconds=1), False),
        (START + timedelta(seconds=1), START + HOUR, False),
    ],
)
def test_a_summary_is_given_for_the_time_in_which_a_trace_starts(xray, start, end, is_found):
    xray.put(a_document(start_time=START_S + 0.4, end_time=START_S + 60))
    assert bool(summaries(xray, start, end)) == is_found


def test_a_trace_is_found_by_its_ends_and_by_its_arrival(xray):
    xray.put(a_document(end_time=START_S + 60))
    end, now = START + timedelta(seconds=60), datetime.now(UTC)
    assert summaries(xray, end, end, TimeRangeType="Service")
    assert not summaries(xray, end, end, TimeRangeType="TraceId")
    assert summaries(xray, now - HOUR, now, TimeRangeType="Event")


def test_a_trace_in_progress_is_partial(xray):
    xray.put(a_document(end_time=None, in_progress=True))
    assert [(one["IsPartial"], one["Duration"]) for one in summaries(xray)] == [(True, 0.0)]


def test_a_call_that_is_not_as_it_should_be_is_refused_as_a_whole(xray):
    client = xray.client
    assert {
        code_of(client.put_trace_segments, TraceSegmentDocuments=["{}"] * 51),
        code_of(client.batch_get_traces, TraceIds=[a_trace_id(number) for number in range(6)]),
        code_of(client.batch_get_traces, TraceIds=[TRACE_ID], NextToken="mine"),
        code_of(client.get_trace_summaries, StartTime=START, EndTime=START - HOUR),
        code_of(client.get_trace_summaries, StartTime=START, EndTime=START, NextToken="bm8="),
        code_of(client.get_trace_summaries, StartTime=START, EndTime=START, FilterExpression="fault ="),
        code_of(client.get_trace_summaries, StartTime=START, EndTime=START, TimeRangeType="Never"),
        code_of(client.get_time_series_service_statistics, StartTime=START, EndTime=START, Period=61),
    } == {(400, "InvalidRequestException")}


MODEL = Session().get_service_model("xray")
BY_PATH = {one.http["requestUri"]: one for one in map(MODEL.operation_model, MODEL.operation_names)}
NEEDS_NOTHING = frozenset(
    path for path, one in BY_PATH.items() if not one.input_shape or not one.input_shape.required_members
)


@pytest.mark.parametrize("path", operations.OPERATIONS)
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'"x"', b'{"TraceIds": ["\\ud800"]}', b"\xff"])
def test_a_body_that_is_not_a_request_is_refused(xray, body, path):
    if body in (b"", b"{}") and path in NEEDS_NOTHING:
        return
    answer = requests.post(f"{xray.url}{path}", data=body, timeout=30)
    assert (answer.status_code, answer.headers["x-amzn-errortype"]) == (400, "InvalidRequestException")
    assert answer.json()["Message"]


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("/Traces", {}, "TraceIds is missing."),
        ("/Traces", {"TraceIds": "x"}, "TraceIds must be a list."),
        ("/Traces", {"TraceIds": [1]}, "A member of TraceIds must be a string."),
        ("/Traces", {"TraceIds": ["x" * 36]}, "A member of TraceIds has 36 characters, more than 35."),
        ("/TraceSummaries", {"StartTime": "now", "EndTime": 1}, "StartTime must be a number of seconds since 1970."),
        ("/TraceSummaries", {"StartTime": 1, "EndTime": 1e300}, "EndTime must be a number of seconds since 1970."),
        ("/TraceSummaries", {"StartTime": 1, "EndTime": 2, "Sampling": 1}, "Sampling must be true or false."),
        (
            "/TraceSummaries",
            {"StartTime": 1, "EndTime": 2, "TimeRangeType": "x"},
            "TimeRangeType must be one of TraceId, Event, Service.",
        ),
        ("/SamplingTargets", {"SamplingStatisticsDocuments": [{}]}, "RuleName is missing."),
        ("/Insight", {"InsightId": "mine"}, "InsightId must have the form"),
        ("/TagResource", {"ResourceARN": "a", "Tags": {}}, "Tags must be a list."),
        ("/PutEncryptionConfig", {"Type": "KMS"}, "KeyId is for the Type KMS, and needed there."),
        ("/UpdateIndexingRule", {"Name": "Default", "Rule": []}, "Rule must be an object."),
    ],
)
def test_what_is_wrong_with_a_request_is_said(xray, path, body, said):
    answer = requests.post(f"{xray.url}{path}", json=body, timeout=30)
    assert (answer.status_code, answer.headers["x-amzn-errortype"]) == (400, "InvalidRequestException")
    assert answer.json()["Message"].startswith(said)


def test_every_operation_of_the_service_is_here():
    assert set(operations.OPERATIONS) == set(BY_PATH)


def test_what_is_no_operation_is_said_to_be_unknown(xray):
    answer = requests.post(f"{xray.url}/NoSuchThing", data=b"{}", timeout=30)
    assert (answer.status_code, answer.headers["x-amzn-errortype"]) == (404, "UnknownOperationException")


def test_traces_are_looked_into_when_others_come_after_they_have_been_quiet(monkeypatch):
    monkeypatch.setattr(preparing, "QUIET_S", -60.0)
    with running() as xray:
        xray.put(a_document())
        until = time.monotonic() + 60
        while not known(xray.store) and time.monotonic() < until:
            time.sleep(0.01)
        assert known(xray.store) == 1


def known(store):
    with store._database.reading() as file:
        return file.execute("SELECT count(*) FROM abouts").fetchone()[0]


def test_a_filter_chooses_the_summaries(xray):
    xray.put(
        a_document(1, trace_id=a_trace_id(1), fault=True),
        a_document(1, trace_id=a_trace_id(2), annotations={"paid": True}),
        a_document(1, trace_id=a_trace_id(3)),
    )
    assert [one["Id"] for one in summaries(xray, FilterExpression="fault")] == [a_trace_id(1)]
    assert [one["Id"] for one in summaries(xray, FilterExpression="annotation[paid] = true")] == [a_trace_id(2)]
    assert len(summaries(xray, FilterExpression=" ")) == 3


def test_a_filter_that_cannot_be_read_is_refused_with_the_column(xray):
    with pytest.raises(ClientError, match=r"column 9") as error:
        xray.client.get_trace_summaries(StartTime=START, EndTime=START, FilterExpression="fault = = true")
    assert error.value.response["Error"]["Code"] == "InvalidRequestException"


def test_pages_of_a_filter_hold_every_match_once(xray, monkeypatch):
    monkeypatch.setattr(summaries_call, "PAGE_SUMMARIES", 3)
    xray.put(*(a_document(1, trace_id=a_trace_id(number), fault=number % 2 == 0) for number in range(20)))
    found = [one["Id"] for one in summaries(xray, FilterExpression="fault")]
    assert found == [a_trace_id(number) for number in range(0, 20, 2)]


def test_sampling_gives_a_share_and_always_the_same(xray):
    for first in range(0, 200, 50):
        xray.put(*(a_document(1, trace_id=a_trace_id(number)) for number in range(first, first + 50)))
    everything = {one["Id"] for one in summaries(xray, Sampling=True)}
    strategy = {"Sampling": True, "SamplingStrategy": {"Name": "FixedRate", "Value": 0.25}}
    some, again = ({one["Id"] for one in summaries(xray, **strategy)} for _ in range(2))
    assert len(everything) == 200
    assert some == again
    assert 10 < len(some) < 120
    assert not summaries(xray, Sampling=True, SamplingStrategy={"Name": "FixedRate", "Value": 0})


def test_a_trace_above_the_services_limit_says_so(xray):
    texts = {"default": {"text": "x" * 60_000}}
    xray.put(*(a_document(number, metadata=texts) for number in range(8)))
    assert xray.client.batch_get_traces(TraceIds=[TRACE_ID])["Traces"][0]["LimitExceeded"] is False
    xray.put(a_document(9, metadata=texts))
    assert xray.client.batch_get_traces(TraceIds=[TRACE_ID])["Traces"][0]["LimitExceeded"] is True


def test_traces_are_retrieved_in_two_steps(xray, monkeypatch):
    monkeypatch.setattr(retrieval, "MOST_SPANS", 2)
    monkeypatch.setattr(retrieval, "PAGE_TRACES", 1)
    client = xray.client
    xray.put(*(a_document(number) for number in range(3)), a_document(4, trace_id=a_trace_id(4)))
    wanted = [TRACE_ID, a_trace_id(9), a_trace_id(4)]
    token = client.start_trace_retrieval(TraceIds=wanted, StartTime=START, EndTime=START)["RetrievalToken"]
    parts: list[Any] = []
    more: dict[str, str] = {}
    while True:
        answer = client.list_retrieved_traces(RetrievalToken=token, **more)
        parts += [(one["Id"], [span["Id"] for span in one["Spans"]]) for one in answer["Traces"]]
        if "NextToken" not in answer:
            break
        more = {"NextToken": answer["NextToken"]}
    assert parts == [(TRACE_ID, [an_id(0), an_id(1)]), (TRACE_ID, [an_id(2)]), (a_trace_id(4), [an_id(4)])]
    graph = client.get_retrieved_traces_graph(RetrievalToken=token)
    assert sorted(one["Service"].get("Type", "") for one in graph["Services"]) == ["", "client"]
    assert code_of(client.list_retrieved_traces, RetrievalToken=token, TraceFormat="OTEL")[0] == 400
    client.cancel_trace_retrieval(RetrievalToken=token)
    assert code_of(client.list_retrieved_traces, RetrievalToken=token) == (404, "ResourceNotFoundException")


def test_settings_of_the_account_are_remembered(xray):
    client = xray.client
    assert client.get_trace_segment_destination()["Destination"] == "XRay"
    assert client.get_encryption_config()["EncryptionConfig"] == {"Status": "ACTIVE", "Type": "NONE"}
    client.put_encryption_config(Type="KMS", KeyId="alias/mine")
    assert client.get_encryption_config()["EncryptionConfig"]["KeyId"] == "alias/mine"
    client.update_trace_segment_destination(Destination="CloudWatchLogs")
    answer = client.get_trace_segment_destination()
    assert (answer["Destination"], answer["Status"]) == ("CloudWatchLogs", "ACTIVE")
    client.update_indexing_rule(Name="Default", Rule={"Probabilistic": {"DesiredSamplingPercentage": 12.5}})
    (rule,) = client.get_indexing_rules()["IndexingRules"]
    assert rule["Rule"]["Probabilistic"]["DesiredSamplingPercentage"] == 12.5
    unknown = {"Name": "Mine", "Rule": {"Probabilistic": {"DesiredSamplingPercentage": 1}}}
    assert code_of(client.update_indexing_rule, **unknown) == (404, "ResourceNotFoundException")


def test_groups_and_sampling_rules_have_tags(xray):
    client = xray.client
    arn = client.create_group(GroupName="paid", FilterExpression="fault", Tags=[{"Key": "a", "Value": "1"}])["Group"][
        "GroupARN"
    ]
    try:
        client.tag_resource(ResourceARN=arn, Tags=[{"Key": "b", "Value": "2"}])
        client.untag_resource(ResourceARN=arn, TagKeys=["a", "never"])
        assert client.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "b", "Value": "2"}]
        assert client.list_tags_for_resource(ResourceARN=DEFAULT_RULE)["Tags"] == []
        many = [{"Key": str(number), "Value": ""} for number in range(50)]
        assert code_of(client.tag_resource, ResourceARN=arn, Tags=many) == (400, "TooManyTagsException")
    finally:
        client.delete_group(GroupARN=arn)
    assert code_of(client.list_tags_for_resource, ResourceARN=arn) == (404, "ResourceNotFoundException")


def test_resource_policies_are_kept_by_revision(xray):
    client, policy = xray.client, '{"Statement": [{}]}'
    client.put_resource_policy(PolicyName="one", PolicyDocument=policy, PolicyRevisionId="0")
    client.put_resource_policy(PolicyName="one", PolicyDocument=policy, PolicyRevisionId="1")
    (kept,) = client.list_resource_policies()["ResourcePolicies"]
    assert (kept["PolicyDocument"], kept["PolicyRevisionId"]) == (policy, "2")
    refused = [
        ({"PolicyRevisionId": "1"}, "InvalidPolicyRevisionIdException"),
        ({"PolicyDocument": "{"}, "MalformedPolicyDocumentException"),
        ({"PolicyDocument": "{}"}, "MalformedPolicyDocumentException"),
        ({"PolicyDocument": policy + " " * 5_120}, "PolicySizeLimitExceededException"),
    ]
    for changed, code in refused:
        asked = {"PolicyName": "one", "PolicyDocument": policy} | changed
        assert code_of(client.put_resource_policy, **asked) == (400, code)
    for name in "2345":
        client.put_resource_policy(PolicyName=name, PolicyDocument=policy)
    last = {"PolicyName": "6", "PolicyDocument": policy}
    assert code_of(client.put_resource_policy, **last) == (400, "PolicyCountLimitExceededException")
    for name in ("one", *"2345"):
        client.delete_resource_policy(PolicyName=name)
    assert client.list_resource_policies()["ResourcePolicies"] == []
    assert code_of(client.delete_resource_policy, PolicyName="one") == (400, "InvalidRequestException")


def test_an_account_without_insights_has_none(xray):
    client, insight = xray.client, "12345678-1234-4234-8234-123456789012"
    assert client.get_insight_summaries(StartTime=START, EndTime=START)["InsightSummaries"] == []
    wanted = (400, "InvalidRequestException")
    assert code_of(client.get_insight, InsightId=insight) == wanted
    assert code_of(client.get_insight_events, InsightId=insight) == wanted
    assert code_of(client.get_insight_impact_graph, InsightId=insight, StartTime=START, EndTime=START) == wanted


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 400),
        ("LOCALHOST:1234", 400),
        ("127.0.0.1:8080", 400),
        ("[::1]:8080", 400),
        ("evil.test", 421),
        ("localhost.evil.test", 421),
        ("evil.test:8080", 421),
        ("user@evil.test", 421),
        ("[::1", 421),
    ],
)
@pytest.mark.parametrize("path", ["/TraceSegments", "/local/faults"])
def test_only_this_machines_own_names_are_answered(xray, host, status, path):
    assert requests.post(f"{xray.url}{path}", headers={"Host": host}, timeout=30).status_code == status


@pytest.mark.parametrize(("origin", "status"), [("", 400), ("http://evil.test", 403), ("null", 403)])
@pytest.mark.parametrize("path", ["/TraceSegments", "/local/faults"])
def test_another_sites_page_cannot_send(xray, origin, status, path):
    own = origin or xray.url
    assert requests.post(f"{xray.url}{path}", headers={"Origin": own}, timeout=30).status_code == status
