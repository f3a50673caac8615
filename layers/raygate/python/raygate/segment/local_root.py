"""Local roots: what becomes of the document of a span that is the first of its service.

Takes   a span whose attribute `aws.span.kind` is `LOCAL_ROOT`, and the builder of documents.
Gives   for a server's or internal span one document, a segment; for the others two: the call that the span
        makes, as a subsegment, and the service that makes it, as a segment around it with an id of its own.
Source  xray-conversion.md, section 22.
"""

from typing import Any

from raygate.repeated import without
from raygate.segment import ids, kind
from raygate.segment.aws import CALL_MEMBERS
from raygate.segment.document import Builder, Document
from raygate.segment.leftovers import RESOURCE_PREFIX
from raygate.segment.naming import remote_service
from raygate.segment.values import text
from raygate.span import CONSUMER, Span, copy_of

OF_THE_CALL = ("aws.remote.service", "aws.remote.operation", "remoteTarget", "K8s.RemoteNamespace")


def convert(span: Span, builder: Builder) -> list[Document]:
    """The documents of a local root."""
    if not kind.is_split(span):
        return [_as_segment(builder.build(span))]
    segment_id = ids.derived(span.trace_id, span.span_id, "service segment")
    return [_dependency(span, builder, segment_id), _service(span, builder, segment_id)]


def _as_segment(document: Document) -> Document:
    document.pop("type", None)
    document.pop("namespace", None)
    return document


def _dependency(span: Span, builder: Builder, segment_id: str) -> Document:
    call = copy_of(span)
    call.parent_span_id = segment_id
    document = builder.build(call)
    document["type"] = "subsegment"
    document.setdefault("namespace", "remote")
    if span.kind == CONSUMER:
        document.pop("links", None)
    if "aws.remote.service" in span.first:
        document["name"] = remote_service(span.first) or None
    return document


def _service(span: Span, builder: Builder, segment_id: str) -> Document:
    around = copy_of(span)
    around.span_id = segment_id
    around.attributes, around.first = without(span.attributes, span.first, OF_THE_CALL)
    around.keys = None
    document = _as_segment(builder.build(around))
    if "aws.local.service" in span.first:
        document["name"] = text(span.first, "aws.local.service") or None
    elif "service.name" in span.resource.first:
        document["name"] = text(span.resource.first, "service.name") or None
    document.pop("http", None)
    if span.kind != CONSUMER:
        document.pop("links", None)
    if "aws" in document:
        document["aws"] = {key: value for key, value in document["aws"].items() if key not in CALL_MEMBERS}
    if "metadata" in document:
        document["metadata"] = {key: _of_resource(value) for key, value in document["metadata"].items()}
    return document


def _of_resource(namespace: dict[str, Any] | None) -> dict[str, Any] | None:
    if namespace is None:
        return None
    return {key: value for key, value in namespace.items() if key.startswith(RESOURCE_PREFIX)}
