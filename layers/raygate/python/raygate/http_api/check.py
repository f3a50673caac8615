"""The checks before the body is read, in the order in which they decide the answer.

Takes   a `Call` and the settings.
Gives   the export `Request`, or `None` for a health check.
Raises  `Refusal`: 404 for the path, 405 for the method, 415 for the content type, 400 for a damaged body.
Source  OTLP/HTTP leaves the order open; RFC 9110 15.5.6 makes `Allow` mandatory with 405.
"""

from typing import Final

from raygate.http_api.content import encoding_of, pack
from raygate.http_api.event import Call
from raygate.http_api.paths import HEALTH, TRACES, resolve
from raygate.http_api.refusal import Refusal
from raygate.request import Request
from raygate.settings import Settings

METHODS: Final = {TRACES: {"POST"}, HEALTH: {"GET", "HEAD"}}
ALLOW: Final = {TRACES: "POST, OPTIONS", HEALTH: "GET, HEAD"}


def check(call: Call, settings: Settings) -> Request | None:
    """Path, method, content type, body: the first that fails decides."""
    path = resolve(call.path, call.stage, settings.path_prefixes)
    if path is None:
        raise Refusal.not_found(TRACES)
    if call.method not in METHODS[path]:
        raise Refusal.method_not_allowed(path, METHODS[path], ALLOW[path])
    if path == HEALTH:
        return None
    encoding = encoding_of(call.header("content-type"))
    if encoding is None:
        raise Refusal.unsupported_type()
    return pack(call, encoding)
