"""What a case expects of an answer, checked against one: the same for an event's result and for HTTP.

Takes   the `expect` member of a case, and the answer's status, headers (names in lower case) and body.
Raises  `AssertionError` that names the case's own words.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from google.rpc.status_pb2 import Status
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

BAD_REQUEST: Final = "type.googleapis.com/google.rpc.BadRequest"


def check(expect: Mapping[str, Any], status: int, headers: Mapping[str, str], body: bytes) -> None:
    """Everything but the spans that were stored."""
    _status(expect["status"], status)
    for name, wanted in expect.get("headers", {}).items():
        _header(name, wanted, headers.get(name), body)
    if "body" in expect:
        BODIES[expect["body"]["kind"]](expect["body"], body)


def _status(wanted: int | list[int], status: int) -> None:
    assert status in (wanted if isinstance(wanted, list) else [wanted])


def _header(name: str, wanted: Mapping[str, Any], value: str | None, body: bytes) -> None:
    if value is None:
        optional = {"optional", "one_of_or_absent", "absent"} & set(wanted)
        assert optional, f"{name} is missing"
        return
    for rule, argument in wanted.items():
        if rule != "optional":
            assert RULES[rule](value, argument, body), f"{name}: {value!r} is not {rule} {argument!r}"


def _tokens(value: str) -> set[str]:
    return {token.strip() for token in value.split(",")}


def _tokens_ci(value: str) -> set[str]:
    return _tokens(value.lower())


RULES: Final[dict[str, Callable[[str, Any, bytes], bool]]] = {
    "equals": lambda value, wanted, _: value == wanted,
    "one_of": lambda value, wanted, _: value in wanted,
    "one_of_or_absent": lambda value, wanted, _: value in wanted,
    "contains": lambda value, wanted, _: wanted in value,
    "tokens_include": lambda value, wanted, _: set(wanted) <= _tokens(value),
    "tokens_include_ci": lambda value, wanted, _: {one.lower() for one in wanted} <= _tokens_ci(value),
    "tokens_include_ci_or_star": lambda value, wanted, _: (
        value == "*" or {one.lower() for one in wanted} <= _tokens_ci(value)
    ),
    "integer_between": lambda value, wanted, _: wanted[0] <= int(value) <= wanted[1],
    "absent": lambda _value, wanted, _body: not wanted,
    "matches_body": lambda value, _, body: int(value) == len(body),
}


def _export_response(wanted: Mapping[str, Any], body: bytes) -> None:
    partial = _partial_protobuf(body) if wanted["encoding"] == "protobuf" else _partial_json(body)
    rejected, message = partial
    expected = wanted["partial_success"]
    if expected == "none":
        assert partial == (0, "")
    elif expected == "none_or_warning":
        assert rejected == 0
    elif expected != "any":
        assert rejected == expected["rejected_spans"]
        _message(expected["error_message"], message)


def _partial_protobuf(body: bytes) -> tuple[int, str]:
    partial = ExportTraceServiceResponse.FromString(body).partial_success
    return partial.rejected_spans, partial.error_message


def _partial_json(body: bytes) -> tuple[int, str]:
    partial = json.loads(body).get("partialSuccess", {})
    assert isinstance(partial.get("rejectedSpans", "0"), str)
    return int(partial.get("rejectedSpans", "0")), partial.get("errorMessage", "")


def _rpc_status(wanted: Mapping[str, Any], body: bytes) -> None:
    if wanted["encoding"] == "protobuf":
        status = Status.FromString(body)
        code, message, details = status.code, status.message, [detail.type_url for detail in status.details]
    else:
        told = json.loads(body)
        code, message, details = told["code"], told["message"], [one["@type"] for one in told.get("details", ())]
    _message(wanted["message"], message)
    assert code in wanted.get("code", {}).get("one_of_if_present", [code])
    if "details_should_include" in wanted:
        assert wanted["details_should_include"] in details


def _message(wanted: Mapping[str, Any], message: str) -> None:
    assert message
    assert wanted.get("contains_ci", "").lower() in message.lower()
    assert len(message) <= wanted.get("max_chars", 1_000)


def _json(wanted: Mapping[str, Any], body: bytes) -> None:
    told = json.loads(body)
    assert told == wanted.get("equals", told)
    assert wanted.get("subset", {}).items() <= told.items()


def _empty(_wanted: Mapping[str, Any], body: bytes) -> None:
    assert body == b""


BODIES: Final[dict[str, Callable[[Mapping[str, Any], bytes], None]]] = {
    "ExportTraceServiceResponse": _export_response,
    "google.rpc.Status": _rpc_status,
    "json": _json,
    "empty": _empty,
}
