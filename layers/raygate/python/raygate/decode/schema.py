"""OTLP's messages as Python reads them fastest: the same wire format, with less made of it.

Gives   `parse_span` and its like: bytes → message, strict. `plain_span` for most spans.
Raises  `DecodeError` for bytes that are no such message, and for a known field sent with another wire type;
        `TooLargeError` for a message of which too much is unknown.
Source  the descriptors of opentelemetry-proto, changed as follows and kept in a pool of their own.

* Strings are `bytes`: the stock parser refuses a whole request for one string that is not UTF-8, and senders do that.
* What is in `RAW` is not parsed but handed over as `repeated bytes`. Attributes can so be looked up by their bytes,
  most having been seen before; spans and events are counted before memory is spent on them; and what OTLP has once,
  but a joined message can hold twice, is merged by joining, which is what protobuf means by merging.
* `PlainSpan` is a span without the fields in `RARE`, which then count as unknown: that there are no unknown ones says
  that all of those are empty, for a tenth of what asking for each of them takes, and otherwise they are among them.
* What only profiles have is not there: it counts as unknown, and so takes nothing away from a value beside it.
* Field 1000 of ResourceSpans, where senders of 2021 had their spans, is there again.
"""

from collections.abc import Callable
from typing import Any, Final, TypeAlias

from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto, FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import DecodeError as ProtobufError
from google.protobuf.message_factory import GetMessageClass
from google.protobuf.unknown_fields import UnknownFieldSet
from opentelemetry.proto.common.v1 import common_pb2
from opentelemetry.proto.resource.v1 import resource_pb2
from opentelemetry.proto.trace.v1 import trace_pb2

from raygate.decode.limits import MOST_UNKNOWN_BYTES, Tally
from raygate.errors import DecodeError, TooLargeError

RAW: Final = frozenset(
    {"resource_spans", "resource", "scope_spans", "scope", "spans", "attributes", "events", "links", "status"}
)
OLD_SCOPE_SPANS: Final = 1000

OF_PROFILES: Final = frozenset({"key_strindex", "string_value_strindex"})
"""Indices of strings that are somewhere else in a profile."""

TRACE_STATE, EVENTS, LINKS = RARE = (3, 11, 13)
"""Nine spans of ten have none of these. Counts of what was dropped are not among them: some senders send zeros."""

LENGTH_DELIMITED: Final = 2
"""The wire type of all of them."""

RareFields: TypeAlias = tuple[list[bytes], list[bytes], bytes]
"""Events, links, trace state."""

LONGEST_PLAIN: Final = 16_384
"""Bytes. Looking at unknown fields can take forty times their size in memory."""

_POOL: Final = DescriptorPool()


def _lean(message: DescriptorProto) -> None:
    known = [field for field in message.field if field.name not in OF_PROFILES]
    del message.field[:]
    message.field.extend(known)
    for field in message.field:
        if field.type == FieldDescriptorProto.TYPE_STRING:
            field.type = FieldDescriptorProto.TYPE_BYTES
        elif field.name in RAW:
            _make_raw(field)
    for nested in message.nested_type:
        _lean(nested)
    if message.name == "ResourceSpans":
        del message.reserved_range[:]
        _make_raw(message.field.add(name="old_scope_spans", number=OLD_SCOPE_SPANS))


def _add_plain_span(span: DescriptorProto, plain: DescriptorProto) -> None:
    plain.name = "PlainSpan"
    plain.field.extend(field for field in span.field if field.number not in RARE)


def _make_raw(field: FieldDescriptorProto) -> None:
    field.type = FieldDescriptorProto.TYPE_BYTES
    field.label = FieldDescriptorProto.LABEL_REPEATED
    field.ClearField("type_name")


for _module in (common_pb2, resource_pb2, trace_pb2):
    _file = FileDescriptorProto.FromString(_module.DESCRIPTOR.serialized_pb)
    for _message in _file.message_type:
        _lean(_message)
        if _message.name == "Span":
            _add_plain_span(_message, _file.message_type.add())
    _POOL.AddSerializedFile(_file.SerializeToString())


def _reader(name: str) -> Callable[[bytes], Any]:
    from_string: Callable[[bytes], Any] = GetMessageClass(
        _POOL.FindMessageTypeByName(f"opentelemetry.proto.{name}")
    ).FromString
    return from_string


def _parser(name: str) -> Callable[[bytes, Tally], Any]:
    from_string = _reader(name)
    called = name.rpartition(".")[2]

    def parse(raw: bytes, tally: Tally) -> Any:
        try:
            if len(raw) > MOST_UNKNOWN_BYTES:
                refuse_much_unknown(from_string(raw))
            message = from_string(raw)
        except ProtobufError as error:
            raise DecodeError(f"not a valid {called} message") from error
        count = len(UnknownFieldSet(message))
        if count:
            tally.unknown(count)
            refuse_other_wire_types(message)
        return message

    return parse


def rare_fields(unknown: UnknownFieldSet) -> RareFields | None:
    """Those of a plain span, by what is unknown to it; None where there is more than that, or another wire type."""
    events: list[bytes] = []
    links: list[bytes] = []
    trace_state = b""
    for field in unknown:  # type: ignore[attr-defined]  # a sequence, which its stub does not say
        number = field.field_number
        if field.wire_type != LENGTH_DELIMITED:
            return None
        if number == EVENTS:
            events.append(field.data)
        elif number == LINKS:
            links.append(field.data)
        elif number == TRACE_STATE:
            trace_state = field.data
        else:
            return None
    return events, links, trace_state


def refuse_much_unknown(message: Any) -> None:
    """Looking at unknown fields would take too long. The message is used up."""
    size = message.ByteSize()
    message.DiscardUnknownFields()
    if size - message.ByteSize() > MOST_UNKNOWN_BYTES:
        raise TooLargeError(f"more than {MOST_UNKNOWN_BYTES} bytes of fields that OTLP does not have")


def refuse_other_wire_types(message: Any) -> None:
    """The parser puts a known field with another wire type among the unknown ones: what it says would be lost."""
    unknown = UnknownFieldSet(message)
    numbers = {unknown[index].field_number for index in range(len(unknown))}
    numbers.discard(OLD_SCOPE_SPANS)
    if not numbers.isdisjoint(message.DESCRIPTOR.fields_by_number):
        raise DecodeError(f"a field of {message.DESCRIPTOR.name} has another wire type than OTLP's")


parse_request: Final = _parser("trace.v1.TracesData")
"""`TracesData` has the fields of `ExportTraceServiceRequest`."""
parse_resource_spans: Final = _parser("trace.v1.ResourceSpans")
parse_scope_spans: Final = _parser("trace.v1.ScopeSpans")
parse_span: Final = _parser("trace.v1.Span")
plain_span: Final = _reader("trace.v1.PlainSpan")
"""Raises protobuf's own error. All that the bytes say when none of its fields is unknown."""
parse_event: Final = _parser("trace.v1.Span.Event")
parse_link: Final = _parser("trace.v1.Span.Link")
parse_status: Final = _parser("trace.v1.Status")
parse_resource: Final = _parser("resource.v1.Resource")
parse_scope: Final = _parser("common.v1.InstrumentationScope")
parse_key_value: Final = _parser("common.v1.KeyValue")
