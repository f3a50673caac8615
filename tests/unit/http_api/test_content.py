"""What the body is, and which bytes it has."""

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raygate.http_api import Call, Refusal
from raygate.http_api.content import encoding_of, pack
from raygate.request import Request


def a_call(body: str = "", coding: str = "", *, is_base64: bool = False) -> Call:
    headers = {"content-encoding": coding} if coding else {}
    return Call("POST", "/v1/traces", "$default", headers, body, is_base64)


@pytest.mark.parametrize(
    ("content_type", "encoding"),
    [
        ("application/x-protobuf", "protobuf"),
        ("application/protobuf", "protobuf"),
        ("Application/X-Protobuf ; x=y", "protobuf"),
        ('application/x-protobuf; messageType="a,b;c"', "protobuf"),
        ("application/json", "json"),
        ("application/json;charset=UTF-8", "json"),
        ("application/json, application/json; charset=utf-8", "json"),
        ("application/json,application/x-protobuf", None),
        ("application/x-protobuf,application/protobuf", None),
        ("", None),
        ("json", None),
        ('"application/json"', None),
        ('application/json "x"', None),
        ('application/"x-"json', None),
        ('application/json; charset="utf-8', None),
        ("application/json; charset", None),
        ("application/json; charset=", None),
        ("application/json charset=utf-8", None),
        ("application/json;", "json"),
        ("application/json; ;charset=utf-8 ;", "json"),
        (r'application/json; x="\"\\,"; y=z', "json"),
        (",application/json", None),
        ("application/json;" * 3_000, None),
        ("application/json" + ";" * 10_000, "json"),
        ("text/plain", None),
        ("application/grpc", None),
        ("application/x-ndjson", None),
    ],
)
def test_the_encoding_is_told_by_the_content_type(content_type, encoding):
    assert encoding_of(content_type) == encoding


@given(body=st.binary())
def test_a_base64_body_is_its_bytes(body):
    call = a_call(b64encode(body).decode(), "gzip", is_base64=True)
    assert pack(call, "protobuf") == Request(body, "protobuf", "gzip")


@pytest.mark.parametrize("text", ["***", "AAA", "AAAA====", "AA AA", "AAA\n=", "=AAA", "AAAÄ", "QUJD QUJD"])
def test_base64_is_read_strictly(text):
    with pytest.raises(Refusal) as refusal:
        pack(a_call(text, is_base64=True), "protobuf")
    assert refusal.value.status == 400


@pytest.mark.parametrize("coding", ["", "identity", "Identity, identity"])
def test_a_text_body_is_its_utf_8(coding):
    assert pack(a_call('{"é":"\U0001f600"}', coding), "json") == Request('{"é":"\U0001f600"}'.encode(), "json", coding)


@pytest.mark.parametrize("body", ["{}", " {}", "\n"])
@pytest.mark.parametrize("coding", ["gzip", "br", "identity, gzip"])
def test_a_text_that_was_inflated_upstream_is_read_as_it_is(body, coding):
    assert pack(a_call(body, coding), "json") == Request(body.encode(), "json", inflated_upstream=True)


@pytest.mark.parametrize("body", ["\x1f�\b", "[]", "\x00"])
def test_compressed_bytes_that_went_through_text_are_refused(body):
    with pytest.raises(Refusal, match="switch compression off"):
        pack(a_call(body, "gzip"), "json")


def test_no_body_is_zero_bytes():
    assert pack(a_call(coding="gzip"), "protobuf") == Request(b"", "protobuf", "gzip")


def test_half_a_surrogate_pair_is_left_to_the_decoder():
    assert pack(a_call("\ud83d"), "json").body == b"\xed\xa0\xbd"
