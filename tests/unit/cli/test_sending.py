"""What `raygate send` makes before anything is sent: addresses, headers, test traces, loads, recorded requests."""

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raygate.decode import decode
from raygate.errors import DecodeError
from raygate.request import Request
from raygate.settings import Settings
from raygate_local.conversion import OTHER_SIGNALS, Body, convert_body
from raygate_local.sending.endpoint import EndpointError, endpoint_of
from raygate_local.sending.files import CREDENTIALS, OF_THE_CONNECTION, contents_of, parcel_of
from raygate_local.sending.load import request_of, schedule
from raygate_local.sending.sample import STEPS, sample
from tests.corpus import DATA, Captured, captured

NOW_NS = 1_763_821_808_000_000_000


def is_of_traces(capture: Captured) -> bool:
    return not capture.path.partition("?")[0].endswith(OTHER_SIGNALS)


def counted(start: int = 1):
    """Bytes that look random and are not."""
    numbers = count(start)
    return lambda size: next(numbers).to_bytes(size, "big")


@pytest.mark.parametrize(
    ("asked", "environ", "url"),
    [
        (None, {}, "http://127.0.0.1:4318/v1/traces"),
        ("https://a.example", {}, "https://a.example/v1/traces"),
        ("https://a.example/otlp/", {}, "https://a.example/otlp/v1/traces"),
        ("https://a.example/v1/traces", {}, "https://a.example/v1/traces"),
        (None, {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://b:1"}, "http://b:1/v1/traces"),
        (None, {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://b:1/x"}, "http://b:1/x"),
        ("http://c:2", {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://b:1/x"}, "http://c:2/v1/traces"),
    ],
)
def test_the_endpoint_is_what_was_asked_for_else_opentelemetrys_setting(asked, environ, url):
    assert endpoint_of(asked, None, environ).url == url


@pytest.mark.parametrize("asked", ["localhost:4318", "ftp://a", "http://", "http://a:port", "http://[::1"])
def test_what_is_no_address_is_refused(asked):
    with pytest.raises(EndpointError, match="must be an address such as"):
        endpoint_of(asked, None, {})


@pytest.mark.parametrize(
    ("key", "environ", "headers"),
    [
        (None, {}, {}),
        ("k", {}, {"x-api-key": "k"}),
        (None, {"OTEL_EXPORTER_OTLP_HEADERS": "Authorization=Bearer%20t,no"}, {"authorization": "Bearer t"}),
        (None, {"OTEL_EXPORTER_OTLP_HEADERS": "x-a=b, x-c=d"}, {"x-a": "b", "x-c": "d"}),
        ("k", {"OTEL_EXPORTER_OTLP_HEADERS": "authorization=Bearer t,x-a=b"}, {"x-api-key": "k", "x-a": "b"}),
        (None, {"OTEL_EXPORTER_OTLP_HEADERS": "x-a=b", "OTEL_EXPORTER_OTLP_TRACES_HEADERS": "x-a=c"}, {"x-a": "c"}),
    ],
)  # fmt: skip
def test_headers_are_opentelemetrys_and_a_key_takes_the_place_of_credentials(key, environ, headers):
    assert endpoint_of(None, key, environ).headers == headers


def test_a_key_that_no_header_can_carry_is_refused():
    with pytest.raises(EndpointError, match="no header can carry"):
        endpoint_of(None, "a\r\nb", {})


def test_a_test_trace_is_one_tree_of_several_services():
    made = sample(counted(), NOW_NS)
    spans = decode(Request(made.body, "protobuf"), Settings()).spans
    assert len(spans) == made.spans == len(STEPS)
    assert {span.trace_id for span in spans} == {made.trace_id}
    ids = {span.span_id for span in spans}
    assert sum(not span.parent_span_id for span in spans) == 1
    assert all(span.parent_span_id in ids for span in spans if span.parent_span_id)
    assert len({span.resource.attributes["service.name"] for span in spans}) == 4
    assert all(span.start_ns <= span.end_ns <= NOW_NS for span in spans)


def test_each_test_trace_is_another():
    assert sample(counted(1), NOW_NS).trace_id != sample(counted(100), NOW_NS).trace_id


def test_a_test_trace_becomes_documents_that_need_no_change():
    conversion = convert_body(Body(sample(counted(), NOW_NS).body), Settings())
    assert len(conversion.lines) == len(STEPS)
    assert not conversion.notes
    assert not conversion.rejected


@given(st.integers(1, 5_000), st.floats(0.1, 100))
def test_a_schedule_sends_exactly_what_was_asked_for(rate, seconds):
    planned = list(schedule(rate, seconds))
    assert sum(spans for _, spans in planned) == round(rate * seconds)
    assert all(0 <= at < seconds for at, _ in planned)
    assert [at for at, _ in planned] == sorted(at for at, _ in planned)


@pytest.mark.parametrize("spans", [1, 11, 12, 13, 100])
def test_a_load_has_as_many_spans_as_it_says(spans):
    assert len(decode(Request(request_of(spans, counted(), NOW_NS), "protobuf"), Settings()).spans) == spans


@pytest.mark.parametrize("capture", [one for one in captured() if is_of_traces(one)], ids=lambda one: one.file)
def test_a_captured_request_is_sent_as_it_was_recorded(capture):
    parcel = parcel_of(Body((DATA / "corpus" / capture.file).read_bytes()))
    assert parcel.body == capture.body
    assert (OF_THE_CONNECTION | CREDENTIALS).isdisjoint(parcel.headers)
    assert parcel.headers["content-type"] == capture.header("content-type") or not capture.header("content-type")
    assert parcel.headers.get("user-agent", "") == capture.header("user-agent")


@pytest.mark.parametrize("capture", [one for one in captured() if not is_of_traces(one)], ids=lambda one: one.file)
def test_another_signal_is_not_sent(capture):
    with pytest.raises(DecodeError, match="another signal"):
        parcel_of(Body((DATA / "corpus" / capture.file).read_bytes()))


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (Body(b"{}"), {"content-type": "application/json"}),
        (Body(sample(counted(), NOW_NS).body), {"content-type": "application/x-protobuf"}),
        (Body(b"{}", "application/x-protobuf"), {"content-type": "application/x-protobuf"}),
        (Body(b"\x1f\x8b..."), {"content-type": "application/x-protobuf", "content-encoding": "gzip"}),
    ],
)
def test_a_body_gets_the_headers_that_say_how_to_read_it(body, headers):
    assert parcel_of(body).headers == headers


def test_what_cannot_be_read_here_is_left_to_the_endpoint():
    assert contents_of(Body(b"{")) == ([], 0)
