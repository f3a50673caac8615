"""A captured request as a protobuf message, whatever it came as: what a sender over gRPC would send of the same spans.

Takes   a captured request whose body can be read.
Gives   OTLP's message. Members of JSON that OTLP does not have are left out, and an identifier that is no hexadecimal
        number is lost, as in a sender that makes a message of it.
"""

import json
from base64 import b64encode
from typing import Any, Final

from google.protobuf.json_format import ParseDict
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from raygate.decode.body import inflate
from raygate.settings import Settings
from tests.corpus import Captured

IDENTIFIERS: Final = frozenset({"traceId", "spanId", "parentSpanId"})
"""Hexadecimal in OTLP's JSON, where protobuf's own has base64."""
OLD_NAMES: Final = {"instrumentationLibrarySpans": "scopeSpans", "instrumentationLibrary": "scope"}


def message_of(capture: Captured) -> ExportTraceServiceRequest:
    """The same spans."""
    body = inflate(capture.body, capture.header("content-encoding"), Settings())
    if capture.header("content-type").startswith("application/json"):
        return ParseDict(_plain(json.loads(body)), ExportTraceServiceRequest(), ignore_unknown_fields=True)
    return ExportTraceServiceRequest.FromString(body)


def _plain(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {OLD_NAMES.get(key, key): _plain(one, key) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if name in IDENTIFIERS:
        return b64encode(bytes.fromhex(value)).decode()
    return value
