"""How the services of this program are traced.

Takes   `OTEL_HOST_ADDR`, where the spans go: `host`, `host:port` or a URL; and the standard `OTEL_EXPORTER_OTLP_*`
        variables, which win.
Gives   `provider_of`: a tracer provider for a service. Several live in this program, so none is the global one.
"""

import os
from urllib.parse import urlsplit

from opentelemetry import propagate
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.propagators.composite import CompositePropagator
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

DEFAULT = "127.0.0.1:4318"
PORT = 4318
DELAY_MS = 500
"""Spans wait that long for others."""

propagate.set_global_textmap(CompositePropagator([TraceContextTextMapPropagator()]))


def endpoint(address: str) -> str:
    """`fluent-bit:3000` → `http://fluent-bit:3000/v1/traces`; a URL stays what it is, but for the path."""
    url = address if "://" in address else f"http://{address}"
    parts = urlsplit(url)
    port = "" if parts.port or parts.scheme == "https" else f":{PORT}"
    return f"{parts.scheme}://{parts.netloc}{port}{parts.path.rstrip('/')}/v1/traces"


def provider_of(service: str, version: str = "1.0.0") -> TracerProvider:
    """The service's tracers."""
    resource = Resource.create({"service.name": service, "service.version": version, "deployment.environment": "demo"})
    provider = TracerProvider(resource=resource)
    address = None if _is_set_up() else endpoint(os.environ.get("OTEL_HOST_ADDR") or DEFAULT)
    exporter = OTLPSpanExporter(endpoint=address)
    provider.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=DELAY_MS))
    return provider


def _is_set_up() -> bool:
    return any(os.environ.get(f"OTEL_EXPORTER_OTLP{part}_ENDPOINT") for part in ("", "_TRACES"))
