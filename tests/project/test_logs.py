"""Nothing that a sender sent is in a log: no header value, no key, no attribute value.

Every captured request and every conformance case goes through the function with its own reporter, and through
`raygate serve`; then all texts in all log lines are searched for everything that was sent.
"""

import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any, Final

import pytest

from raygate import reporting
from raygate.decode import read
from raygate.deliver import Budget
from raygate.errors import DecodeError
from raygate.http_api import content
from raygate.ingest import Ingest
from raygate.keep import NOWHERE, Stores
from raygate.keys import Guard
from raygate.keys.authorizer import anyone
from raygate.keys.check import Keys
from raygate.keys.quota import Quotas
from raygate.keys.record import Record, hash_of
from raygate.request import Request
from raygate.settings import Settings
from raygate.span import Attributes, Value
from raygate_local import gateway
from tests.corpus import captured, case_body, http_cases
from tests.fake_stores import MemoryBucket, MemoryQueue
from tests.process.serving import ask, running
from tests.project.tree import tracked

SHORTEST: Final = 6
"""Characters of a value that is looked for."""

KEY: Final = "rg_tests_no-such-secret-anywhere"
KEYS: Final = {hash_of(KEY): Record(hash_of(KEY), "id-of-the-key", "shop-tenant", ("traces:write",))}

STRANGE: Final = (
    ("authorization", "Bearer a-secret-of-nobody"),
    ("authorization", "Basic dXNlcjphLXNlY3JldC1vZi1ub2JvZHk="),
    ("x-api-key", "rg_another_secret-of-nobody"),
    ("cookie", "session=a-secret-of-nobody"),
    ("content-type", "application/a-secret-of-nobody"),
    ("content-encoding", "a-secret-of-nobody"),
    ("origin", "https://a-secret-of-nobody.example.com"),
    ("user-agent", "a-secret-of-nobody/1.0"),
)

SECRET: Final = "a-secret-of-nobody"
WRONG_BODIES: Final = (
    b'{"resourceSpans":"%b"}' % SECRET.encode(),
    b'{"resourceSpans":[{"resource":{"attributes":[{"key":"%b","value":{"intValue":"%b"}}]}}]}'
    % ((SECRET.encode(),) * 2),
    b'{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"%b","kind":"%b"}]}]}]}' % ((SECRET.encode(),) * 2),
    b'{"resourceSpans":[{"scopeSpans":[{"spans":[{"spanId":"%b"}]}]}]}' % SECRET.encode(),
    b'{"%b":"\\%b' % ((SECRET.encode(),) * 2),
)


def requests() -> Iterator[gateway.Call]:
    """Everything that there is to send."""
    for one in captured():
        yield call(one.method, one.path, one.headers, one.body)
    for case in http_cases():
        request = case["request"]
        yield call(request["method"], request["path"], request["headers"], case_body(case))
    plain = (("content-type", "application/json"),)
    for header in STRANGE:
        yield call("POST", "/v1/traces", (*plain, header), b"{}")
    for body in WRONG_BODIES:
        yield call("POST", "/v1/traces", plain, body)


def call(method: str, path: str, headers: Iterable[Any], body: bytes) -> gateway.Call:
    lines = [(name.lower().encode(), value.encode("latin-1", "replace")) for name, value in headers]
    return gateway.Call(method, path.encode(), lines, body)


def sent(given: gateway.Call) -> Iterator[str]:
    """All texts of a request: header values and their parts, attribute values, names and messages."""
    headers = gateway.joined(given.headers)
    for name, value in headers.items():
        if name not in {"content-type", "content-encoding", "content-length"} or SECRET in value:
            yield value
            yield from re.split(r"[ ,;=]", value)
    encoding = content.encoding_of(headers.get("content-type", "")) or "protobuf"
    with suppress(DecodeError):
        request = Request(given.body, encoding, headers.get("content-encoding", ""))
        for span in read(request, Settings(max_wire_bytes=2**30)).spans:
            yield from (span.name, span.status_message, span.trace_state, span.scope.name)
            parts = [span.resource.attributes, span.scope.attributes, span.attributes]
            parts += [event.attributes for event in span.events] + [link.attributes for link in span.links]
            yield from (text for part in parts for text in texts(part))
    yield SECRET


def texts(attributes: Attributes) -> Iterator[str]:
    """The texts among the values, all the way down."""
    for value in attributes.values():
        yield from _texts(value)


def _texts(value: Value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from texts(value)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def own_words(lines: Iterable[str]) -> str:
    """What the lines say, without numbers, times and places in the code."""
    return "\n".join(word for line in lines for word in _strings(json.loads(line)))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, content in value.items():
            if key not in {"timestamp", "location"}:
                yield from _strings(key)
                yield from _strings(content)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


OURS: Final = "".join(path.read_text() for path in tracked("layers/raygate/python/raygate/**/*.py"))
"""Words of the program itself, which some senders have as values: `second`, `missing`, `application/json`."""


def leaked(log: str) -> set[str]:
    """The values of all requests that are in it and not in the program."""
    values = {value for given in requests() for value in sent(given) if len(value) >= SHORTEST}
    return {value for value in values if value in log and value not in OURS}


@pytest.fixture
def log(monkeypatch) -> Iterator[io.StringIO]:
    """What the function writes to its log."""
    stream = io.StringIO()
    monkeypatch.setattr(reporting.log.registered_handler, "stream", stream)
    reporting.log.setLevel("DEBUG")
    yield stream
    reporting.log.setLevel("INFO")


def everything_refused(_texts: list[str]) -> Mapping[str, Any]:
    """X-Ray quotes a document in its message, which is not for the log."""
    return {"UnprocessedTraceSegments": [{"ErrorCode": "InvalidSegment", "Message": SECRET}]}


@pytest.mark.parametrize(
    ("put", "stores"),
    [
        (lambda _: {}, NOWHERE),
        (everything_refused, NOWHERE),
        (everything_refused, Stores(MemoryQueue(), MemoryBucket())),
    ],
    ids=["taken", "refused", "parked"],
)
@pytest.mark.parametrize("guard", [anyone, Keys(KEYS.get, Quotas(lambda: 0.0), lambda: 0.0)], ids=["open", "keys"])
def test_the_function_logs_nothing_that_was_sent(log, capsys, guard: Guard, put, stores):
    budget = Budget.of(1_000, jitter=lambda: 0.0)
    handler = Ingest(Settings(), put, guard, reporting.report, budget=lambda _: budget, stores=stores)
    count = 0
    for given in requests():
        key = [] if guard is anyone else [(b"authorization", f"Bearer {KEY}".encode())]
        for headers in (given.headers, [*given.headers, *key]):
            handler(gateway.event(gateway.Call(given.method, given.target, headers, given.body)))
            count += 1
    lines = log.getvalue().splitlines()
    assert len(lines) == count
    said = own_words([*lines, *capsys.readouterr().out.splitlines()])
    assert leaked(said) == set()
    assert KEY not in said


def test_an_accident_is_logged_without_what_it_says(log):
    def put(_texts: list[str]) -> Mapping[str, Any]:
        raise ValueError(SECRET) from KeyError(SECRET)

    body = next(one for one in captured() if one.header("content-type") == "application/json")
    handler = Ingest(Settings(), put, anyone, reporting.report)
    handler(gateway.event(call("POST", "/v1/traces", body.headers, body.body)))
    (line,) = log.getvalue().splitlines()
    assert json.loads(line)["exception_name"] == "ValueError"
    assert "KeyError" in json.loads(line)["exception"]
    assert SECRET not in line


ARRIVED: Final = re.compile(r"^trace 1-[0-9a-f]{8}-[0-9a-f]{24}  \d+ documents?  .*", re.MULTILINE)
"""The line for a person, with the name and the address of the trace, which are meant to be seen."""


def test_the_local_server_prints_nothing_that_was_sent():
    with running("--xray-port", "0") as server:
        for one in captured():
            ask(server.address, one.wire(), one.method)
        for case in STRANGE:
            head = f"POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n{case[0]}: {case[1]}\r\n\r\n"
            ask(server.address, head.encode() + b"{}")
        printed = []
        server.stop()
        while line := server.line():
            printed.append(line)
        assert server.errors() == ""
    assert len(printed) > len(captured()) / 2
    assert leaked(ARRIVED.sub("", "\n".join(printed))) == set()
