"""The conformance cases of an OTLP/HTTP traces endpoint, fed to the handler as the gateway would.

Cases that need another source than HTTP are not in the list. Requests that say nothing of credentials are sent twice:
to an endpoint that asks nobody for a key, and with a key to one that asks everybody.
"""

from base64 import b64decode
from collections.abc import Callable, Mapping
from typing import Any, Final

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from raygate.deliver import Budget
from raygate.ingest import Ingest, Report
from raygate.keys import Guard
from raygate.keys.authorizer import anyone
from raygate.keys.check import Keys
from raygate.keys.quota import Quotas
from raygate.keys.record import Record, hash_of
from raygate.settings import Settings
from raygate_local import gateway
from tests.conformance.expectations import BODIES, check
from tests.conformance.rules import EVENTS, RULES
from tests.corpus import case_body, event_cases, http_cases
from tests.fake_xray import Store

NOT_HERE: Final = {"replay"}

TOKENS: Final = {"test-token-1": ("traces:write",), "test-token-forbidden": ()}
KEYS: Final = {
    record.hash: record for record in (Record(hash_of(token), "id", "shop", scopes) for token, scopes in TOKENS.items())
}

SETTINGS: Final[dict[str, dict[str, Any]]] = {
    "limits": {"max_wire_bytes": 1_048_576, "max_decompressed_bytes": 1_048_576},
    "prefix:/otlp": {"path_prefixes": ("/otlp",)},
    "cors": {"cors_allowed_origins": ("https://app.example.com",)},
}


def an_error(code: str, status: int) -> ClientError:
    response: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(response, "PutTraceSegments")


FAULTS: Final = {
    "store-unavailable": EndpointConnectionError(endpoint_url="https://xray.eu-west-1.amazonaws.com"),
    "throttled": an_error("ThrottledException", 429),
    "unexpected-exception": ZeroDivisionError("nobody foresaw this"),
    "store-permanent": an_error("InvalidRequestException", 400),
}


class Context:
    def __init__(self, remaining_ms: int) -> None:
        self.remaining_ms = remaining_ms

    def get_remaining_time_in_millis(self) -> int:
        return self.remaining_ms


def cases(found: tuple[dict[str, Any], ...]) -> list[Any]:
    here = [case for case in found if not NOT_HERE & set(case.get("requires", ()))]
    return [pytest.param(case, id=case["id"]) for case in here]


@pytest.fixture
def endpoint():
    """The handler with its store, for what a case requires."""

    def make(
        case: Mapping[str, Any], guard: Guard = anyone
    ) -> tuple[Callable[[Any], dict[str, Any]], Store, list[Report]]:
        chosen: dict[str, Any] = {}
        for name in case.get("requires", ()):
            chosen |= SETTINGS.get(name, {})
        store, reports = Store(), list[Report]()
        fault = FAULTS.get(case.get("fault", ""))

        def put(texts: list[str]) -> Mapping[str, Any]:
            if fault:
                raise fault
            return store.put(texts)

        handler = Ingest(
            Settings(**chosen),
            put,
            guard,
            reports.append,
            budget=lambda seconds: Budget.of(seconds, jitter=lambda: 0.0),
        )
        context = Context(900 if case.get("fault") == "deadline-near" else 30_000)
        return lambda event: handler(event, context), store, reports

    return make


def told(reports: list[Report]) -> tuple[int, int]:
    """Spans received, and the sum of their states."""
    outcomes = [report.outcome for report in reports if report.outcome]
    states = [outcome.delivered + outcome.rejected.total() + outcome.returned for outcome in outcomes]
    return sum(outcome.spans for outcome in outcomes), sum(states)


def guards(case: Mapping[str, Any]) -> list[Guard]:
    """Those that the case is about: the credentials that it names, or any."""
    keys = Keys(KEYS.get, Quotas(lambda: 0.0), lambda: 0.0)
    return [keys] if "auth" in case.get("requires", ()) else [anyone, keys]


@pytest.mark.parametrize("case", cases((*http_cases(), *RULES)))
def test_a_request_gets_the_answer_of_its_case(case, endpoint):
    for guard in guards(case):
        check_request(case, *endpoint(case, guard))


def check_request(case: Mapping[str, Any], handler: Any, store: Store, reports: list[Report]) -> None:
    request = case["request"]
    headers = [(name.encode().lower(), value.encode()) for name, value in request["headers"]]
    if "auth" not in request:
        headers.append((b"authorization", b"Bearer test-token-1"))
    call = gateway.Call(request["method"], request["path"].encode(), headers, case_body(case))
    answer = gateway.answer(handler(gateway.event(call)))
    lines = {name.decode(): value.decode() for name, value in answer.headers}
    check(case["expect"], answer.status, lines, answer.body)
    taken = store.received.total()
    assert taken == case["expect"].get("accepted_spans", taken)
    received, counted = told(reports)
    assert received == counted


@pytest.mark.parametrize("case", cases((*event_cases(), *EVENTS)))
def test_an_event_gets_the_result_of_its_case(case, endpoint):
    handler, store, reports = endpoint(case)
    expect = case["expect"]
    result = handler(case["event"])
    assert_well_formed(result)
    assert result["statusCode"] == expect["statusCode"]
    assert expect.get("headers", {}).items() <= result["headers"].items()
    assert result["isBase64Encoded"] == expect.get("isBase64Encoded", result["isBase64Encoded"])
    if "decoded_body" in expect:
        body = b64decode(result["body"]) if result["isBase64Encoded"] else result["body"].encode()
        BODIES[expect["decoded_body"]["kind"]](expect["decoded_body"], body)
    assert store.received.total() == expect.get("accepted_spans", 0)
    if "principal" in expect:
        assert expect["principal"] == {"tenant": reports[0].principal.tenant}


def assert_well_formed(result: Mapping[str, Any]) -> None:
    assert set(result) == {"statusCode", "headers", "body", "isBase64Encoded"}
    assert isinstance(result["statusCode"], int)
    assert isinstance(result["body"], str)
    assert isinstance(result["isBase64Encoded"], bool)
    assert all(name == name.lower() and isinstance(value, str) for name, value in result["headers"].items())
