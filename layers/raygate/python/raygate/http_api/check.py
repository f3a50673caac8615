"""The checks before the body is read, in the order in which they decide the answer.

Takes   a `Call` and the settings.
Gives   `route`: which of our paths is meant; `export`: the export `Request`; `posted`: the one of X-Ray's documents,
        which are JSON under any content type. Who sends is asked in between.
Raises  `Refusal`: 404 for the path, 405 for the method, 415 for the content type, 400 for a damaged body.
Source  OTLP/HTTP leaves the order open; RFC 9110 15.5.6 makes `Allow` mandatory with 405.
"""

from raygate.http_api.content import encoding_of, pack
from raygate.http_api.cors import is_preflight
from raygate.http_api.event import Call
from raygate.http_api.paths import ALLOW, METHODS, TRACES, resolve
from raygate.http_api.refusal import Refusal
from raygate.request import Request
from raygate.settings import Settings


def route(call: Call, settings: Settings) -> str:
    """Path, then method. A preflight passes with any path that there is."""
    path = resolve(call.path, call.stage, settings.path_prefixes)
    if path is None:
        raise Refusal.not_found(TRACES)
    if call.method not in METHODS[path] and not is_preflight(call):
        raise Refusal.method_not_allowed(path, METHODS[path], ALLOW[path])
    return path


def export(call: Call, tenant: str) -> Request:
    """Content type, then body."""
    encoding = encoding_of(call.header("content-type"))
    if encoding is None:
        raise Refusal.unsupported_type()
    return pack(call, encoding, tenant)


def posted(call: Call, tenant: str) -> Request:
    """The body."""
    return pack(call, "json", tenant)
