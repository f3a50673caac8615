"""One conformance case as one exchange over a socket, and all that is expected of it.

Takes   a case of `http_cases()`, the address of an endpoint, the key that it wants, if it wants one, and the store that
        its X-Ray keeps documents in.
Gives   `ask`: the answer to the case's request, which is sent as the case has it, header for header and byte for byte.
        `check_case`: whether answer and store are as they should be.
Rules   `Host` is added, and `Content-Length` where there is a body or could be one, unless the body is chunked. The
        connection is used for a second request, so an answer that is longer or shorter than it says is found out.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from tests.conformance.expectations import check
from tests.corpus import case_body
from tests.fake_xray import Store
from tests.process.seen import check_documents
from tests.process.serving import Answer, Connection

Address = tuple[str, int]

HEALTH: Final = b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
WITHOUT_BODY: Final = frozenset({"GET", "HEAD", "OPTIONS"})


def check_case(case: Mapping[str, Any], address: Address, store: Store, key: str = "") -> None:
    """Send the request and look at the answer, and at what was stored. A span that is sent twice is stored once."""
    expect = case["expect"]
    for _ in range(2 if "idempotent-store" in case.get("requires", ()) else 1):
        answer = ask(address, case, key)
        check(expect, answer.status, answer.headers, answer.body)
    documents = {(one["trace_id"], one["id"]): one for one in map(json.loads, store.texts)}
    assert len(documents) == expect.get("accepted_spans", len(documents))
    if "sink" in expect:
        check_documents(expect["sink"], list(documents.values()))


def ask(address: Address, case: Mapping[str, Any], key: str = "") -> Answer:
    """Send the case's request over a connection of its own, which stays of use."""
    with Connection(address) as connection:
        connection.send(wire(case, key))
        answer = connection.read(case["request"]["method"])
        connection.send(HEALTH)
        after = connection.read()
        assert (after.status, after.body) == (200, b'{"status":"ok"}'), "the answer was not as long as it said"
    return answer


def wire(case: Mapping[str, Any], key: str = "") -> bytes:
    """The request as it goes over the connection; the key goes along unless the case is about credentials."""
    request, body = case["request"], case_body(case)
    headers = [("Host", "127.0.0.1"), *request["headers"]]
    if key and "auth" not in request:
        headers.append(("Authorization", f"Bearer {key}"))
    is_chunked = ["Transfer-Encoding", "chunked"] in request["headers"]
    if not is_chunked and (body or request["method"] not in WITHOUT_BODY):
        headers.append(("Content-Length", str(len(body))))
    lines = [f"{request['method']} {request['path']} HTTP/1.1", *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join([*lines, "", ""]).encode() + (_chunked(body) if is_chunked else body)


def _chunked(body: bytes) -> bytes:
    """In two chunks, and the empty one that ends it."""
    middle = (len(body) + 1) // 2
    return b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in (body[:middle], body[middle:], b""))
