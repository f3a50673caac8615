"""Every captured request of a real sender is read as the released collector reads it, or better."""

import pytest

from raygate.decode import Decoded, decode, read
from raygate.errors import DecodeError
from raygate.request import Request
from raygate.settings import Settings
from tests.corpus import Captured, captured, captured_one, golden

POSTED = [capture for capture in captured() if capture.method == "POST"]
TRACES = [capture for capture in POSTED if capture.path.split("?")[0].endswith(("/v1/traces", "/traces"))]

SPANS = {
    # What the collector does not read, or refuses as a whole.
    "curl/009-curl-json-bad-ids.http.json": 4,
    "otel-js-collector-0.25-json/001-otel-js-collector-0.25-json-generate.http.json": 2,
    "otel-js-collector-0.25-json/002-otel-js-collector-0.25-json-links.http.json": 1,
}
REFUSED = {"curl/008-curl-json-invalid.http.json"}


def request_of(capture: Captured) -> Request:
    encoding = "protobuf" if "protobuf" in capture.header("content-type") else "json"
    return Request(capture.body, encoding, capture.header("content-encoding"))  # type: ignore[arg-type]


def decoded_of(file: str) -> Decoded:
    return decode(request_of(captured_one(file)), Settings())


@pytest.mark.parametrize("capture", TRACES, ids=lambda capture: capture.file)
def test_each_captured_request_has_the_spans_that_the_collector_reads(capture):
    if capture.file in REFUSED:
        with pytest.raises(DecodeError):
            read(request_of(capture), Settings())
        return
    spans = read(request_of(capture), Settings()).spans
    assert len(spans) == SPANS.get(capture.file, golden()[capture.file].spans)


@pytest.mark.parametrize("capture", TRACES, ids=lambda capture: capture.file)
def test_no_span_of_a_real_sender_is_rejected_but_those_with_bad_identifiers(capture):
    if capture.file in REFUSED:
        return
    decoded = decode(request_of(capture), Settings())
    if capture.file == "curl/009-curl-json-bad-ids.http.json":
        assert decoded.spans == []
    else:
        assert decoded.rejected == []


@pytest.mark.parametrize(
    "capture", [capture for capture in POSTED if capture not in TRACES], ids=lambda capture: capture.file
)
def test_another_signal_gives_no_span(capture):
    try:
        decoded = decode(request_of(capture), Settings())
    except DecodeError:
        return
    assert decoded.spans == []
    assert decoded.rejected or decoded.warnings


def test_a_link_without_a_context_is_dropped():
    decoded = decoded_of("otel-go-json/006-otel-go-json-links.http.json")
    assert decoded.warnings == ["links dropped, their identifiers are invalid (1)"]


def test_upper_case_identifiers_of_go_are_lower_case():
    decoded = decoded_of("otel-go-json/006-otel-go-json-links.http.json")
    ids = "".join(span.trace_id + span.span_id + span.parent_span_id for span in decoded.spans)
    assert ids == ids.lower() != ids.upper()


def test_one_resource_for_each_span_is_one_object():
    per_span = [capture for capture in TRACES if capture.client.startswith(("spring", "fluent-bit"))]
    assert per_span
    for capture in per_span:
        resources = [span.resource for span in read(request_of(capture), Settings()).spans]
        assert len({id(one) for one in resources}) == len({repr(one) for one in resources})
