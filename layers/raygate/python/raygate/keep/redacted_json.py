"""Redaction of OTLP's JSON, in the tree that a parser makes of it.

Takes   the inflated body of a request that `decode` has read.
Gives   the same bytes when nothing was replaced; else JSON with what it holds besides as it was: unknown members stay,
        and numbers keep their digits.
Rules   The original snake_case names are looked at beside the lowerCamelCase ones, also where `decode` ignores them.
"""

from base64 import b64encode
from collections.abc import Mapping
from math import isfinite, isnan
from typing import Any, Final, NamedTuple

import orjson

from raygate.decode import json_text
from raygate.decode.decoded import TEXT_CUT, Notes
from raygate.decode.json_fields import InexactError
from raygate.decode.json_values import pairs
from raygate.decode.values import bounded
from raygate.errors import DecodeError
from raygate.redact import Redaction
from raygate.span import Value


class Plan(NamedTuple):
    """What is looked at in one kind of object."""

    parts: Mapping[str, str] = {}
    """Members that hold objects or lists of them, each with the plan for them; `key_value` is none."""
    text: str = ""
    """The member that holds a text."""


ATTRIBUTES: Final = {"attributes": "key_value"}
PLANS: Final = {
    "request": Plan({"resourceSpans": "resource_spans", "resource_spans": "resource_spans"}),
    "resource_spans": Plan(
        {
            "resource": "resource",
            "scopeSpans": "scope_spans",
            "scope_spans": "scope_spans",
            "instrumentationLibrarySpans": "scope_spans",
            "instrumentation_library_spans": "scope_spans",
        }
    ),
    "resource": Plan(ATTRIBUTES),
    "scope_spans": Plan({"spans": "span"}),
    "span": Plan({**ATTRIBUTES, "events": "event", "links": "link", "status": "status"}, "name"),
    "event": Plan(ATTRIBUTES, "name"),
    "link": Plan(ATTRIBUTES),
    "status": Plan(text="message"),
}


def redacted(body: bytes, redaction: Redaction) -> bytes:
    """The body without secrets."""
    try:
        walk = _Walk(redaction)
        walk.object("request", json_text.read(body))
        if not walk.changed:
            return body
    except InexactError:
        pass  # it takes the digits to read this one
    walk = _Walk(redaction)
    exact = json_text.read_exactly(body)
    walk.object("request", exact)
    if not walk.changed:
        return body
    return orjson.dumps(
        exact, default=lambda number: orjson.Fragment(str(number)), option=orjson.OPT_PASSTHROUGH_SUBCLASS
    )


class _Walk:
    """One request, all the way down; the tree is changed in place."""

    def __init__(self, redaction: Redaction) -> None:
        self.changed = False
        self._redaction = redaction
        self._notes = Notes()

    def object(self, kind: str, found: Any) -> None:
        """Replace what is secret in an object."""
        if not isinstance(found, dict):
            return
        plan = PLANS[kind]
        for name, part in plan.parts.items():
            held = found.get(name)
            for one in held if isinstance(held, list) else [held]:
                if part == "key_value":
                    self._key_value(one)
                else:
                    self.object(part, one)
        if plan.text and isinstance(given := found.get(plan.text), str):
            self._text(found, plan.text, given)

    def _text(self, found: dict[str, Any], name: str, given: str) -> None:
        short = bounded(given, self._notes)
        clean = self._redaction.attributes({"": short})[""]
        if clean is not given:
            found[name] = clean
            self.changed = True

    def _key_value(self, found: Any) -> None:
        cut = self._notes.kinds.get(TEXT_CUT)
        try:
            ((key, value),) = pairs([found], 1, self._notes, 1)
        except DecodeError:
            return  # only below a name that nobody reads
        given = {key: value}
        clean = self._redaction.attributes(given)
        if clean is not given or self._notes.kinds.get(TEXT_CUT) != cut:
            found["value"] = _any_value(clean[key])
            self.changed = True


def _any_value(value: Value) -> dict[str, Any]:
    if isinstance(value, dict):
        members = [{"key": key, "value": _any_value(inner)} for key, inner in value.items()]
        return {"kvlistValue": {"values": members}}
    if isinstance(value, list):
        return {"arrayValue": {"values": [_any_value(inner) for inner in value]}}
    if isinstance(value, bytes):
        return {"bytesValue": b64encode(value).decode("ascii")}
    if isinstance(value, float):
        return {"doubleValue": value if isfinite(value) else _word(value)}
    return {FIELDS[type(value)]: value} if value is not None else {}


def _word(number: float) -> str:
    return "NaN" if isnan(number) else "Infinity" if number > 0 else "-Infinity"


FIELDS: Final[dict[type, str]] = {str: "stringValue", bool: "boolValue", int: "intValue"}
