"""Redaction of OTLP's protobuf, message by message.

Takes   the inflated body of a request that `decode` has read.
Gives   the same bytes when nothing was replaced; else the messages again, with what they hold besides as it was.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, KeyValue, KeyValueList

from raygate.decode import schema
from raygate.decode.decoded import TEXT_CUT, Notes
from raygate.decode.key_values import KeyValues, remembering
from raygate.decode.limits import Tally
from raygate.decode.values import text
from raygate.errors import DecodeError
from raygate.redact import Redaction
from raygate.settings import Settings
from raygate.span import Value


class Plan(NamedTuple):
    """What is looked at in one kind of message."""

    parse: Callable[[bytes, Tally], Any]
    parts: Mapping[str, str] = {}
    """Fields that hold messages, each with the plan for them; `key_value` is none."""
    text: str = ""
    """The field that holds a text."""


ATTRIBUTES: Final = {"attributes": "key_value"}
PLANS: Final = {
    "request": Plan(schema.parse_request, {"resource_spans": "resource_spans"}),
    "resource_spans": Plan(
        schema.parse_resource_spans,
        {"resource": "resource", "scope_spans": "scope_spans", "old_scope_spans": "scope_spans"},
    ),
    "resource": Plan(schema.parse_resource, ATTRIBUTES),
    "scope_spans": Plan(schema.parse_scope_spans, {"spans": "span"}),
    "span": Plan(schema.parse_span, {**ATTRIBUTES, "events": "event", "links": "link", "status": "status"}, "name"),
    "event": Plan(schema.parse_event, ATTRIBUTES, "name"),
    "link": Plan(schema.parse_link, ATTRIBUTES),
    "status": Plan(schema.parse_status, text="message"),
}


def redacted(body: bytes, settings: Settings, redaction: Redaction) -> bytes:
    """The body without secrets."""
    notes, tally = Notes(), Tally(settings)
    with remembering(notes, tally) as key_values:
        return _Walk(key_values, notes, tally, redaction).message("request", body)


class _Walk:
    """One request, all the way down."""

    def __init__(self, key_values: KeyValues, notes: Notes, tally: Tally, redaction: Redaction) -> None:
        self._key_values = key_values
        self._notes = notes
        self._tally = tally
        self._redaction = redaction
        self._known: dict[bytes, bytes] = {}
        """Key-values, which repeat from span to span."""

    def message(self, kind: str, raw: bytes) -> bytes:
        """The message without secrets; the same object when it had none."""
        plan = PLANS[kind]
        try:
            message = plan.parse(raw, self._tally)
        except DecodeError:
            return raw  # only spans in the field that OTLP gave up, which nobody reads then
        changed = [self._parts(getattr(message, name), part) for name, part in plan.parts.items()]
        if plan.text:
            changed.append(self._text(message, plan.text))
        clean: bytes = message.SerializeToString() if any(changed) else raw
        return clean

    def _parts(self, raws: Any, kind: str) -> bool:
        changed = False
        for index, raw in enumerate(raws[:]):
            clean = self._key_value(raw) if kind == "key_value" else self.message(kind, raw)
            if clean is not raw:
                raws[index] = clean
                changed = True
        return changed

    def _text(self, message: Any, name: str) -> bool:
        cut = self._notes.kinds.get(TEXT_CUT)
        given = text(getattr(message, name), self._notes)
        clean = self._redaction.attributes({"": given})[""]
        if clean is given and self._notes.kinds.get(TEXT_CUT) == cut:
            return False
        setattr(message, name, str(clean).encode())
        return True

    def _key_value(self, raw: bytes) -> bytes:
        clean = self._known.get(raw)
        if clean is None:
            clean = self._known[raw] = self._redacted(raw)
        return raw if clean == raw else clean

    def _redacted(self, raw: bytes) -> bytes:
        cut = self._notes.kinds.get(TEXT_CUT)
        key, value = self._key_values[raw]
        given = {key: value}
        clean = self._redaction.attributes(given)
        if clean is given and self._notes.kinds.get(TEXT_CUT) == cut:
            return raw
        return KeyValue(key=key, value=_any_value(clean[key])).SerializeToString()


def _any_value(value: Value) -> AnyValue:
    if isinstance(value, dict):
        pairs = [KeyValue(key=key, value=_any_value(inner)) for key, inner in value.items()]
        return AnyValue(kvlist_value=KeyValueList(values=pairs))
    if isinstance(value, list):
        return AnyValue(array_value=ArrayValue(values=map(_any_value, value)))
    encoded = AnyValue()
    if value is not None:
        setattr(encoded, FIELDS[type(value)], value)
    return encoded


FIELDS: Final[dict[type, str]] = {
    str: "string_value",
    bool: "bool_value",
    int: "int_value",
    float: "double_value",
    bytes: "bytes_value",
}
