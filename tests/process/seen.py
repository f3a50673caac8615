"""What a case says of the spans that were stored, checked against X-Ray's documents as far as these can show it.

Takes   the `sink` of a case: for each span the members that it must have, in OTLP's JSON; and the documents.
Raises  `AssertionError` that names the member; `KeyError` for a member that nobody has thought of yet.
Note    The exact values of all members are checked where spans are: in the tests of `decode`.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import pytest

CLIENT: Final = 3
ERROR: Final = 2
SERVICE: Final = "otel.resource.service.name"

Document = Mapping[str, Any]


def check_documents(sink: Sequence[Mapping[str, Any]], documents: Sequence[Document]) -> None:
    """Every member that a document shows, of every span in order."""
    for span, document in zip(sink, documents, strict=True):
        for name, wanted in span.items():
            assert SHOWN[name](wanted, document), f"{name}: {wanted!r} is not in {document!r}"


def _metadata(document: Document) -> Mapping[str, Any]:
    found: Mapping[str, Any] = document.get("metadata", {}).get("default", {})
    return found


def _trace_id(wanted: str) -> str:
    return f"1-{wanted[:8]}-{wanted[8:]}"


def _seconds(member: str) -> Callable[[str, Document], bool]:
    return lambda wanted, document: bool(document[member] == pytest.approx(int(wanted) / 1e9, rel=1e-15))


def _name(wanted: str, document: Document) -> bool:
    """What serves is named after its service."""
    return document["name"] in {wanted, _metadata(document).get(SERVICE)}


def _status(wanted: Mapping[str, Any], document: Document) -> bool:
    messages = [one["message"] for one in document.get("cause", {}).get("exceptions", ())]
    has_failed = document["fault"] or document["error"]
    return has_failed == (wanted["code"] == ERROR) and wanted.get("message", "") in {"", *messages}


def _attributes(wanted: Sequence[Mapping[str, Any]], document: Document) -> bool:
    """An attribute without a value is not stored."""
    found, values = _metadata(document), {one["key"]: _plain(one["value"]) for one in wanted}
    return all(found.get(key) == value for key, value in values.items())


def _plain(value: Mapping[str, Any]) -> Any:
    for kind, found in value.items():
        return PLAIN.get(kind, lambda one: one)(found)
    return None


PLAIN: Final[dict[str, Callable[[Any], Any]]] = {
    "intValue": int,
    "arrayValue": lambda found: [_plain(one) for one in found["values"]],
}

SHOWN: Final[dict[str, Callable[[Any, Document], bool]]] = {
    "traceId": lambda wanted, document: document["trace_id"] == _trace_id(wanted),
    "spanId": lambda wanted, document: document["id"] == wanted,
    "parentSpanId": lambda wanted, document: document.get("parent_id", "") == wanted,
    "name": _name,
    "kind": lambda wanted, document: (document.get("namespace") == "remote") == (wanted == CLIENT),
    "startTimeUnixNano": _seconds("start_time"),
    "endTimeUnixNano": _seconds("end_time"),
    "attributes": _attributes,
    "status": _status,
    "events": lambda wanted, document: (
        len(document.get("cause", {}).get("exceptions", ())) == sum(one["name"] == "exception" for one in wanted)
    ),
    "links": lambda wanted, document: (
        [(one["trace_id"], one["id"]) for one in document.get("links", ())]
        == [(_trace_id(one["traceId"]), one["spanId"]) for one in wanted]
    ),
    "flags": lambda _wanted, _document: True,  # documents have no place for them
    "traceState": lambda _wanted, _document: True,  # the same
}
