"""Paths and methods, and the order of the checks: the first one that fails decides."""

from typing import Any, Final

from tests.conformance.rules.form import JSON, NOTHING, PROTOBUF, Case, http, kept, refused

GZIP: Final = ("Content-Encoding", "gzip")
UNKNOWN: Final = ("Content-Encoding", "br")
TEXT: Final = (("Content-Type", "text/plain"),)
TOO_LONG: Final = {"generate": {"kind": "repeat", "unit_hex": "20", "count": 1_100_000, "encode": "none"}}
BOMB: Final = {"generate": {"kind": "repeat", "unit_hex": "78", "count": 1_048_577, "encode": "gzip"}}
OPTIONS: Final[dict[str, Any]] = {"method": "OPTIONS", "body": NOTHING}
EMPTY: Final = {"body": {"kind": "empty"}, "accepted_spans": 0}
NO_PATH: Final = refused(404, says="/v1/traces")

SERVED: Final = ("/v1/traces//", "/v1//traces", "///v1/traces/?a=b", "/v1/traces/?", "/v1/traces?x=/v1/logs")
UNKNOWN_PATHS: Final = (
    "/v1/metrics",
    "/v1development/profiles",
    "/v1/trace",
    "/V1/Traces",
    "/v1%2Ftraces",
    "/v1/traces/v1/traces/",
    "/v1",
    "/v1/./traces",
    "/v1/traces;a=b",
    "/prod/v1/traces",
    "/otlp/v1/traces",
    "/health/v1/traces",
    "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
)

CASES: Final[tuple[Case, ...]] = (
    *(http("methods-and-paths", f"{path} is served", kept("protobuf"), PROTOBUF, path=path) for path in SERVED),
    *(http("methods-and-paths", f"{path} is not served", NO_PATH, path=path) for path in UNKNOWN_PATHS),
    *(
        http("methods-and-paths", f"{path} with a prefix", expect, path=path, requires=["prefix:/otlp"])
        for path, expect in (
            ("/v1/traces", kept()),
            ("/otlp//v1/traces/", kept()),
            ("/otlp", NO_PATH),
            ("/otlpx/v1/traces", NO_PATH),
            ("/OTLP/v1/traces", NO_PATH),
            ("/otlp/otlp/v1/traces", NO_PATH),
        )
    ),
    *(
        http(
            "methods-and-paths",
            f"{method} on the traces path",
            refused(405, "protobuf", "POST", allow="POST, OPTIONS"),
            PROTOBUF,
            method=method,
        )
        for method in ("PUT", "DELETE", "PATCH", "QUERY")
    ),
    http(
        "methods-and-paths",
        "a method that is not allowed, and no content type",
        refused(405, allow="POST, OPTIONS"),
        (),
        NOTHING,
        method="GET",
    ),
    http("methods-and-paths", "another path in protobuf", refused(404, "protobuf", "/v1/traces"), PROTOBUF, path="/"),
    http(
        "methods-and-paths",
        "HEAD on another path",
        {"status": 404, **EMPTY},
        (),
        NOTHING,
        method="HEAD",
        path="/nosuch",
    ),
    *(
        http(
            "methods-and-paths",
            f"{method} {path}",
            {"status": 200, "headers": {"content-type": {"equals": "application/json"}}, **body},
            (),
            NOTHING,
            method=method,
            path=path,
            **more,
        )
        for method, path, body, more in (
            ("HEAD", "/health", EMPTY, {}),
            ("GET", "/health/?probe=1", {"body": {"kind": "json", "equals": {"status": "ok"}}}, {}),
            ("GET", "//health", {"body": {"kind": "json", "equals": {"status": "ok"}}}, {"auth": "none"}),
        )
    ),
    http(
        "methods-and-paths",
        "a health check has methods of its own",
        refused(405, allow="GET, HEAD, OPTIONS"),
        (),
        path="/health",
        **OPTIONS,
    ),
    http("methods-and-paths", "OPTIONS of nobody's page", refused(405, allow="POST, OPTIONS"), (), **OPTIONS),
    # Two faults at once, in the order of the checks.
    http("order", "path before method", NO_PATH, JSON, NOTHING, method="GET", path="/v1/logs"),
    http(
        "order", "path before preflight", NO_PATH, (("Origin", "https://app.example.com"),), path="/nosuch", **OPTIONS
    ),
    http("order", "path before credentials", NO_PATH, path="/v1/logs", requires=["auth"], auth="none"),
    http("order", "method before credentials", refused(405), method="PUT", requires=["auth"], auth="none"),
    http("order", "method before content type", refused(405), TEXT, method="PUT"),
    http("order", "credentials before content type", refused(401), TEXT, requires=["auth"], auth="none"),
    http("order", "credentials before size", refused(401), JSON, TOO_LONG, requires=["auth"], auth="none"),
    http(
        "order",
        "credentials before coding",
        refused(401, "protobuf"),
        (*PROTOBUF, UNKNOWN),
        requires=["auth"],
        auth="none",
    ),
    http(
        "order",
        "credentials without the right before content type",
        refused(403),
        (
            *TEXT,
            ("x-api-key", "test-token-forbidden"),
        ),
        requires=["auth"],
        auth="explicit",
    ),
    http("order", "content type before size", refused(415, says="Content-Type"), TEXT, TOO_LONG, requires=["limits"]),
    http(
        "order", "content type before coding", refused(415, says="Content-Type", accept_encoding=None), (*TEXT, UNKNOWN)
    ),
    http("order", "size before coding", refused(413), (*JSON, UNKNOWN), TOO_LONG, requires=["limits"]),
    http("order", "size before decompression", refused(413), (*JSON, GZIP), TOO_LONG, requires=["limits"]),
    http("order", "coding before decoding", refused(415, says="Content-Encoding"), (*JSON, UNKNOWN), {"text": "{"}),
    http("order", "inflated size before decoding", refused(413), (*JSON, GZIP), BOMB, requires=["limits"]),
    http(
        "order",
        "inflated size before decoding, protobuf",
        refused(413, "protobuf"),
        (*PROTOBUF, GZIP),
        BOMB,
        requires=["limits"],
    ),
)
