"""OpenTelemetry's own Python SDK sends to the running server, and its trace is read back as from X-Ray."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from opentelemetry.exporter.otlp.json.http.trace_exporter import OTLPSpanExporter as JsonExporter
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as ProtobufExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace import SpanKind, format_trace_id

from tests.process.reading import documents_of
from tests.process.serving import Running

EXPORTERS: dict[str, Callable[[str], SpanExporter]] = {
    "protobuf": lambda url: ProtobufExporter(endpoint=url),
    "protobuf-gzip": lambda url: ProtobufExporter(endpoint=url, compression=Compression.Gzip),
    "protobuf-deflate": lambda url: ProtobufExporter(endpoint=url, compression=Compression.Deflate),
    "json": lambda url: JsonExporter(endpoint=url),
}


def a_shop(exporter: SpanExporter) -> str:
    """Do some traced work, send it; the X-Ray identifier of its trace."""
    provider = TracerProvider(resource=Resource({"service.name": "shop"}))
    provider.add_span_processor(BatchSpanProcessor(exporter))
    tracer = provider.get_tracer("test")
    with tracer.start_as_current_span("GET /orders", kind=SpanKind.SERVER) as server:
        server.set_attributes({"http.request.method": "GET", "url.path": "/orders", "http.response.status_code": 200})
        with tracer.start_as_current_span("SELECT orders", kind=SpanKind.CLIENT) as client:
            client.set_attributes({"db.system.name": "postgresql", "db.query.text": "SELECT 1"})
        with tracer.start_as_current_span("count") as inner:
            inner.record_exception(ValueError("too many"))
    provider.shutdown()
    digits = format_trace_id(server.get_span_context().trace_id)
    return f"1-{digits[:8]}-{digits[8:]}"


@pytest.mark.parametrize("exporter", EXPORTERS)
def test_a_trace_of_the_sdk_arrives(server: Running, exporter):
    trace_id = a_shop(EXPORTERS[exporter](f"{server.url}/v1/traces"))
    documents: dict[str, dict[str, Any]] = {one["name"]: one for one in documents_of(server, trace_id)}
    assert json.loads(json.dumps(documents["shop"]["http"]))["response"]["status"] == 200
    assert documents["count"]["cause"]["exceptions"][0]["message"] == "too many"
    sql = next(one["sql"] for one in documents.values() if "sql" in one)
    assert sql["sanitized_query"] == "SELECT 1"
