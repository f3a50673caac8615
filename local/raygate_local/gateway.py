"""An HTTP request ↔ the event and the result of an API Gateway HTTP API, payload format 2.0.

Takes   a `Call`: method, target, header pairs and body as they came over the wire.
Gives   `event`, what the gateway would invoke the function with; `answer`, what it would send back for a result.
Source  AWS, "Create AWS Lambda proxy integrations for HTTP APIs", payload format 2.0: names in lower case, repeated
        lines joined with commas, cookies apart, text for the text types and base64 for everything else.
Note    `rawPath` is the path as sent, not decoded, doubled slashes kept: the function is told what the sender wrote.
"""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

TEXT_TYPES: Final = frozenset({"application/json", "application/xml", "application/javascript"})
"""The types whose bodies travel as text, besides `text/*`."""

WITHOUT_BODY: Final = frozenset({204, 304})

Pairs = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP request as it came."""

    method: str
    target: bytes
    """Path and query, or a whole URL."""
    headers: Pairs
    """Names in lower case, values as sent: any bytes."""
    body: bytes = b""
    source_ip: str = ""
    protocol: str = "HTTP/1.1"
    request_id: str = ""
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer, ready to be sent."""

    status: int
    headers: Pairs
    body: bytes = b""


def event(call: Call) -> dict[str, Any]:
    """The event that the gateway makes of this request."""
    path, query = split_target(call.target)
    headers = joined(call.headers)
    cookies = headers.pop("cookie", None)
    made: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "headers": headers,
        "requestContext": _context(call, path, headers),
        "isBase64Encoded": False,
    }
    if cookies is not None:
        made["cookies"] = [cookie.strip() for cookie in cookies.split(";")]
    if query:
        made["queryStringParameters"] = _parameters(query)
    if call.body:
        made["body"], made["isBase64Encoded"] = _body(call.body, headers)
    return made


def answer(result: Mapping[str, Any]) -> Answer:
    """What the gateway sends for a function's result; 500 with its own message for a result that is none."""
    try:
        status = int(result["statusCode"])
        headers = [
            (str(name).lower().encode("latin-1"), str(value).encode("latin-1")) for name, value in _lines(result)
        ]
        body = _answer_body(result)
    except (KeyError, TypeError, ValueError, AttributeError):
        return refusal(500, "Internal Server Error")
    if status in WITHOUT_BODY:
        return Answer(status, headers)
    return Answer(status, [*headers, (b"content-length", b"%d" % len(body))], body)


def refusal(status: int, message: str, *headers: tuple[bytes, bytes]) -> Answer:
    """An answer that the gateway gives by itself."""
    body = b'{"message":"%s"}' % message.encode()
    length = b"%d" % len(body)
    return Answer(status, [(b"content-type", b"application/json"), (b"content-length", length), *headers], body)


def split_target(target: bytes) -> tuple[str, str]:
    """Path and query of a request target, neither decoded; of a whole URL too, as proxies are sent."""
    text = target.decode("latin-1")
    if not text.startswith("/") and "://" in text:
        parts = urlsplit(text)
        return parts.path or "/", parts.query
    path, _, query = text.partition("?")
    return path, query


def joined(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Header lines as the event has them: repeated ones joined with a comma, cookies with a semicolon."""
    lines: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        mark = "; " if name == "cookie" else ","
        lines[name] = f"{lines[name]}{mark}{value}" if name in lines else value
    return lines


def _parameters(query: str) -> dict[str, str]:
    values: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        values[name] = f"{values[name]},{value}" if name in values else value
    return values


def _body(body: bytes, headers: Mapping[str, str]) -> tuple[str, bool]:
    """Text where the gateway gives text. Bytes that are no UTF-8 cannot be text, whatever their type says."""
    media_type = headers.get("content-type", "").split(";")[0].strip().lower()
    is_text = media_type in TEXT_TYPES or media_type.startswith("text/")
    if is_text and not headers.get("content-encoding"):
        try:
            return body.decode(), False
        except UnicodeDecodeError:
            pass
    return base64.b64encode(body).decode("ascii"), True


def _context(call: Call, path: str, headers: Mapping[str, str]) -> dict[str, Any]:
    domain = headers.get("host", "localhost")
    return {
        "accountId": "000000000000",
        "apiId": "local",
        "domainName": domain,
        "domainPrefix": domain.split(".")[0],
        "http": {
            "method": call.method,
            "path": path,
            "protocol": call.protocol,
            "sourceIp": call.source_ip,
            "userAgent": headers.get("user-agent", ""),
        },
        "requestId": call.request_id,
        "routeKey": "$default",
        "stage": "$default",
        "time": call.at.strftime("%d/%b/%Y:%H:%M:%S +0000"),
        "timeEpoch": int(call.at.timestamp() * 1000),
    }


def _lines(result: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    given = result.get("headers") or {}
    lines = [(name, value) for name, value in given.items() if str(name).lower() != "content-length"]
    return lines + [("set-cookie", cookie) for cookie in result.get("cookies") or ()]


def _answer_body(result: Mapping[str, Any]) -> bytes:
    text = result.get("body") or ""
    return base64.b64decode(text, validate=True) if result.get("isBase64Encoded") else bytes(text.encode())
