"""The Lambda event of an HTTP request, reduced to what is used.

Takes   an event of payload format 2.0: API Gateway's HTTP API, a function URL, `raygate serve`.
Gives   `Call`, with header names in lower case. Tolerant of what may be absent or null, and of any header case:
        test events and other front ends write headers as they like.
Raises  `Refusal` 400 for anything else, such as an event of a queue or a timer, or the question to an authorizer.
Source  API Gateway developer guide, "Working with Lambda proxy integrations", payload format 2.0.
"""

from dataclasses import field
from typing import Any, Final

from raygate.http_api.refusal import Refusal
from raygate.records import dataclass

FORMAT: Final = "2.0"
AUTHORIZER: Final = "REQUEST"
"""The gateway asks whether a request may come in: it looks like the request, and has no body."""


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP request as the gateway hands it over."""

    method: str
    path: str
    stage: str
    headers: dict[str, str]
    body: str
    is_base64: bool
    authorizer: dict[str, Any] = field(default_factory=dict)
    """What an authorizer of the gateway found out about the sender."""
    request_id: str = ""
    """The gateway's name for it, as in the access log."""

    def header(self, name: str) -> str:
        """The header's value, `""` when absent; `name` in lower case."""
        return self.headers.get(name, "").strip()


def read(event: Any) -> Call:
    """Reduce the event to a `Call`."""
    event = _mapping(event)
    context = _mapping(event.get("requestContext"))
    http = _mapping(context.get("http"))
    if event.get("version") != FORMAT or not http or event.get("type") == AUTHORIZER:
        raise Refusal.bad_request("not an HTTP event of payload format 2.0")
    return Call(
        method=_text(http.get("method")).upper(),
        path=_text(event.get("rawPath")) or _text(http.get("path")),
        stage=_text(context.get("stage")),
        headers={str(name).lower(): _text(value) for name, value in _mapping(event.get("headers")).items()},
        body=_text(event.get("body")),
        is_base64=event.get("isBase64Encoded") is True,
        authorizer=_mapping(context.get("authorizer")),
        request_id=_text(context.get("requestId")),
    )


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
