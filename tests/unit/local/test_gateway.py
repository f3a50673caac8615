"""The event that a request becomes, and the answer that a result becomes: as API Gateway does it."""

import base64

import pytest

from raygate_local import gateway
from raygate_local.gateway import Call

JSON_TYPE = (b"content-type", b"application/json")


def a_call(**fields) -> Call:
    values = {"method": "POST", "target": b"/v1/traces", "headers": [], "body": b"", "request_id": "id"}
    return Call(**(values | fields))


@pytest.mark.parametrize(
    ("target", "path", "query"),
    [
        (b"/v1/traces", "/v1/traces", ""),
        (b"//v1//traces/", "//v1//traces/", ""),
        (b"/v1%2Ftraces?a=b%20c", "/v1%2Ftraces", "a=b%20c"),
        (b"/v1/traces?", "/v1/traces", ""),
        (b"/v1/traces?a=1?b", "/v1/traces", "a=1?b"),
        (b"http://proxy.example.com:4318/v1/traces?a=b", "/v1/traces", "a=b"),
        (b"http://proxy.example.com", "/", ""),
        (b"/proxy/http://example.com", "/proxy/http://example.com", ""),
        (b"*", "*", ""),
    ],
)
def test_the_path_arrives_as_it_was_sent(target, path, query):
    event = gateway.event(a_call(target=target))
    assert (event["rawPath"], event["rawQueryString"]) == (path, query)


def test_query_parameters_are_decoded_and_repeated_ones_joined():
    event = gateway.event(a_call(target=b"/v1/traces?tenant=a%20b&tag=x&tag=y&empty="))
    assert event["queryStringParameters"] == {"tenant": "a b", "tag": "x,y", "empty": ""}


def test_repeated_header_lines_are_joined_and_cookies_are_apart():
    headers = [
        (b"x-team", b"a"),
        (b"X-Team", b"b"),
        (b"cookie", b"k=v; l=w"),
        (b"cookie", b"m=x"),
        (b"x-raw", b"caf\xe9"),
    ]
    event = gateway.event(a_call(headers=headers))
    assert event["headers"] == {"x-team": "a,b", "x-raw": "café"}
    assert event["cookies"] == ["k=v", "l=w", "m=x"]


@pytest.mark.parametrize(
    "media_type", [b"application/json", b"Application/JSON; charset=utf-8", b"text/plain", b"application/xml"]
)
def test_a_text_type_travels_as_text(media_type):
    event = gateway.event(a_call(headers=[(b"content-type", media_type)], body='{"a":"é"}'.encode()))
    assert (event["body"], event["isBase64Encoded"]) == ('{"a":"é"}', False)


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [(b"content-type", b"application/x-protobuf")],
        [JSON_TYPE, (b"content-encoding", b"gzip")],
        [JSON_TYPE, JSON_TYPE],
    ],
)
def test_everything_else_travels_as_base64(headers):
    event = gateway.event(a_call(headers=headers, body=b"\x0a\x00"))
    assert (event["body"], event["isBase64Encoded"]) == ("CgA=", True)


def test_text_that_is_not_utf_8_keeps_its_bytes():
    event = gateway.event(a_call(headers=[JSON_TYPE], body=b'{"a":"\xff"}'))
    assert base64.b64decode(event["body"], validate=True) == b'{"a":"\xff"}'
    assert event["isBase64Encoded"]


def test_without_a_body_there_is_none_in_the_event():
    assert "body" not in gateway.event(a_call(method="GET"))


def test_a_result_becomes_an_answer():
    result = {
        "statusCode": 200,
        "headers": {"Content-Type": "application/x-protobuf"},
        "body": "CgA=",
        "isBase64Encoded": True,
    }
    given = gateway.answer(result)
    assert given.status == 200
    assert given.headers == [(b"content-type", b"application/x-protobuf"), (b"content-length", b"2")]
    assert given.body == b"\x0a\x00"


def test_an_answer_without_content_has_no_body_and_no_length():
    given = gateway.answer({"statusCode": 204, "headers": {"vary": "origin"}, "body": "", "isBase64Encoded": False})
    assert (given.headers, given.body) == ([(b"vary", b"origin")], b"")


@pytest.mark.parametrize(
    "result", [{}, {"body": "{}"}, {"statusCode": 200, "body": "no base64", "isBase64Encoded": True}, None]
)
def test_a_result_that_is_none_becomes_the_gateways_own_error(result):
    given = gateway.answer(result)
    assert (given.status, given.body) == (500, b'{"message":"Internal Server Error"}')
