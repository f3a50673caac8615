"""OTLP over gRPC: real calls on 127.0.0.1, through the real handler."""

import socket
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import grpc
import pytest
from botocore.exceptions import EndpointConnectionError
from google.rpc.error_details_pb2 import RetryInfo
from google.rpc.status_pb2 import Status
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor

from raygate.decode import decode
from raygate.decode.body import inflate
from raygate.errors import CredentialsError, DecodeError
from raygate.ingest import Ingest
from raygate.keys import Presented, Principal
from raygate.request import Encoding, Request
from raygate.settings import Settings
from raygate_local import otlp_grpc
from raygate_local.gateway import Call, event
from raygate_local.listening import ListenError
from tests.corpus import Captured, captured
from tests.reencoded import message_of

EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
KEY = "test-token-1"
LIMITS = Settings()


def a_span(**fields: Any) -> Span:
    plausible: dict[str, Any] = {
        "trace_id": bytes.fromhex("5b8efff798038103d269b633813fc60c"),
        "span_id": bytes.fromhex("eee19b7ec3c1b174"),
        "name": "GET /items",
        "start_time_unix_nano": 1_790_000_000_000_000_000,
        "end_time_unix_nano": 1_790_000_001_000_000_000,
    }
    return Span(**plausible | fields)


def request_of(spans: Sequence[Span]) -> bytes:
    resource = ResourceSpans(scope_spans=[ScopeSpans(spans=spans)])
    return ExportTraceServiceRequest(resource_spans=[resource]).SerializeToString()


A_SPAN = request_of([a_span()])


class XRay:
    """Takes everything, or fails as it is told."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.error: Exception | None = None

    def put(self, texts: list[str]) -> dict[str, Any]:
        if self.error:
            raise self.error
        self.texts += texts
        return {"UnprocessedTraceSegments": []}


def guard(presented: Presented) -> Principal:
    if KEY not in presented.tokens:
        raise CredentialsError("this key is not known")
    return Principal(tenant="shop", key_id="k1")


@pytest.fixture
def xray() -> XRay:
    return XRay()


@pytest.fixture
def address(xray) -> Iterator[str]:
    server = otlp_grpc.serve(Ingest(LIMITS, xray.put, guard, lambda _: None), "127.0.0.1", 0, 1_000_000)
    yield f"127.0.0.1:{server.port}"
    server.stop()


def export(address: str, body: bytes, key: str = KEY, compression: grpc.Compression | None = None) -> bytes:
    with grpc.insecure_channel(address) as channel:
        call = channel.unary_unary(EXPORT)
        metadata = [("authorization", f"Bearer {key}")]
        answer: bytes = call(body, metadata=metadata, timeout=20, compression=compression)
        return answer


def refusal(address: str, body: bytes, key: str = KEY) -> tuple[grpc.StatusCode, str, Status]:
    with pytest.raises(grpc.RpcError) as raised:
        export(address, body, key)
    metadata = dict(raised.value.trailing_metadata())
    return raised.value.code(), raised.value.details(), Status.FromString(metadata.get("grpc-status-details-bin", b""))


def test_the_python_exporter_delivers(address, xray):
    exporter = OTLPSpanExporter(endpoint=f"http://{address}", insecure=True, headers={"authorization": f"Bearer {KEY}"})
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    with provider.get_tracer("test").start_as_current_span("over gRPC"):
        pass
    provider.shutdown()
    assert ['"name":"over gRPC"' in text for text in xray.texts] == [True]


@cache
def captures_with_spans() -> tuple[Captured, ...]:
    """Those of which something can be read, protobuf and JSON."""
    return tuple(one for one in captured() if one.method == "POST" and spans_in(one))


def spans_in(one: Captured) -> int:
    content_type, encoding = one.header("content-type").partition(";")[0], one.header("content-encoding")
    encodings: dict[str, Encoding] = {"application/x-protobuf": "protobuf", "application/json": "json"}
    if content_type not in encodings:
        return 0
    try:
        return len(decode(Request(inflate(one.body, encoding, LIMITS), encodings[content_type]), LIMITS).spans)
    except DecodeError:
        return 0


def documents_over_http(one: Captured) -> list[str]:
    """What the gateway's event makes of the request as it was captured."""
    xray = XRay()
    headers = [(name.lower().encode(), value.encode()) for name, value in one.headers]
    headers.append((b"x-api-key", KEY.encode()))
    Ingest(LIMITS, xray.put, guard, lambda _: None)(event(Call("POST", b"/v1/traces", headers, one.body)), None)
    return sorted(xray.texts)


def test_the_captured_requests_encoded_again_give_the_documents_that_they_give_over_http(address, xray):
    assert len(captures_with_spans()) > 180
    with grpc.insecure_channel(address) as channel:
        call = channel.unary_unary(EXPORT)
        for one in captures_with_spans():
            xray.texts.clear()
            call(message_of(one).SerializeToString(), metadata=[("x-api-key", KEY)], timeout=20)
            assert sorted(xray.texts) == documents_over_http(one), one.file


def test_a_compressed_message_is_read(address, xray):
    export(address, A_SPAN, compression=grpc.Compression.Gzip)
    assert len(xray.texts) == 1


def test_rejected_spans_are_told_in_the_response(address, xray):
    two = [a_span(span_id=bytes(8)), a_span()]
    answer = ExportTraceServiceResponse.FromString(export(address, request_of(two)))
    assert (answer.partial_success.rejected_spans, len(xray.texts)) == (1, 1)
    assert "spanId is all zeros" in answer.partial_success.error_message


@pytest.mark.parametrize(
    ("body", "key", "code", "says"),
    [
        (b"\xff\xff", KEY, 3, "not a valid"),
        (A_SPAN, "another", 16, "not known"),
    ],
)
def test_what_cannot_pass_is_refused_for_good(address, body, key, code, says):
    refused, message, status = refusal(address, body, key)
    assert (refused.value[0], status.code, says in message) == (code, code, True)
    assert not status.details


def test_a_message_that_is_too_large_is_refused_for_good(address):
    code, _, status = refusal(address, request_of([a_span(name="x" * 1_100_000)]))
    assert (code, list(status.details)) == (grpc.StatusCode.RESOURCE_EXHAUSTED, [])


def test_what_may_pass_later_says_when_to_come_again(address, xray):
    xray.error = EndpointConnectionError(endpoint_url="http://127.0.0.1:1")
    code, _, status = refusal(address, A_SPAN)
    retry = RetryInfo()
    assert code is grpc.StatusCode.UNAVAILABLE
    assert status.details[0].Unpack(retry)
    assert retry.retry_delay.seconds > 0


def test_the_health_service_says_serving(address):
    with grpc.insecure_channel(address) as channel:
        answer = health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(service=""), timeout=20)
    assert answer.status == health_pb2.HealthCheckResponse.SERVING


def test_reflection_names_the_trace_service(address):
    with grpc.insecure_channel(address) as channel:
        stub = reflection_pb2_grpc.ServerReflectionStub(channel)
        asked = reflection_pb2.ServerReflectionRequest(list_services="")
        (answer,) = stub.ServerReflectionInfo(iter([asked]), timeout=20)
    names = {service.name for service in answer.list_services_response.service}
    assert "opentelemetry.proto.collector.trace.v1.TraceService" in names


def test_a_port_in_use_is_told_in_a_sentence():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(ListenError, match=r"gRPC: is the port in use\? .*--grpc-port"):
            otlp_grpc.serve(Ingest(LIMITS, XRay().put, guard, lambda _: None), "127.0.0.1", taken.getsockname()[1])
