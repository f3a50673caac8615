"""Redaction of a whole request where its form is unusual; the usual ones are a property."""

import gzip
import json

import pytest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, TracesData

from raygate.decode import decode
from raygate.keep.redacted import redacted
from raygate.request import Request
from raygate.settings import Settings
from tests.builders import SPAN_ID, TRACE_ID
from tests.corpus import compact

SECRET = "hunter2-of-nobody"
SPAN = {"traceId": TRACE_ID, "spanId": SPAN_ID, "startTimeUnixNano": "1756492480250000000"}


def json_request(attributes: str, name: str = "attributes") -> Request:
    span = json.dumps(SPAN)[:-1]
    body = f'{{"resourceSpans":[{{"scopeSpans":[{{"spans":[{span},"{name}":[{attributes}]}}]}}]}}]}}'
    return Request(body.encode(), "json")


def a_password(value: str = f'{{"stringValue":"{SECRET}"}}') -> str:
    return f'{{"key":"password","value":{value}}}'


def protobuf_request(*attributes: KeyValue) -> TracesData:
    span = Span(trace_id=bytes.fromhex(TRACE_ID), span_id=bytes.fromhex(SPAN_ID), attributes=attributes)
    return TracesData(resource_spans=[ResourceSpans(scope_spans=[ScopeSpans(spans=[span])])])


def a_pair(key: str, value: str) -> KeyValue:
    return KeyValue(key=key, value=AnyValue(string_value=value))


def attributes_of(request: Request) -> dict[str, object]:
    (span,) = decode(request, Settings()).spans
    return dict(span.attributes)


def test_bytes_that_are_no_utf8_stay_as_they_are_beside_a_secret_and_are_replaced_within_one():
    raw = protobuf_request(
        a_pair("name", "NAME"), a_pair("password", SECRET), a_pair("url.full", "TEXT@")
    ).SerializeToString()
    raw = raw.replace(b"NAME", b"\xff\xfeA\xff").replace(b"TEXT@", b"\xff=?@\xff")
    stored = redacted(Request(raw, "protobuf"), Settings())
    assert SECRET.encode() not in stored.body
    assert b"\xff\xfeA\xff" in stored.body
    assert attributes_of(stored) == attributes_of(Request(raw, "protobuf")) | {"password": "[redacted]"}


def test_a_secret_among_repeated_keys_is_found_wherever_it_stands():
    pairs = [a_pair("password", SECRET), a_pair("password", f"{SECRET}2"), a_pair("password", "")]
    stored = redacted(Request(protobuf_request(*pairs).SerializeToString(), "protobuf"), Settings())
    assert SECRET.encode() not in stored.body


def test_what_nobody_knows_stays_in_protobuf():
    unknown = bytes([0xFA, 0x7F, 3]) + b"abc"  # field 2047
    raw = protobuf_request(a_pair("password", SECRET)).SerializeToString() + unknown
    assert unknown in redacted(Request(raw, "protobuf"), Settings()).body


def test_spans_in_the_field_that_otlp_gave_up_are_redacted_too():
    inner = protobuf_request(a_pair("password", SECRET)).resource_spans[0].scope_spans[0].SerializeToString()
    old = bytes([0xC2, 0x3E, len(inner)]) + inner  # field 1000
    raw = bytes([0x0A, len(old)]) + old
    assert attributes_of(Request(raw, "protobuf")) == {"password": SECRET}
    assert attributes_of(redacted(Request(raw, "protobuf"), Settings())) == {"password": "[redacted]"}


@pytest.mark.parametrize(
    "kept",
    [
        '{"key":"n","value":{"intValue":9223372036854775807}}',
        '{"key":"n","value":{"intValue":1e21}}',
        '{"key":"n","value":{"doubleValue":0.1000000000000000055511151231257827}}',
        '{"key":"n","value":{"intValue":"7"},"nobody":{"knows":[1.50,null,true]}}',
        '{"key":"n","value":{"stringValue":"\\ud83d"}}',
        '{"key":"n","value":{"stringValue":"\\ud83d\\ude00"}}',
    ],
)
def test_what_stands_beside_a_secret_in_json_is_read_as_before(kept):
    given = json_request(f"{kept},{a_password()}")
    stored = redacted(given, Settings())
    assert SECRET.encode() not in stored.body
    assert attributes_of(stored) == attributes_of(given) | {"password": "[redacted]"}


def test_numbers_keep_their_digits():
    stored = redacted(json_request(f'{{"key":"n","value":{{"doubleValue":1.50}}}},{a_password()}'), Settings())
    assert b'"doubleValue":1.50' in stored.body


def test_a_secret_of_any_type_is_replaced():
    for value in ('{"intValue":"42"}', '{"doubleValue":4.2}', '{"boolValue":true}', '{"bytesValue":"aHVudGVyMg=="}'):
        assert attributes_of(redacted(json_request(a_password(value)), Settings())) == {"password": "[redacted]"}


def test_a_secret_under_the_original_name_of_a_member_is_found():
    body = compact({"resource_spans": [{"scope_spans": [{"spans": [SPAN | {"name": f"password={SECRET}"}]}]}]})
    assert SECRET.encode() not in redacted(Request(body, "json"), Settings()).body


def test_a_compressed_request_without_secrets_stays_compressed_as_it_came():
    given = Request(
        gzip.compress(json_request('{"key":"a","value":{"stringValue":"b"}}').body), "json", "gzip", tenant="shop"
    )
    assert redacted(given, Settings()) is given


def test_the_tenant_stays():
    given = json_request(a_password())
    stored = redacted(Request(gzip.compress(given.body), "json", "gzip", tenant="shop"), Settings())
    assert (stored.tenant, stored.content_encoding) == ("shop", "")


def test_without_redaction_in_documents_there_is_none_here():
    given = json_request(a_password())
    assert redacted(given, Settings(mapping="adot")) is given


def test_a_secret_beyond_what_is_kept_of_a_text_is_not_stored():
    long = "x" * 70_000 + f"password={SECRET}"
    for given in (
        json_request(f'{{"key":"long","value":{{"stringValue":"{long}"}}}}'),
        Request(protobuf_request(a_pair("long", long)).SerializeToString(), "protobuf"),
    ):
        stored = redacted(given, Settings())
        assert SECRET.encode() not in stored.body
        assert attributes_of(stored) == attributes_of(given)
