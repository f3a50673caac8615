"""Events as they come, and as they should not."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raygate.http_api import Call, Refusal, read

HTTP = {"method": "post", "path": "/v1/traces"}


def test_whatever_is_absent_or_null_reads_as_empty():
    bare = Call("POST", "/v1/traces", "", {}, "", is_base64=False)
    assert read({"version": "2.0", "requestContext": {"http": HTTP}}) == bare
    nulls = dict.fromkeys(["headers", "cookies", "queryStringParameters", "stageVariables", "body", "rawPath"])
    assert read({"version": "2.0", "requestContext": {"http": HTTP}, **nulls}) == bare


def test_headers_are_found_in_any_case():
    event = {"version": "2.0", "requestContext": {"http": HTTP}, "headers": {"Content-TYPE": " text/plain "}}
    assert read(event).header("content-type") == "text/plain"


@pytest.mark.parametrize(
    "event",
    [
        None,
        [],
        "ping",
        {},
        {"version": "1.0", "httpMethod": "POST", "path": "/v1/traces"},
        {"version": "0", "source": "aws.s3", "detail-type": "Object Created"},
        {"version": "2.0", "requestContext": None},
        {"version": "2.0", "requestContext": {"http": {}}},
        {"Records": [{"eventSource": "aws:sqs"}]},
    ],
)
def test_any_other_event_is_refused(event):
    with pytest.raises(Refusal) as refusal:
        read(event)
    assert refusal.value.status == 400


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
events = st.fixed_dictionaries(
    {"version": st.just("2.0"), "requestContext": st.fixed_dictionaries({"http": json_values, "stage": json_values})},
    optional={"headers": json_values, "body": json_values, "isBase64Encoded": json_values, "rawPath": json_values},
)


@given(event=events | json_values)
def test_any_event_is_a_call_or_a_refusal(event):
    with suppress(Refusal):
        assert isinstance(read(event), Call)
