"""A test trace: an order in a small shop, four services, a failure that was retried, a queue with its worker.

Takes   chance and the time, as arguments: identifiers are new ones each time.
Gives   `Sample`: an OTLP request in protobuf, its trace id, how many spans. `most` cuts it: children go first.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, InstrumentationScope, KeyValue
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, Status

from raygate import __version__

Attributes = Mapping[str, str | int]

NO_PARENT: Final = -1
SCOPE: Final = "raygate send"
MILLISECOND: Final = 1_000_000
LONG_AGO_NS: Final = 600 * MILLISECOND
"""It ends before now, so that no clock is ahead."""


class Step(NamedTuple):
    """One span: who, what, under which one, when, and what it says."""

    service: str
    name: str
    kind: "Span.SpanKind.ValueType"
    parent: int
    start_ms: int
    end_ms: int
    attributes: Attributes
    failure: str = ""


def _served(method: str, path: str, host: str, status: int) -> Attributes:
    return {
        "http.request.method": method,
        "url.scheme": "https",
        "server.address": host,
        "url.path": path,
        "http.route": path,
        "http.response.status_code": status,
    }


def _called(method: str, url: str, status: int) -> Attributes:
    return {"http.request.method": method, "url.full": url, "http.response.status_code": status}


CHARGE: Final = "https://payment.example.com/charge"
STOCK: Final[Attributes] = {
    "db.system.name": "postgresql",
    "db.namespace": "warehouse",
    "db.query.text": "SELECT amount FROM stock WHERE item = $1",
    "server.address": "db.internal",
    "server.port": 5432,
}
PUT_ITEM: Final[Attributes] = {
    "rpc.system": "aws-api",
    "rpc.service": "DynamoDB",
    "rpc.method": "PutItem",
    "aws.dynamodb.table_names": "orders",
    "cloud.region": "eu-west-1",
    "http.response.status_code": 200,
}
SENT: Final[Attributes] = {
    "messaging.system": "aws_sqs",
    "messaging.destination.name": "mails",
    "messaging.operation.type": "send",
}
RECEIVED: Final[Attributes] = {**SENT, "messaging.operation.type": "process"}

STEPS: Final = (
    Step(
        "storefront", "POST /checkout", Span.SPAN_KIND_SERVER, NO_PARENT, 0, 420,
        {**_served("POST", "/checkout", "shop.example.com", 200), "user.id": "ada"},
    ),
    Step(
        "storefront", "POST", Span.SPAN_KIND_CLIENT, 0, 12, 408,
        _called("POST", "https://orders.example.com/orders", 200),
    ),
    Step(
        "orders", "POST /orders", Span.SPAN_KIND_SERVER, 1, 18, 402,
        _served("POST", "/orders", "orders.example.com", 200),
    ),
    Step("orders", "check stock", Span.SPAN_KIND_INTERNAL, 2, 25, 118, {"order.items": 3}),
    Step("orders", "SELECT stock", Span.SPAN_KIND_CLIENT, 3, 30, 112, STOCK),
    Step("orders", "DynamoDB.PutItem", Span.SPAN_KIND_CLIENT, 2, 122, 178, PUT_ITEM),
    Step("orders", "POST", Span.SPAN_KIND_CLIENT, 2, 184, 262, _called("POST", CHARGE, 503), "503"),
    Step(
        "payment", "POST /charge", Span.SPAN_KIND_SERVER, 6, 190, 256,
        _served("POST", "/charge", "payment.example.com", 503), "the bank did not answer",
    ),
    Step("orders", "POST", Span.SPAN_KIND_CLIENT, 2, 282, 380, _called("POST", CHARGE, 200)),
    Step(
        "payment", "POST /charge", Span.SPAN_KIND_SERVER, 8, 288, 374,
        _served("POST", "/charge", "payment.example.com", 200),
    ),
    Step("orders", "send mails", Span.SPAN_KIND_PRODUCER, 2, 384, 396, SENT),
    Step("mailer", "process mails", Span.SPAN_KIND_CONSUMER, 10, 430, 520, RECEIVED),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sample:
    """A request, ready to be sent."""

    body: bytes
    trace_id: str
    spans: int


def sample(random_bytes: Callable[[int], bytes], now_ns: int, most: int = len(STEPS)) -> Sample:
    """One trace of at most so many spans."""
    steps = STEPS[:most]
    trace_id = (now_ns // 1_000_000_000).to_bytes(4, "big") + random_bytes(12)
    ids = [random_bytes(8) for _ in steps]
    services: dict[str, list[Span]] = {}
    for step, span_id in zip(steps, ids, strict=True):
        parent_id = b"" if step.parent == NO_PARENT else ids[step.parent]
        services.setdefault(step.service, []).append(_span(step, trace_id, span_id, parent_id, now_ns - LONG_AGO_NS))
    request = ExportTraceServiceRequest(
        resource_spans=[_resource_spans(service, spans) for service, spans in services.items()]
    )
    return Sample(request.SerializeToString(), trace_id.hex(), len(steps))


def together(samples: list[Sample]) -> bytes:
    """Several requests as one: repeated fields of protobuf are joined by writing them one after the other."""
    return b"".join(one.body for one in samples)


def _span(step: Step, trace_id: bytes, span_id: bytes, parent_id: bytes, start_ns: int) -> Span:
    span = Span(
        trace_id=trace_id,
        span_id=span_id,
        parent_span_id=parent_id,
        name=step.name,
        kind=step.kind,
        start_time_unix_nano=start_ns + step.start_ms * MILLISECOND,
        end_time_unix_nano=start_ns + step.end_ms * MILLISECOND,
        attributes=_attributes(step.attributes),
    )
    if step.failure:
        span.status.CopyFrom(Status(code=Status.STATUS_CODE_ERROR, message=step.failure))
        told = {"exception.type": "ServiceUnavailable", "exception.message": step.failure}
        span.events.add(name="exception", time_unix_nano=span.end_time_unix_nano, attributes=_attributes(told))
    return span


def _resource_spans(service: str, spans: list[Span]) -> ResourceSpans:
    told = {"service.name": service, "service.version": __version__, "telemetry.sdk.name": SCOPE}
    scope = ScopeSpans(scope=InstrumentationScope(name=SCOPE, version=__version__), spans=spans)
    return ResourceSpans(resource=Resource(attributes=_attributes(told)), scope_spans=[scope])


def _attributes(told: Attributes) -> list[KeyValue]:
    return [KeyValue(key=key, value=_any(value)) for key, value in told.items()]


def _any(value: str | int) -> AnyValue:
    return AnyValue(string_value=value) if isinstance(value, str) else AnyValue(int_value=value)
