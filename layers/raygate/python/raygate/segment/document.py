"""One span in, one document out: the blocks, and what they leave over.

Takes   a span, and what is the same for all spans of its resource and for all with the same attribute keys.
Gives   a document as a plain dict; the same span always gives the same document. Parts of it are shared between
        documents: whoever changes one makes a new one.
Raises  `SpanError` for a trace id out of time, where the age is checked.
Source  xray-conversion.md, sections 3 and 5. The blocks do not hand leftovers to each other: each names the
        attributes that it accounts for, and the sum is done here, once.
"""

from typing import Any, TypeAlias

from raygate.memory import KEY_SETS
from raygate.records import dataclass
from raygate.repeated import Repeated
from raygate.segment import (
    annotations,
    aws,
    cause,
    http,
    ids,
    kind,
    leftovers,
    links,
    naming,
    origin,
    service,
    sql,
    timing,
)
from raygate.segment.leftovers import RESOURCE_PREFIX, USER, Leftovers
from raygate.segment.options import Options
from raygate.segment.shape import ALWAYS_CONSUMED, NOTHING, Shape, shapes_of
from raygate.segment.values import text
from raygate.span import STATUS_ERROR, Attributes, Resource, Span

Document: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class OfResource:
    """The parts of a document that are the same for all spans of a resource."""

    origin: str
    service: dict[str, str] | None
    aws: dict[str, Any] | None
    language: str
    stored: Leftovers

    @classmethod
    def of(cls, resource: Resource, options: Options) -> "OfResource":
        """Make them."""
        return cls(
            origin.build(resource) if resource.attributes else "",
            service.build(resource),
            aws.of_resource(resource, options.log_group_names),
            text(resource.first, "telemetry.sdk.language"),
            leftovers.of_resource(resource, shapes_of(options).sorting()),
        )


class Builder:
    """Makes documents under one set of options; keeps what it made of a resource for the resource's next span."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self._shapes = shapes_of(options)
        self.is_doubtful = False
        """The last document made may hold a number that is none."""
        self._resource: Resource | None = None
        self._of_resource: OfResource

    def build(self, span: Span) -> Document:
        """The document of a span, as if no local root were ever split."""
        if span.resource is not self._resource:
            self._of_resource = self._known(span.resource)
            self._resource = span.resource
        keys, in_progress = span.keys, False
        if keys is None:
            keys = KEY_SETS[tuple(span.attributes)]
        shape: Shape = keys.made.get(self._shapes) or self._shapes.of(keys)
        if shape.is_marked:
            span, in_progress = timing.without_marker(span)
            shape = self._shapes.of(KEY_SETS[tuple(span.attributes)])
        if shape.named_by is None:
            name, namespace = naming.without_attributes(span)
        else:
            is_local_root = shape.is_root and kind.is_local_root(span)
            name, namespace = naming.name_and_namespace(span, shape.named_by, is_local_root=is_local_root)
        # Without calls where there is nothing to be found out: for each span, a call costs more than what it would do.
        is_told = shape.status_key or span.status_code == STATUS_ERROR
        fault, error, throttle = cause.flags(span, shape.status_key) if is_told else cause.NO_FLAGS
        trace_id, span_id, now_s = span.trace_id, span.span_id, self.options.now_s
        parent_span_id = span.parent_span_id
        document: Document = {
            "name": name,
            "id": None if span_id in ids.NONE else span_id,
            "trace_id": ids.trace_id(trace_id, now_s) if now_s or not trace_id else f"1-{trace_id[:8]}-{trace_id[8:]}",
            "start_time": span.start_ns / 1e9,  # two roundings, as the exporter has them
            "fault": fault,
            "error": error,
            "throttle": throttle,
        }
        if in_progress:
            document["in_progress"] = True
        else:
            document["end_time"] = span.end_ns / 1e9
        if parent_span_id:
            document["parent_id"] = parent_span_id
        if namespace:
            document["namespace"] = namespace
        if parent_span_id and span.kind not in kind.ALWAYS_SEGMENTS:
            document["type"] = "subsegment"
        if span.links:
            document["links"] = links.build(span.links, now_s)
        self._add_blocks(document, span, shape)
        return document

    def _known(self, resource: Resource) -> OfResource:
        """What was made of the resource before, in this request or an earlier one, under the same options."""
        known: OfResource | None = resource.memo.get(self._shapes)
        if known is None:
            known = resource.memo[self._shapes] = OfResource.of(resource, self.options)
        return known

    def _add_blocks(self, document: Document, span: Span, shape: Shape) -> None:
        """The blocks that account for attributes, and what they leave over."""
        of_resource, used = self._of_resource, NOTHING
        if of_resource.origin:
            document["origin"] = of_resource.origin
        if of_resource.service is not None:
            document["service"] = of_resource.service
        if of_resource.aws is not None:
            of_the_resource = of_resource.aws
            call = shape.call
            document["aws"] = of_the_resource if call is None else aws.of_call(span.attributes, call, of_the_resource)
        if shape.http is not None:
            document["http"] = http.build(span, shape.http)
        if span.events or span.status_code == STATUS_ERROR:
            cause_block, used = cause.build(span, of_resource.language)
            if cause_block is not None:
                document["cause"] = cause_block
        if shape.queries:
            sql_block = sql.build(span)
            if sql_block is not None:
                document["sql"] = sql_block
                used |= sql.CONSUMED
        if shape.has_user and (user := text(span.attributes, USER)):
            document["user"] = user
        self._add_leftovers(document, span, shape, used)

    def _add_leftovers(self, document: Document, span: Span, shape: Shape, used: frozenset[str]) -> None:
        stored = None if "type" in document else self._of_resource.stored
        attributes = self._attributes(span, used) if isinstance(span.first, Repeated) else span.attributes
        asked = annotations.keys_of_span(span.attributes) if shape.asks else None
        if asked is None:
            rest = shape.rests.get(used) or self._shapes.rest(shape, used)
        else:
            rest = self._shapes.rest(shape, used, asked)
            if stored and any(key.startswith(RESOURCE_PREFIX) for key in asked):
                stored = leftovers.of_resource(span.resource, self._shapes.sorting(used, asked))
        self.is_doubtful = leftovers.add(document, attributes, rest, stored) or bool(span.links)

    def _attributes(self, span: Span, used: frozenset[str]) -> Attributes:
        """Of an attribute that comes back because it is to be indexed, the first value: it is looked up by its key."""
        back = self.options.indexed_attributes & (ALWAYS_CONSUMED | used) & span.first.keys()
        return span.attributes | {key: span.first[key] for key in back}
