"""Events of the gateway and of function URLs: what they may lack, where they lead, how the bytes are packed."""

import gzip
from base64 import b64encode
from collections.abc import Mapping
from typing import Any, Final

from tests.conformance.rules.form import MESSAGE, ONE_JSON, Case
from tests.corpus import compact
from tests.unit.decode.messages import field, in_request

BINARY: Final = "application/x-protobuf"
TEXT: Final = "application/json"
ONE: Final = compact(ONE_JSON["json"]).decode()
ASCII: Final = in_request(field(1, b"sixteen letters.") + field(2, b"eight...")).decode()
"""A message that is text by chance."""

FULL: Final = {"kind": "empty"}
EMPTY_JSON: Final = {"kind": "json", "equals": {}}
HEALTHY: Final = {"kind": "json", "equals": {"status": "ok"}}


def base64(content: bytes) -> dict[str, Any]:
    """A body as the gateway packs what is not text."""
    return {"body": b64encode(content).decode(), "isBase64Encoded": True}


def text(content: str) -> dict[str, Any]:
    """A body as the gateway packs text."""
    return {"body": content, "isBase64Encoded": False}


def call(
    path: str = "/v1/traces",
    content_type: str = BINARY,
    packed: Mapping[str, Any] | None = None,
    *,
    stage: str = "$default",
    method: str = "POST",
    context: Mapping[str, Any] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """An event with nothing in it that is not looked at; `...` takes a member away."""
    event = {
        "version": "2.0",
        "rawPath": path,
        "headers": {"content-type": content_type},
        "requestContext": {"http": {"method": method, "path": path}, "stage": stage, **(context or {})},
        **(base64(MESSAGE) if packed is None else packed),
    } | more
    return {name: value for name, value in event.items() if value is not ...}


def told(title: str, event: Any, status: int, body: Mapping[str, Any], spans: int = 0, **more: Any) -> Case:
    """One event, and its result."""
    encoding = body.get("encoding") or ("json" if body.get("kind") == "json" else "protobuf")
    expect = {
        "statusCode": status,
        "headers": {"content-type": TEXT if encoding == "json" else BINARY},
        "isBase64Encoded": encoding == "protobuf",
        "decoded_body": body,
        "accepted_spans": spans,
    }
    return {"id": title, "event": event, "expect": expect | more}


def kept(title: str, event: Any, spans: int = 1, **more: Any) -> Case:
    """It is taken, and answered in its own encoding."""
    is_json = event["headers"] and TEXT in event["headers"].values()
    return told(title, event, 200, EMPTY_JSON if is_json else FULL, spans, **more)


def refused(title: str, event: Any, status: int = 400, says: str = "", encoding: str = "protobuf") -> Case:
    """It is not, and a Status says why."""
    message = {"contains_ci": says}
    return told(title, event, status, {"kind": "google.rpc.Status", "encoding": encoding, "message": message})


STAGES: Final = (
    ("prod", "/prod/v1/traces/", True),
    ("prod", "//prod//v1/traces", True),
    ("prod", "/v1/traces", True),
    ("prod", "/prod/v1/traces?x=1", True),
    ("v1", "/v1/v1/traces", True),
    ("v1", "/v1/v1/v1/traces", False),
    ("prod", "/Prod/v1/traces", False),
    ("prod", "/production/v1/traces", False),
    ("prod", "/prod/prod/v1/traces", False),
    ("prod", "/prod", False),
    ("$default", "/$default/v1/traces", False),
    ("", "/v1/traces", True),
)
CODED: Final = {"content-type": TEXT, "content-encoding": "gzip"}
BROTLI: Final = {"content-type": TEXT, "content-encoding": "br"}
PLAIN: Final = {"content-type": TEXT, "content-encoding": "identity"}
STRICT: Final = {
    "base64 in the other alphabet": "-_-_",
    "base64 without its padding": b64encode(MESSAGE).decode().rstrip("=")[:-1],
    "base64 in lines": b64encode(MESSAGE).decode()[:76] + "\r\n" + b64encode(MESSAGE).decode()[76:],
    "base64 and a blank": b64encode(MESSAGE).decode() + " ",
    "base64 that ends twice": "AA==AA==",
}
NO_CALLS: Final[dict[str, Any]] = {
    "payload format 1.0": {"version": "1.0", "httpMethod": "POST", "path": "/v1/traces", "headers": {}, "body": "{}"},
    "a REST API's event": {"httpMethod": "POST", "path": "/v1/traces", "headers": {"Content-Type": TEXT}, "body": ONE},
    "a load balancer's event": {"requestContext": {"elb": {}}, "httpMethod": "POST", "path": "/v1/traces"},
    "an authorizer's event": call(type="REQUEST", routeArn="arn:aws:execute-api:eu-west-1:1:a/b"),
    "a version and nothing else": {"version": "2.0"},
    "no method": {"version": "2.0", "rawPath": "/v1/traces", "requestContext": {"http": {}}},
    "another version": call(version="3.0"),
    "a queue's event": {"Records": [{"eventSource": "aws:sqs", "messageId": "m", "body": ONE}]},
    "a timer's event": {"version": "0", "detail-type": "Scheduled Event", "source": "aws.events", "detail": {}},
    "nothing": None,
    "a list": [call()],
    "a text": "ping",
}
AUTHORIZERS: Final = (
    ({"jwt": {"claims": {"tenant": "t-2", "sub": "someone"}}}, "t-2"),
    ({"jwt": {"claims": {"sub": "someone"}}}, "someone"),
    ({"iam": {"accountId": "123456789012"}}, "123456789012"),
    ({"lambda": {"tenant": "t-3", "other": 1}}, "t-3"),
    ({"lambda": None}, ""),
    ({"lambda": {"tenant": 5}}, ""),
    (None, ""),
)

CASES: Final[tuple[Case, ...]] = (
    *(
        kept(f"stage {stage or 'absent'}: {path}", call(path, stage=stage))
        if is_served
        else refused(f"stage {stage}: {path}", call(path, stage=stage), 404, "/v1/traces")
        for stage, path, is_served in STAGES
    ),
    told("health in a stage", call("/prod/health", TEXT, {}, stage="prod", method="GET"), 200, HEALTHY),
    kept("JSON in base64", call(content_type=TEXT, packed=base64(ONE.encode()))),
    kept(
        "protobuf in gzip",
        call(packed=base64(gzip.compress(MESSAGE)), headers={"CONTENT-TYPE": BINARY, "Content-Encoding": "gzip"}),
    ),
    kept("protobuf that is text", call(packed=text(ASCII))),
    kept("text whose packing is not told", call(content_type=TEXT, packed={"body": ONE})),
    kept("no body in base64", call(packed={"isBase64Encoded": True}), 0),
    kept("null for a body", call(packed={"body": None, "isBase64Encoded": None}), 0),
    kept(
        "null for everything else",
        call(cookies=None, queryStringParameters=None, pathParameters=None, stageVariables=None, rawQueryString=None),
    ),
    kept("a length that is wrong", call(headers={"content-type": BINARY, "content-length": "5"})),
    kept("a function URL with a slash", call("/v1/traces/", context={"domainName": "x.lambda-url.eu-west-1.on.aws"})),
    refused("no body, and JSON", call(content_type=TEXT, packed={}), encoding="json"),
    refused("null for the headers", call(headers=None), 415, encoding="json"),
    refused("no headers", call(headers=...), 415, encoding="json"),
    refused("null for a header", call(headers={"content-type": None}), 415, encoding="json"),
    *(
        refused(title, call(packed={"body": body, "isBase64Encoded": True}), says="base64")
        for title, body in STRICT.items()
    ),
    kept("inflated upstream behind white space", call(packed=text(f"\r\n\t {ONE}"), headers=CODED)),
    kept("inflated upstream, whatever it was", call(packed=text(ONE), headers=BROTLI)),
    kept("identity and text", call(packed=text(ONE), headers=PLAIN)),
    refused(
        "compressed bytes as text",
        call(packed=text("(\ufffd/\ufffd"), headers=BROTLI),
        says="compression",
        encoding="json",
    ),
    refused("a list behind a coding", call(packed=text("[]"), headers=CODED), says="compression", encoding="json"),
    refused("nothing behind a coding", call(packed=text(""), headers=CODED), encoding="json"),
    refused(
        "base64 behind a coding that it does not have",
        call(packed=base64(ONE.encode()), headers=CODED),
        says="gzip",
        encoding="json",
    ),
    refused(
        "a coding that nobody knows, in base64",
        call(packed=base64(ONE.encode()), headers=BROTLI),
        415,
        "Content-Encoding",
        "json",
    ),
    refused(
        "half a surrogate pair in a text",
        call(content_type=TEXT, packed=text(ONE.replace("shop", "\ud83d"))),
        says="UTF-8",
        encoding="json",
    ),
    *(refused(title, event, encoding="json") for title, event in NO_CALLS.items()),
    *(
        kept(f"authorizer: {found}", call(context={"authorizer": found}), principal={"tenant": tenant})
        for found, tenant in AUTHORIZERS
    ),
)
