"""OTLP over gRPC as real senders do it, to `raygate serve`."""

import pytest
from grpc import Compression
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SpanExportResult

from tests.process.reading import documents_of
from tests.process.serving import TIMEOUT_S, raygate, running
from tests.process.told import address_of

GRPC = r"OTLP over gRPC is taken on (\S+)"


def spans(service: str) -> tuple[str, list[ReadableSpan]]:
    """A parent and a child, finished; and X-Ray's name for their trace."""
    tracer = TracerProvider(resource=Resource({"service.name": service})).get_tracer("test")
    with tracer.start_as_current_span("parent") as parent, tracer.start_as_current_span("child") as child:
        child.set_attribute("much", "x" * 5_000)
    digits = f"{parent.get_span_context().trace_id:032x}"
    assert isinstance(parent, ReadableSpan)
    assert isinstance(child, ReadableSpan)
    return f"1-{digits[:8]}-{digits[8:]}", [parent, child]


@pytest.mark.parametrize("key", ["right", "wrong"])
def test_the_python_exporter_with_gzip_and_a_key(tmp_path, key):
    file, token = str(tmp_path / "keys.json"), "test-token-1"
    assert raygate("keys", "create", "--file", file, "--tenant", "shop", "--token", token)[0] == 0
    trace_id, finished = spans("over-grpc")
    environ = {"RAYGATE_AUTH": "keys", "RAYGATE_KEYS_FILE": file}
    with running("--xray-port", "0", "--grpc-port", "0", environ=environ) as server:
        host, port = address_of(server, GRPC)
        exporter = OTLPSpanExporter(
            endpoint=f"http://{host}:{port}",
            insecure=True,
            headers={"x-api-key": token if key == "right" else "another"},
            compression=Compression.Gzip,
            timeout=30,
        )
        result = exporter.export(finished)
        exporter.shutdown()
        if key == "wrong":
            assert result is SpanExportResult.FAILURE
            assert server.line().startswith("answered 401: ")
            return
        assert result is SpanExportResult.SUCCESS
        assert server.line().startswith(f"trace {trace_id}  2 documents  parent")
        assert {one["name"] for one in documents_of(server, trace_id)} == {"parent", "child"}
        server.process.terminate()
        assert server.process.wait(TIMEOUT_S) == 0
