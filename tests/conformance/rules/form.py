"""How a case is written: the shape of the shared cases, with what nearly all of them have in common filled in.

Gives   `http`, one case; `kept`, `refused`, what it expects; bodies that hold one span, in either encoding.
"""

from base64 import b64decode
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

from tests.corpus import fixtures

Case: TypeAlias = dict[str, Any]
Lines: TypeAlias = tuple[tuple[str, str], ...]

TRACE_ID: Final = "5b8efff798038103d269b633813fc60c"
SPAN_ID: Final = "eee19b7ec3c1b174"
OTHER_SPAN_ID: Final = "b7ad6b7169203331"

JSON: Final[Lines] = (("Content-Type", "application/json"),)
PROTOBUF: Final[Lines] = (("Content-Type", "application/x-protobuf"),)
NOTHING: Final = {"none": True}
ONE_JSON: Final = {"json": fixtures()["one_span_json"]}
ONE_PROTOBUF: Final = {"base64": fixtures()["one_span_protobuf_base64"]}
MESSAGE: Final = b64decode(fixtures()["one_span_protobuf_base64"])

CODES: Final = {400: 3, 401: 16, 403: 7, 404: 12, 405: 12, 413: 8, 415: 3, 429: 8, 503: 14}
"""google.rpc.Code, by status."""


def http(
    section: str,
    title: str,
    expect: Mapping[str, Any],
    headers: Lines = JSON,
    body: Mapping[str, Any] | None = None,
    *,
    method: str = "POST",
    path: str = "/v1/traces",
    requires: Sequence[str] = (),
    **more: Any,
) -> Case:
    """One request, and what it gets. `auth` and `fault` are those of the shared cases."""
    request: dict[str, Any] = {
        "method": method,
        "path": path,
        "headers": [list(line) for line in headers],
        "body": dict(body or (ONE_JSON if set(JSON) <= set(headers) else ONE_PROTOBUF)),
    }
    if "auth" in more:
        request["auth"] = more.pop("auth")
    case = {"id": f"{section}: {title}", "section": section, "request": request, "expect": dict(expect)}
    return case | ({"requires": list(requires)} if requires else {}) | more


def kept(encoding: str = "json", spans: int = 1, *, success: Any = "none", sink: Any = None, **headers: Any) -> Case:
    """200 in that encoding, with so many spans stored."""
    expect: Case = {
        "status": 200,
        "headers": {"content-type": {"equals": _TYPES[encoding]}, "retry-after": {"absent": True}, **_wanted(headers)},
        "body": {"kind": "ExportTraceServiceResponse", "encoding": encoding, "partial_success": success},
        "accepted_spans": spans,
    }
    return expect | ({"sink": sink} if sink is not None else {})


def refused(status: int, encoding: str = "json", says: str = "", **headers: Any) -> Case:
    """That status with a Status in that encoding, and nothing stored."""
    return {
        "status": status,
        "headers": {"content-type": {"equals": _TYPES[encoding]}, **_wanted(headers)},
        "body": {
            "kind": "google.rpc.Status",
            "encoding": encoding,
            "message": {"contains_ci": says},
            "code": {"one_of_if_present": [CODES[status]]},
        },
        "accepted_spans": 0,
    }


def with_headers(expect: Case, headers: Mapping[str, Any]) -> Case:
    """The same, with those headers as well."""
    return expect | {"headers": expect["headers"] | headers}


def span_text(members: str = "") -> Mapping[str, str]:
    """A request of one span with that text among its members."""
    ids = f'"traceId":"{TRACE_ID}","spanId":"{SPAN_ID}","name":"n"'
    return {"text": f'{{"resourceSpans":[{{"scopeSpans":[{{"spans":[{{{ids}{members and ","}{members}}}]}}]}}]}}'}


def value_text(any_value: str) -> Mapping[str, str]:
    """A request of one span with that text as the value of its one attribute."""
    return span_text(f'"attributes":[{{"key":"a","value":{any_value}}}]')


def raw(content: bytes) -> Mapping[str, str]:
    """A body that is those bytes."""
    return {"hex": content.hex()}


_TYPES: Final = {"json": "application/json", "protobuf": "application/x-protobuf"}


def _wanted(headers: Mapping[str, Any]) -> dict[str, Any]:
    """`allow="POST, OPTIONS"` is that header with exactly this value; `None`: it is not there."""
    return {
        name.replace("_", "-"): {"absent": True} if value is None else {"equals": value}
        for name, value in headers.items()
    }
