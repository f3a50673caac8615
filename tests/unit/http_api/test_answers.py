"""What the sender is told."""

import json
from base64 import b64decode
from collections import Counter

import pytest
from google.rpc.status_pb2 import Status
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from raygate.errors import DecodeError, EncodingError, TooLargeError
from raygate.http_api import Call, Refusal, accept, healthy, refuse
from raygate.http_api.messages import reply, status
from raygate.request import Outcome, Request

PROTOBUF = Request(b"", "protobuf")
JSON = Request(b"", "json")
A_CALL = Call("POST", "/v1/traces", "$default", {"content-type": "application/json"}, "", is_base64=False)


@given(rejected=st.integers(0, 2**40), message=st.text())
def test_a_reply_says_the_same_in_both_encodings(rejected, message):
    partial = ExportTraceServiceResponse.FromString(reply("protobuf", rejected, message)).partial_success
    told = json.loads(reply("json", rejected, message)).get("partialSuccess", {})
    assert partial.rejected_spans == int(told.get("rejectedSpans", "0")) == rejected
    assert len(told.get("errorMessage", "")) == len(partial.error_message) == min(len(message), 1_000)


@given(code=st.integers(0, 16), message=st.text())
def test_a_status_says_the_same_in_both_encodings(code, message):
    binary = Status.FromString(status("protobuf", code, message))
    told = json.loads(status("json", code, message))
    assert binary.code == told["code"] == code
    assert len(binary.message) == len(told["message"]) == min(len(message), 1_000)


def test_success_has_nothing_to_say():
    outcome = Outcome(3, delivered=3)
    assert accept(PROTOBUF, outcome).result() == {
        "statusCode": 200,
        "headers": {
            "content-type": "application/x-protobuf",
            "cache-control": "no-store",
            "x-content-type-options": "nosniff",
        },
        "body": "",
        "isBase64Encoded": True,
    }
    assert accept(JSON, outcome).result()["body"] == "{}"


def test_rejected_spans_are_counted_by_reason():
    outcome = Outcome(512, delivered=510, rejected=Counter({"traceId is all zeros": 2}))
    assert json.loads(accept(JSON, outcome).body) == {
        "partialSuccess": {
            "rejectedSpans": "2",
            "errorMessage": "2 of 512 spans rejected: traceId is all zeros (2)",
        }
    }


def test_many_reasons_are_summed_up():
    outcome = Outcome(99, delivered=78, rejected=Counter({f"reason {number}": number for number in range(1, 7)}))
    message = json.loads(accept(JSON, outcome).body)["partialSuccess"]["errorMessage"]
    assert message.startswith("21 of 99 spans rejected: reason 6 (6), ")
    assert message.endswith(", other reasons (1)")


def test_a_warning_alone_rejects_nothing():
    answer = accept(JSON, Outcome(2, delivered=2, warnings=("links dropped (1)",)))
    assert answer.status == 200
    assert json.loads(answer.body) == {"partialSuccess": {"errorMessage": "links dropped (1)"}}


def test_nothing_kept_is_400():
    with pytest.raises(Refusal, match="2 of 2 spans rejected") as refusal:
        accept(JSON, Outcome(2, rejected=Counter({"spanId is all zeros": 2})))
    assert refusal.value.status == 400


@pytest.mark.parametrize(("throttled", "expected"), [(True, 429), (False, 503)])
def test_what_may_pass_is_for_the_whole_request(throttled, expected):
    outcome = Outcome(3, delivered=1, returned=1, rejected=Counter({"bad": 1}), unavailable="no", throttled=throttled)
    with pytest.raises(Refusal) as refusal:
        accept(JSON, outcome)
    assert refusal.value.status == expected
    assert 1 <= int(refusal.value.headers["retry-after"]) <= 5


@pytest.mark.parametrize(
    ("error", "expected", "headers"),
    [
        (DecodeError("not JSON"), 400, {}),
        (TooLargeError("over 5 bytes"), 413, {}),
        (EncodingError("no such coding"), 415, {"accept-encoding": "gzip, deflate, zstd"}),
    ],
)
def test_a_body_that_cannot_be_read_has_the_status_of_its_error(error, expected, headers):
    refusal = Refusal.of(error)
    assert (refusal.status, refusal.headers) == (expected, headers)


def test_the_place_of_an_error_is_in_the_message_and_in_the_details():
    refusal = Refusal.of(DecodeError("not a number", "resourceSpans[0]"))
    told = json.loads(refuse(A_CALL, refusal).body)
    assert told["message"] == "resourceSpans[0]: not a number"
    assert told["details"] == [
        {
            "@type": "type.googleapis.com/google.rpc.BadRequest",
            "fieldViolations": [{"field": "resourceSpans[0]", "description": "not a number"}],
        }
    ]


def test_a_refusal_is_json_when_the_encoding_is_unknown():
    result = refuse(None, Refusal.bad_request("what is this")).result()
    assert result["headers"]["content-type"] == "application/json"
    assert json.loads(result["body"]) == {"code": 3, "message": "what is this"}


def test_a_binary_refusal_is_base64():
    call = Call("POST", "/", "", {"content-type": "application/protobuf"}, "", is_base64=False)
    result = refuse(call, Refusal.not_found("/v1/traces")).result()
    assert result["isBase64Encoded"]
    assert "/v1/traces" in Status.FromString(b64decode(result["body"])).message


def test_head_gets_no_body():
    head = Call("HEAD", "/health", "", {}, "", is_base64=False)
    assert healthy(head).result()["body"] == ""
    assert refuse(head, Refusal.unavailable("x")).result()["body"] == ""
