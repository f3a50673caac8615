"""What is stored of a request: nothing that redaction takes out of its documents, and the same documents afterwards."""

import gzip
import json
from base64 import b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from raygate.decode import decode
from raygate.decode.body import inflate
from raygate.deliver import Budget
from raygate.enrich import enrich
from raygate.errors import DecodeError
from raygate.keep.redacted import redacted
from raygate.making import make
from raygate.request import Encoding, Request
from raygate.settings import Settings
from tests.builders import TRACE_ID
from tests.corpus import captured, compact

SECRET = "hunter2-of-nobody"
SECRETS = [
    ("http.request.header.authorization", {"stringValue": SECRET}),
    ("password", {"stringValue": SECRET}),
    ("PASSWD", {"kvlistValue": {"values": [{"key": "x", "value": {"stringValue": SECRET}}]}}),
    ("db.password", {"arrayValue": {"values": [{"stringValue": SECRET}]}}),
    ("cookie", {"bytesValue": b64encode(SECRET.encode()).decode()}),
    ("url.full", {"stringValue": f"https://me:{SECRET}@example.com/?sig={SECRET}&x=1"}),
    ("db.connection_string", {"stringValue": f"Server=x;Password={SECRET};"}),
    ("nested", {"kvlistValue": {"values": [{"key": "pwd", "value": {"stringValue": SECRET}}]}}),
    ("list", {"arrayValue": {"values": [{"intValue": "1"}, {"stringValue": f"a?access_token={SECRET}"}]}}),
    ("our.own", {"stringValue": SECRET}),
]
HARMLESS = [
    ("http.method", {"stringValue": "GET"}),
    ("url.full", {"stringValue": "https://example.com/?a=b"}),
    ("count", {"intValue": "-9223372036854775808"}),
    ("ratio", {"doubleValue": 1e-7}),
    ("flag", {"boolValue": False}),
    ("password", {"stringValue": ""}),
    ("nothing", {}),
    ("raw", {"bytesValue": "AAECAw=="}),
]
SETTINGS = [Settings(redact_keys=("our.own",)), Settings(mapping="adot", redact_keys=("our.own",))]

PAIRS = st.lists(st.sampled_from(SECRETS + HARMLESS), max_size=6, unique_by=lambda pair: pair[0]).map(
    lambda pairs: [{"key": key, "value": value} for key, value in pairs]
)
TEXTS = st.sampled_from(["op", f"GET https://me:{SECRET}@x/", f"password={SECRET}", "", "größe"])
PARTS = st.fixed_dictionaries({"name": TEXTS, "attributes": PAIRS, "timeUnixNano": st.just("1756492480300000000")})
LINKS = st.fixed_dictionaries({"traceId": st.just("a" * 32), "spanId": st.just("b" * 16), "attributes": PAIRS})


@st.composite
def bodies(draw: st.DrawFn) -> dict[str, Any]:
    """Any request, some of its spans without identity."""
    spans = [
        {
            "traceId": draw(st.sampled_from([TRACE_ID, TRACE_ID, "0" * 32])),
            "spanId": f"{number + 1:016x}",
            "name": draw(TEXTS),
            "kind": draw(st.integers(0, 5)),
            "startTimeUnixNano": "1756492480250000000",
            "endTimeUnixNano": "1756492480750000000",
            "attributes": draw(PAIRS),
            "events": draw(st.lists(PARTS, max_size=2)),
            "links": draw(st.lists(LINKS, max_size=2)),
            "status": {"code": draw(st.integers(0, 2)), "message": draw(TEXTS)},
        }
        for number in range(draw(st.integers(0, 3)))
    ]
    return {"resourceSpans": [{"resource": {"attributes": draw(PAIRS)}, "scopeSpans": [{"spans": spans}]}]}


def as_protobuf(body: dict[str, Any]) -> bytes:
    """The same in protobuf."""
    from google.protobuf.json_format import ParseDict  # noqa: PLC0415 - only here

    def with_base64_ids(value: Any) -> Any:
        if isinstance(value, dict):
            return {
                key: b64encode(bytes.fromhex(one)).decode() if key in {"traceId", "spanId"} else with_base64_ids(one)
                for key, one in value.items()
            }
        return [with_base64_ids(one) for one in value] if isinstance(value, list) else value

    return ParseDict(with_base64_ids(body), ExportTraceServiceRequest()).SerializeToString()


def documents(request: Request, settings: Settings) -> tuple[list[str], list[str]]:
    decoded = decode(request, settings)
    made = make(enrich(decoded.spans, settings).spans, "", settings, Budget.of(1_000))
    assert made
    return made.texts, [one.reason for one in decoded.rejected]


def plain(request: Request) -> bytes:
    return inflate(request.body, request.content_encoding, Settings(max_wire_bytes=2**30))


@pytest.mark.parametrize("settings", SETTINGS, ids=["extended", "adot"])
@pytest.mark.parametrize("encoding", ["json", "protobuf"])
@given(body=bodies(), is_compressed=st.booleans())
def test_no_secret_is_stored_and_the_documents_stay_the_same(settings, encoding: Encoding, body, is_compressed):
    raw = compact(body) if encoding == "json" else as_protobuf(body)
    given_request = Request(gzip.compress(raw), encoding, "gzip") if is_compressed else Request(raw, encoding)
    stored = redacted(given_request, settings)
    for form in (SECRET.encode(), b64encode(SECRET.encode())):
        assert form not in plain(stored)
    assert documents(stored, settings) == documents(given_request, settings)
    assert redacted(stored, settings) is stored
    if SECRET not in json.dumps(body) and b64encode(SECRET.encode()).decode() not in json.dumps(body):
        assert stored is given_request


@pytest.mark.parametrize("one", captured(), ids=lambda one: one.file)
def test_a_captured_request_becomes_the_same_documents_before_and_after(one):
    settings = Settings(max_wire_bytes=2**30)
    encoding: Encoding = "json" if "json" in (one.header("content-type") or "") else "protobuf"
    given_request = Request(one.body, encoding, one.header("content-encoding") or "")
    try:
        expected = documents(given_request, settings)
    except DecodeError:
        return
    stored = redacted(given_request, settings)
    assert documents(stored, settings) == expected
    assert redacted(stored, settings) is stored
