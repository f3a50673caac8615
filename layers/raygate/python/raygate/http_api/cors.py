"""Browsers: which pages may send, and read the answers. The only place for it: the gateway has no CORS of its own.

Takes   a `Call`, and the settings' patterns of origins.
Gives   `is_preflight`, `preflight`: the answer to a browser's question before a request, which carries no credentials.
        `decorated`: any other answer, with what lets the page read it, errors included.
Rules   Never `*`, since beacons are sent with credentials. A page that is not allowed gets no allow header, and its
        request is answered as any other: CORS keeps pages from reading answers, keys keep out who may not send.
Source  Fetch standard, "CORS protocol".
"""

from dataclasses import replace
from typing import Final

from raygate.http_api.answers import Answer
from raygate.http_api.credentials import HEADERS
from raygate.http_api.event import Call
from raygate.http_api.paths import ALLOW
from raygate.origins import is_covered
from raygate.settings import Settings

MAX_AGE_S: Final = "7200"
"""Chromium keeps an answer no longer than that."""

SENT: Final = ("content-type", "content-encoding", "authorization", *HEADERS, "x-requested-with")
TRACED: Final = ("traceparent", "tracestate", "baggage")
"""Instrumented pages add these to each of their requests, the exporter's own included."""


def is_preflight(call: Call) -> bool:
    """Whether a browser asks on behalf of a page."""
    return call.method == "OPTIONS" and bool(call.header("origin"))


def preflight(call: Call, path: str, settings: Settings) -> Answer:
    """204: with what the page may send, if it may send at all."""
    headers = {
        "access-control-allow-methods": ALLOW[path],
        "access-control-allow-headers": ", ".join([*SENT, *TRACED, *settings.cors_allowed_headers]),
        "access-control-max-age": MAX_AGE_S,
    }
    return Answer(204, None, b"", headers if _is_allowed(call, settings) else {})


def decorated(answer: Answer, call: Call, settings: Settings) -> Answer:
    """The answer, with the headers that let the page read it."""
    if not settings.cors_allowed_origins:
        return answer
    headers = {"vary": "Origin"}  # on each: a cache must not give one page's answer to another
    if _is_allowed(call, settings):
        headers |= {
            "access-control-allow-origin": call.header("origin"),
            "access-control-allow-credentials": "true",
            "access-control-expose-headers": "Retry-After",
        }
    return replace(answer, headers={**answer.headers, **headers})


def _is_allowed(call: Call, settings: Settings) -> bool:
    return is_covered(call.header("origin"), settings.cors_allowed_origins)
