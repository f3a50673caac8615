"""Credentials and browsers: who may send, and which page may read the answer."""

from typing import Final

from tests.conformance.rules.form import JSON, NOTHING, PROTOBUF, Case, http, kept, refused, with_headers

RIGHT: Final = "test-token-1"
PAGE: Final = "https://app.example.com"
BEARER: Final = ("Authorization", f"Bearer {RIGHT}")
KEY: Final = ("x-api-key", RIGHT)

ASKED: Final = (("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "content-type"))
SENT: Final = ("content-type", "content-encoding", "authorization", "x-api-key", "x-requested-with")
UNREADABLE: Final = {
    "access-control-allow-origin": {"absent": True},
    "access-control-allow-credentials": {"absent": True},
    "vary": {"tokens_include_ci": ["origin"]},
}
READABLE: Final = {
    "access-control-allow-origin": {"equals": PAGE},
    "access-control-allow-credentials": {"equals": "true"},
    "access-control-expose-headers": {"tokens_include_ci": ["Retry-After"]},
    "vary": {"tokens_include_ci": ["origin"]},
}
PREFLIGHT: Final = {
    "access-control-allow-methods": {"equals": "POST, OPTIONS"},
    "access-control-allow-headers": {"tokens_include": list(SENT)},
    "access-control-max-age": {"equals": "7200"},
    "content-type": {"absent": True},
    "content-length": {"one_of_or_absent": ["0"]},
}
KNOCKS: Final = {
    "the scheme in lower case": ((("Authorization", f"bearer {RIGHT}"),), 200),
    "the scheme in capitals and two blanks": ((("authorization", f"BEARER  {RIGHT}"),), 200),
    "the same key under two names": ((BEARER, KEY), 200),
    "a header without a value beside the key": ((("Authorization", ""), KEY), 200),
    "a basic password": ((("Authorization", "Basic dXNlcjp0ZXN0LXRva2VuLTE="),), 200),  # user:test-token-1
    "no value at all": ((("Authorization", ""),), 401),
    "a scheme and nothing else": ((("Authorization", "Bearer"),), 401),
    "a scheme and nothing else beside the key": ((("Authorization", "Bearer"), KEY), 401),
    "a key without a scheme": ((("Authorization", RIGHT),), 401),
    "a scheme that is unknown": ((("Authorization", f"Digest {RIGHT}"),), 401),
    "a signature beside the key": ((("Authorization", "AWS4-HMAC-SHA256 Credential=x"), KEY), 401),
    "the key in another case": ((("Authorization", f"Bearer {RIGHT.upper()}"),), 401),
    "the key and more": ((("Authorization", f"Bearer {RIGHT}="),), 401),
    "a wrong key beside the right one": ((BEARER, ("x-api-key", "wrong")), 401),
    "two header lines, one of them wrong": ((BEARER, ("Authorization", "Bearer wrong")), 401),
    "a basic password that is not base64": ((("Authorization", "Basic ***"),), 401),
    "a key in the query only": ((), 401),
    "a key without the right beside one that has it": ((KEY, ("Authorization", "Bearer test-token-forbidden")), 403),
}
OTHER_PAGES: Final = (
    "http://app.example.com",
    "https://app.example.com:8443",
    "https://app.example.com.evil.example",
    "https://evil-app.example.com",
    "https://sub.app.example.com",
    "https://app.example.com/",
    "null",
    "*",
)

CASES: Final[tuple[Case, ...]] = (
    *(
        http(
            "authentication",
            title,
            kept("protobuf")
            if status == 200
            else refused(status, "protobuf", www_authenticate="Bearer" if status == 401 else None),
            (*PROTOBUF, *lines),
            path=f"/v1/traces?key={RIGHT}",
            requires=["auth"],
            auth="explicit",
        )
        for title, (lines, status) in KNOCKS.items()
    ),
    http(
        "authentication",
        "a blank that was not decoded is named",
        refused(401, "protobuf", "%20"),
        (*PROTOBUF, ("Authorization", f"Bearer%20{RIGHT}")),
        requires=["auth"],
        auth="explicit",
    ),
    *(
        http(
            "cors",
            f"preflight of {origin}, which is the page",
            {
                "status": 204,
                "headers": PREFLIGHT | READABLE | {"access-control-allow-origin": {"equals": origin}},
                "body": {"kind": "empty"},
            },
            (("Origin", origin), *ASKED),
            NOTHING,
            method="OPTIONS",
            requires=["cors"],
        )
        for origin in (PAGE, "https://app.example.com:443", "HTTPS://App.Example.Com")
    ),
    *(
        http(
            "cors",
            f"preflight of {origin}",
            {"status": 204, "headers": UNREADABLE, "body": {"kind": "empty"}},
            (("Origin", origin), *ASKED),
            NOTHING,
            method="OPTIONS",
            requires=["cors"],
        )
        for origin in OTHER_PAGES
    ),
    *(
        http(
            "cors",
            f"an export of {origin} is kept",
            with_headers(kept(), UNREADABLE),
            (*JSON, ("Origin", origin)),
            requires=["cors"],
        )
        for origin in OTHER_PAGES
    ),
    *(
        http(
            "cors",
            f"the page may read a {expect['status']}",
            with_headers(expect, READABLE),
            (*lines, ("Origin", PAGE)),
            body,
            requires=["cors"],
            path=path,
            method=method,
        )
        for expect, lines, body, path, method in (
            (refused(415), (("Content-Type", "text/plain"),), None, "/v1/traces", "POST"),
            (refused(404, "protobuf"), PROTOBUF, None, "/v1/logs", "POST"),
            (refused(405), JSON, None, "/v1/traces", "PUT"),
            (refused(400), JSON, {"text": "["}, "/v1/traces", "POST"),
        )
    ),
    http(
        "cors",
        "a preflight needs no request headers of its own",
        {"status": 204, "headers": PREFLIGHT | READABLE},
        (("Origin", PAGE),),
        NOTHING,
        method="OPTIONS",
        requires=["cors"],
    ),
    http(
        "cors",
        "a preflight where no page may send",
        {"status": 204, "headers": {"access-control-allow-origin": {"absent": True}}, "body": {"kind": "empty"}},
        (("Origin", PAGE), *ASKED),
        NOTHING,
        method="OPTIONS",
        auth="none",
    ),
)
