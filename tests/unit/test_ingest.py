"""The edge: whatever happens, an answer that lets the sender keep its spans."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from raygate.deliver import Budget
from raygate.deliver.budget import MOST_S, seconds_for
from raygate.ingest import Ingest, Report, start
from raygate.keep import Stores
from raygate.keys.authorizer import anyone
from raygate.settings import Settings
from tests.builders import SPAN_ID, TRACE_ID
from tests.fake_stores import MemoryBucket, MemoryQueue
from tests.fake_xray import Clock, Store

REGION = {"AWS_REGION": "eu-west-1", "RAYGATE_AUTH": "none"}
SPAN = {
    "traceId": TRACE_ID,
    "spanId": SPAN_ID,
    "name": "op",
    "startTimeUnixNano": "1756492480250000000",
    "endTimeUnixNano": "1756492480750000000",
}


def an_event(method: str = "POST", path: str = "/v1/traces", spans: Any = (SPAN,)) -> dict[str, Any]:
    return {
        "version": "2.0",
        "rawPath": path,
        "headers": {"content-type": "application/json"},
        "requestContext": {"http": {"method": method}, "stage": "$default"},
        "body": json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": list(spans)}]}]}),
    }


def an_endpoint(**given: Any) -> tuple[Ingest, Store, list[Report]]:
    store, reports = Store(), list[Report]()
    values: dict[str, Any] = {"settings": Settings(), "put": store.put, "guard": anyone, "report": reports.append}
    return Ingest(**(values | given)), store, reports


def in_no_time(seconds: float) -> Budget:
    clock = Clock()
    return Budget.of(seconds, clock=clock, sleep=clock.sleep, jitter=lambda: 1.0)


def fails(*_: Any) -> Any:
    raise ZeroDivisionError("secret-of-the-customer")


def test_an_accident_is_503_without_a_word_about_itself():
    endpoint, _, reports = an_endpoint(put=fails)
    result = endpoint(an_event())
    assert result["statusCode"] == 503
    assert result["headers"]["retry-after"] == "2"
    assert "secret" not in str(result)
    assert isinstance(reports[0].accident, ZeroDivisionError)


def test_a_report_that_fails_does_not_cost_the_answer(capsys):
    endpoint, store, _ = an_endpoint(report=fails)
    assert endpoint(an_event())["statusCode"] == 200
    assert store.stored.keys() == {SPAN_ID}
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_a_span_that_x_ray_refuses_is_a_partial_success():
    store = Store(refuses={SPAN_ID: "InvalidSegment"})
    endpoint, _, reports = an_endpoint(put=store.put)
    result = endpoint(an_event(spans=[SPAN, SPAN | {"spanId": "b" * 16}]))
    assert result["statusCode"] == 200
    assert json.loads(result["body"])["partialSuccess"] == {
        "rejectedSpans": "1",
        "errorMessage": "1 of 2 spans rejected: X-Ray refused the document: InvalidSegment (1)",
    }
    assert reports[0].outcome
    assert (reports[0].outcome.delivered, reports[0].outcome.returned) == (1, 0)


def test_a_request_of_which_x_ray_takes_nothing_is_400():
    endpoint, _, _ = an_endpoint(put=Store(refuses={SPAN_ID: "InvalidSegment"}).put)
    assert endpoint(an_event())["statusCode"] == 400


def throttles(_texts: list[str]) -> Any:
    raise ClientError({"Error": {"Code": "ThrottledException"}}, "PutTraceSegments")


def test_what_is_queued_is_acknowledged_without_a_word():
    queue = MemoryQueue()
    endpoint, _, reports = an_endpoint(put=throttles, stores=Stores(queue), budget=in_no_time)
    result = endpoint(an_event())
    assert (result["statusCode"], result["body"]) == (200, "{}")
    assert reports[0].outcome
    assert reports[0].outcome.queued == len(queue.messages) == 1


def test_what_is_parked_is_acknowledged_with_a_warning():
    put = Store(refuses={SPAN_ID: "InvalidTraceId"}).put
    endpoint, _, _ = an_endpoint(put=put, stores=Stores(bucket=MemoryBucket()))
    result = endpoint(an_event())
    assert result["statusCode"] == 200
    assert json.loads(result["body"])["partialSuccess"] == {
        "errorMessage": "1 of 1 spans parked, X-Ray refused them: InvalidTraceId (1)"
    }


@pytest.mark.parametrize(
    ("put", "status"), [(throttles, 429), (Store(refuses={SPAN_ID: "InvalidTraceId"}).put, 503)], ids=["429", "503"]
)
def test_what_nobody_takes_stays_with_its_sender(put, status):
    stores = Stores(MemoryQueue(fails=lambda: "lost"), MemoryBucket(fails=lambda: "lost"))
    endpoint, _, _ = an_endpoint(put=put, stores=stores, budget=in_no_time)
    result = endpoint(an_event())
    assert result["statusCode"] == status
    assert 1 <= int(result["headers"]["retry-after"]) <= 5


def test_what_is_kept_knows_its_request_and_the_time_of_its_receipt():
    bucket = MemoryBucket()
    put = Store(refuses={SPAN_ID: "InvalidTraceId"}).put
    endpoint, _, _ = an_endpoint(put=put, stores=Stores(bucket=bucket), now_ms=lambda: 1_756_492_480_250)
    event = an_event()
    event["requestContext"]["requestId"] = "JKJaXmPLvHcESHA="
    endpoint(event)
    (parked,) = bucket.parked()
    assert (parked.request_id, parked.received_ms) == ("JKJaXmPLvHcESHA=", 1_756_492_480_250)


def test_a_setting_that_needs_another_fails_the_health_check():
    result = start(REGION | {"RAYGATE_DELIVERY": "buffered"}, lambda _: None)(an_event("GET", "/health"))
    assert result["statusCode"] == 503
    assert "RAYGATE_QUEUE_URL" in result["body"]


@pytest.mark.parametrize(("method", "body"), [("GET", '{"status":"ok"}'), ("HEAD", "")])
def test_the_health_check_does_not_touch_x_ray(method, body):
    endpoint, _, reports = an_endpoint(put=fails)
    result = endpoint(an_event(method, "/health"))
    assert (result["statusCode"], result["body"]) == (200, body)
    assert reports[0].kind == "health"


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        (REGION | {"RAYGATE_MAPPING": "exact"}, "RAYGATE_MAPPING"),
        (REGION | {"RAYGATE_MAPPNG": "adot"}, "RAYGATE_MAPPNG"),
        (REGION | {"RAYGATE_MAX_SPANS": "many"}, "RAYGATE_MAX_SPANS"),
    ],
)
def test_a_wrong_setting_fails_the_health_check_and_not_the_process(environ, named):
    reports: list[Report] = []
    endpoint = start(environ, reports.append)
    for event in (an_event("GET", "/health"), an_event()):
        result = endpoint(event)
        assert result["statusCode"] == 503
        assert named in result["body"]
    assert named in reports[0].refusal


def test_a_missing_region_fails_the_health_check_and_not_the_process(monkeypatch):
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    result = start({"RAYGATE_AUTH": "none"}, lambda _: None)(an_event("GET", "/health"))
    assert result["statusCode"] == 503
    assert "region" in result["body"]


def test_an_environment_without_any_setting_is_ready():
    assert start(REGION, lambda _: None)(an_event("GET", "/health"))["statusCode"] == 200


@pytest.mark.parametrize(("remaining_ms", "seconds"), [(60_000, MOST_S), (9_000, 8.0), (3_500, 2.5), (400, -0.6)])
def test_the_time_for_a_request_ends_a_second_before_the_functions_own_limit(remaining_ms: int, seconds: float):
    class Context:
        def get_remaining_time_in_millis(self) -> int:
            return remaining_ms

    assert seconds_for(Context()) == pytest.approx(seconds)


def test_a_caller_without_a_limit_has_the_time_that_senders_wait():
    assert seconds_for(None) == MOST_S


@given(
    body=st.text() | st.none(),
    is_base64=st.booleans(),
    coding=st.sampled_from(["", "gzip", "deflate", "zstd", "br"]),
    content_type=st.sampled_from(["application/json", "application/x-protobuf", "text/plain", ""]),
)
def test_any_body_gets_a_well_formed_answer(body, is_base64, coding, content_type):
    endpoint, _, reports = an_endpoint()
    headers = {"content-type": content_type, "content-encoding": coding}
    result = endpoint(an_event() | {"body": body, "isBase64Encoded": is_base64, "headers": headers})
    assert set(result) == {"statusCode", "headers", "body", "isBase64Encoded"}
    assert result["statusCode"] in {200, 400, 415}
    assert not any(report.accident for report in reports)


def test_the_first_check_that_fails_decides():
    def status(**changed: Any) -> int:
        endpoint, _, _ = an_endpoint(settings=Settings(max_wire_bytes=10))
        code: int = endpoint(an_event() | changed)["statusCode"]
        return code

    unsupported: Any = {"headers": {"content-type": "text/plain", "content-encoding": "br"}}
    unknown_coding = {"headers": {"content-type": "application/json", "content-encoding": "br"}}
    not_base64 = {"isBase64Encoded": True, "body": "***"}
    get = {"requestContext": {"http": {"method": "GET"}}}
    assert status(version="1.0", rawPath="/nowhere") == 400
    assert status(rawPath="/nowhere", **get) == 404
    assert status(**get, **unsupported) == 405
    assert status(**unsupported, **not_base64) == 415
    assert status(**unknown_coding, isBase64Encoded=True, body="AAAA" * 9) == 413
    assert status(**unknown_coding, isBase64Encoded=True, body="AAAA") == 415
