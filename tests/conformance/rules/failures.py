"""Failures of the store, in both encodings, and the headers of every answer."""

from typing import Any, Final

from tests.conformance.rules.form import JSON, PROTOBUF, Case, http, kept, refused, with_headers

LATER: Final[dict[str, Any]] = {"retry-after": {"integer_between": [1, 5]}}
EVERY: Final = {"cache-control": {"equals": "no-store"}, "x-content-type-options": {"equals": "nosniff"}}
TYPES: Final = {"json": JSON, "protobuf": PROTOBUF}
PASSING: Final = {"store-unavailable": 503, "throttled": 429, "unexpected-exception": 503, "deadline-near": 503}

CASES: Final[tuple[Case, ...]] = (
    *(
        http(
            "failures",
            f"{fault}, {encoding}",
            with_headers(refused(status, encoding), LATER | EVERY),
            lines,
            requires=["fault"],
            fault=fault,
        )
        for fault, status in PASSING.items()
        for encoding, lines in TYPES.items()
    ),
    http(
        "failures",
        "refused for good, protobuf",
        with_headers(refused(400, "protobuf", retry_after=None), EVERY),
        PROTOBUF,
        requires=["fault"],
        fault="store-permanent",
    ),
    *(
        http("response-headers", f"of a {expect['status']}", with_headers(expect, EVERY), lines, path=path)
        for expect, lines, path in (
            (kept("protobuf", content_encoding=None), (*PROTOBUF, ("Accept-Encoding", "gzip, br")), "/v1/traces"),
            (refused(404, content_encoding=None, location=None), JSON, "/"),
            (refused(415, accept_encoding=None), (), "/v1/traces"),
        )
    ),
    *(
        http(
            "response-headers",
            f"Accept: {accept}, of a refusal",
            refused(400, "protobuf"),
            (*PROTOBUF, ("Accept", accept)),
            {"hex": "0aff"},
        )
        for accept in ("application/json", "text/html", "*/*;q=0", "")
    ),
)
