"""The function's handler as an abuser meets it: anyone may send, X-Ray takes everything."""

import json
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from raygate.deliver import Budget
from raygate.ingest import Ingest, Report
from raygate.keys.authorizer import anyone
from raygate.request import Encoding
from raygate.settings import Settings
from raygate_local import gateway
from tests.fake_xray import Store

CONTENT_TYPES: Final[Mapping[Encoding, str]] = {"protobuf": "application/x-protobuf", "json": "application/json"}


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    report: Report
    store: Store

    @property
    def refusal(self) -> str:
        """What the sender is told, when it is not 200."""
        assert self.status != 200
        return self.report.refusal

    @property
    def warning(self) -> str:
        """What the sender is told beside 200."""
        assert self.status == 200
        if self.headers["content-type"] == "application/json":
            told: str = json.loads(self.body).get("partialSuccess", {}).get("errorMessage", "")
            return told
        return ExportTraceServiceResponse.FromString(self.body).partial_success.error_message


def ask(
    body: bytes,
    encoding: Encoding = "protobuf",
    coding: str = "",
    settings: Settings | None = None,
    budget: Budget | None = None,
) -> Answered:
    """Send one request, as the gateway hands it over."""
    store, reports = Store(), list[Report]()
    made = budget or Budget.of(1_000)
    handler = Ingest(settings or Settings(), store.put, anyone, reports.append, budget=lambda _: made)
    headers = [(b"content-type", CONTENT_TYPES[encoding].encode())]
    if coding:
        headers.append((b"content-encoding", coding.encode()))
    result: dict[str, Any] = handler(gateway.event(gateway.Call("POST", b"/v1/traces", headers, body)))
    (report,) = reports
    assert report.accident is None
    text = result["body"]
    answer = b64decode(text) if result["isBase64Encoded"] else text.encode()
    return Answered(result["statusCode"], result["headers"], answer, report, store)
