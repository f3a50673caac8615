"""Every captured request of a real sender, byte for byte and framed as it came, to one running server.

What is expected of a request is derived from the request itself, and from the exporter's documents for it.
"""

import gzip
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from google.protobuf.json_format import MessageToDict
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

from tests.corpus import Captured, captured, golden
from tests.process.reading import documents_of
from tests.process.serving import Answer, Running, ask, running

TYPES = {"application/json", "application/x-protobuf"}

Ids: TypeAlias = tuple[str, str]
"""X-Ray's trace identifier and the document's."""


def test_every_captured_request_is_answered_as_it_deserves_and_every_span_of_it_arrives():
    with running("--xray-port", "0") as server:
        answers = {capture.file: ask(server.address, capture.wire(), capture.method) for capture in captured()}
        assert {file: answer.status for file, answer in answers.items()} == {
            capture.file: status_of(capture) for capture in captured()
        }
        accepted = [capture for capture in captured() if answers[capture.file].status == 200]
        assert {capture.file: told(answers[capture.file]) for capture in accepted} == {
            capture.file: (type_of(capture), sum(not is_valid(*ids) for ids in lost_ids(capture)))
            for capture in accepted
        }
        check_documents(server, accepted)


def check_documents(server: Running, accepted: Sequence[Captured]) -> None:
    """What is in X-Ray is what the exporter makes, and the spans that it loses and we do not."""
    recorded = [document for capture in accepted for document in golden()[capture.file].documents]
    expected = {ids_of(document) for document in recorded if is_id(document["id"])}
    expected |= {xray_ids(*ids) for capture in accepted for ids in lost_ids(capture) if is_valid(*ids)}
    arrived = {ids_of(one) for one in documents_of(server, *sorted({trace_id for trace_id, _ in expected}))}
    # The second document of a split span has an identifier of the recording's own making, the same each time.
    made = {(one["trace_id"], one["start_time"], one["name"]) for one in recorded if not is_id(one["id"])}
    assert expected - arrived == set()
    assert len(arrived - expected) == len(made)


def status_of(capture: Captured) -> int:
    """The status that the specification gives."""
    if capture.path.partition("?")[0] != "/v1/traces":
        return 404
    if capture.method == "OPTIONS" and capture.header("origin"):
        return 204
    if capture.method != "POST":
        return 405
    if type_of(capture) not in TYPES:
        return 415
    if not is_readable(capture):
        return 400
    has_none = not golden()[capture.file].spans and any(True for _ in spans_of(capture))
    return 400 if has_none and not any(is_valid(*ids) for ids in spans_of(capture)) else 200


def type_of(capture: Captured) -> str:
    return capture.header("content-type").partition(";")[0]


def is_readable(capture: Captured) -> bool:
    """What the collector reads, and JSON whose only fault is an identifier."""
    if not any(error.startswith("unmarshal") for error in golden()[capture.file].errors):
        return True
    try:
        return isinstance(json.loads(capture.body), dict)
    except ValueError:
        return False


def lost_ids(capture: Captured) -> list[Ids]:
    """The identifiers of the spans without a document of the exporter."""
    recorded = golden()[capture.file]
    if recorded.spans and not recorded.errors:
        return []
    spans = list(spans_of(capture))
    if not recorded.spans:  # refused as a whole, or of a form that the collector does not read
        return spans
    return [spans[int(error.split()[1].rstrip(":"))] for error in recorded.errors]


def spans_of(capture: Captured) -> Iterator[Ids]:
    """The identifiers of a request's spans, as they were sent."""
    body = gzip.decompress(capture.body) if capture.header("content-encoding") == "gzip" else capture.body
    if type_of(capture) == "application/json":
        for resource in json.loads(body).get("resourceSpans", ()):
            for scope in resource.get("scopeSpans") or resource["instrumentationLibrarySpans"]:
                yield from ((span.get("traceId", ""), span.get("spanId", "")) for span in scope["spans"])
    else:
        for resources in ExportTraceServiceRequest.FromString(body).resource_spans:
            for scopes in resources.scope_spans:
                yield from ((span.trace_id.hex(), span.span_id.hex()) for span in scopes.spans)


def is_valid(trace_id: str, span_id: str) -> bool:
    """Digits of the right number that are not all zero."""
    lengths = ((trace_id, 32), (span_id, 16))
    return all(re.fullmatch(rf"(?!0+$)[0-9a-fA-F]{{{digits}}}", text) for text, digits in lengths)


def xray_ids(trace_id: str, span_id: str) -> Ids:
    digits = trace_id.lower()
    return f"1-{digits[:8]}-{digits[8:]}", span_id.lower()


def is_id(text: str) -> bool:
    return re.fullmatch("[0-9a-f]{16}", text) is not None


def ids_of(document: dict[str, Any]) -> Ids:
    return document["trace_id"], document["id"]


def told(answer: Answer) -> tuple[str, int]:
    """The answer's type, and how many spans the sender is told to be lost."""
    content_type = answer.headers["content-type"]
    if content_type == "application/json":
        reply = json.loads(answer.body)
    else:
        reply = MessageToDict(ExportTraceServiceResponse.FromString(answer.body))
    return content_type, int(reply.get("partialSuccess", {}).get("rejectedSpans", 0))
