"""The local X-Ray through boto3, over a real port."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import requests
from botocore.exceptions import ClientError

from raygate_local.xray import operations
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


@pytest.fixture(scope="module")
def server():
    with running() as one:
        yield one


@pytest.fixture
def xray(server):
    server.store.traces.clear()
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
    monkeypatch.setattr(operations, "PAGE_DOCUMENTS", 2)
    xray.put(*(a_document(number, trace_id=a_trace_id(number % 5)) for number in range(15)))
    wanted = [a_trace_id(number) for number in range(5)]
    pages = list(xray.client.get_paginator("batch_get_traces").paginate(TraceIds=wanted))
    assert [[(one["Id"], len(one["Segments"])) for one in page["Traces"]] for page in pages] == [
        [(trace_id, 3)] for trace_id in wanted
    ]


def test_summaries_come_in_pages_by_start(xray, monkeypatch):
    monkeypatch.setattr(operations, "PAGE_SUMMARIES", 3)
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
        code_of(client.get_trace_summaries, StartTime=START, EndTime=START, FilterExpression="fault"),
    } == {(400, "InvalidRequestException")}


@pytest.mark.parametrize("path", operations.OPERATIONS)
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'{"TraceIds": "x"}', b'{"TraceIds": ["\\ud800"]}', b"\xff"])
def test_a_body_that_is_not_a_request_is_refused(xray, body, path):
    answer = requests.post(f"{xray.url}{path}", data=body, timeout=5)
    assert (answer.status_code, answer.headers["x-amzn-errortype"]) == (400, "InvalidRequestException")
    assert answer.json()["Message"]


def test_other_operations_are_answered_by_moto_or_not_known(xray):
    record = {"Timestamp": START, "SegmentsSentCount": 1}
    assert xray.client.put_telemetry_records(TelemetryRecords=[record])["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert xray.client.get_trace_graph(TraceIds=[TRACE_ID])["Services"] == []
    assert code_of(xray.client.get_sampling_rules) == (404, "UnknownOperationException")
