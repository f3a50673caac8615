"""Keys at the front door: the order of the checks, the statuses, and that no credential is ever told."""

import json
from base64 import b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raygate.ingest import start
from raygate.settings import Settings
from tests.builders import SPAN_ID
from tests.fake_xray import Clock
from tests.unit.keys.keyring import TOKEN, a_guard, a_record, a_ring
from tests.unit.test_ingest import SPAN, an_endpoint, an_event, fails

REGION = {"AWS_REGION": "eu-west-1"}


def an_export(token: str = TOKEN, **headers: str) -> dict[str, Any]:
    event = an_event()
    event["headers"] |= {"authorization": f"Bearer {token}"} | {
        name.replace("_", "-"): v for name, v in headers.items()
    }
    return event


@pytest.mark.parametrize(
    ("event", "status"),
    [
        (an_export(), 200),
        (an_event(), 401),
        (an_export("wrong"), 401),
        (an_export(x_api_key="wrong"), 401),
        (an_export("forbidden"), 403),
        (an_event(path="/v1/logs"), 404),
        (an_event("GET"), 405),
        (an_event("GET", "/health"), 200),
        (an_event() | {"body": "***", "isBase64Encoded": True}, 401),
        (an_event() | {"headers": {"content-type": "text/plain"}}, 401),
        (an_export(content_type="text/plain"), 415),
        (an_export() | {"body": "{"}, 400),
    ],
)
def test_credentials_are_asked_for_after_path_and_method_and_before_the_body(event, status):
    guard = a_guard(a_ring(a_record(), a_record("forbidden", scopes=())).find)
    endpoint, store, reports = an_endpoint(guard=guard)
    result = endpoint(event)
    assert result["statusCode"] == status
    assert set(store.stored) == ({SPAN_ID} if status == 200 and reports[0].kind == "export" else set())
    if status == 401:
        assert result["headers"]["www-authenticate"] == "Bearer"
        assert reports[0].request is None


def test_a_refusal_is_in_the_requests_own_encoding():
    endpoint, _, _ = an_endpoint(guard=a_guard(a_ring().find))
    result = endpoint(an_event() | {"headers": {"content-type": "application/x-protobuf"}})
    assert (result["statusCode"], result["headers"]["content-type"]) == (401, "application/x-protobuf")


def test_a_store_that_fails_is_503_and_nothing_is_stored():
    ring = a_ring(a_record())
    ring.is_down = True
    endpoint, store, _ = an_endpoint(guard=a_guard(ring.find))
    result = endpoint(an_export())
    assert (result["statusCode"], result["headers"]["retry-after"]) == (503, "2")
    assert not store.stored


def test_an_accident_in_the_guard_is_503():
    endpoint, store, reports = an_endpoint(guard=fails)
    assert endpoint(an_export())["statusCode"] == 503
    assert reports[0].accident
    assert not store.stored


@pytest.mark.parametrize("spoof", [{"x-tenant": "bank"}, {"x-scope-orgid": "bank"}])
def test_the_tenant_comes_from_the_key_and_from_nowhere_else(spoof):
    settings = Settings(annotate_tenant=True, index_all_attributes=True)
    endpoint, store, reports = an_endpoint(guard=a_guard(a_ring(a_record(tenant="shop")).find), settings=settings)
    attribute = {"key": "raygate_tenant", "value": {"stringValue": "bank"}}
    event = an_export() | {"body": an_event(spans=[SPAN | {"attributes": [attribute]}])["body"]}
    event["headers"] |= spoof
    assert endpoint(event)["statusCode"] == 200
    assert store.stored[SPAN_ID]["annotations"]["raygate_tenant"] == "shop"
    assert reports[0].principal.tenant == "shop"
    assert reports[0].request
    assert reports[0].request.tenant == "shop"


def test_without_the_setting_no_document_names_the_tenant():
    endpoint, store, _ = an_endpoint(guard=a_guard(a_ring(a_record()).find))
    endpoint(an_export())
    assert "shop" not in str(store.stored)


def test_a_quota_is_429_and_the_sender_keeps_every_span():
    clock = Clock()
    endpoint, store, reports = an_endpoint(guard=a_guard(a_ring(a_record(quota=6)).find, clock))
    spans = [SPAN | {"spanId": f"{number:016x}"} for number in range(1, 7)]
    event = an_export() | {"body": an_event(spans=spans)["body"]}
    assert endpoint(event)["statusCode"] == 200
    result = endpoint(event)
    assert result["statusCode"] == 429
    assert result["headers"]["retry-after"] == "10"
    assert json.loads(result["body"])["code"] == 8
    outcome = reports[1].outcome
    assert outcome
    assert (outcome.spans, outcome.returned, outcome.delivered) == (6, 6, 0)
    assert outcome.counts == {"over_quota": 6}
    clock.sleep(10)
    assert endpoint(event)["statusCode"] == 200
    assert store.received.total() == 12


def test_nobody_is_told_to_wait_longer_than_senders_do():
    endpoint, _, _ = an_endpoint(guard=a_guard(a_ring(a_record(quota=1)).find))
    endpoint(an_export())
    assert endpoint(an_export())["headers"]["retry-after"] == "30"


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({}, "neither"),
        ({"RAYGATE_AUTH": "keys"}, "neither"),
        ({"RAYGATE_KEYS_TABLE": "t", "RAYGATE_KEYS_FILE": "f"}, "both"),
    ],
)
def test_keys_without_one_place_for_them_fail_the_health_check_and_not_the_process(environ, named):
    endpoint = start(REGION | environ, lambda _: None)
    for event in (an_event("GET", "/health"), an_export()):
        result = endpoint(event)
        assert result["statusCode"] == 503
        assert "RAYGATE_KEYS_TABLE" in result["body"]
        assert named in result["body"]


def test_a_file_of_keys_is_all_it_takes(tmp_path):
    file = tmp_path / "keys.json"
    file.write_text(json.dumps({"keys": [a_record(scopes=()).fields()]}))
    endpoint = start(REGION | {"RAYGATE_KEYS_FILE": str(file)}, lambda _: None)
    assert endpoint(an_event("GET", "/health"))["statusCode"] == 200
    assert [endpoint(event)["statusCode"] for event in (an_export(), an_export("wrong"), an_event())] == [403, 401, 401]


@pytest.mark.parametrize("mode", ["iam", "jwt"])
def test_a_gateway_that_checks_nothing_lets_nobody_in(mode):
    endpoint = start(REGION | {"RAYGATE_AUTH": mode}, lambda _: None)
    assert endpoint(an_event("GET", "/health"))["statusCode"] == 200
    assert endpoint(an_export())["statusCode"] == 503


SECRETS = st.text(st.characters(min_codepoint=0x30, max_codepoint=0x7A), min_size=12, max_size=40)
PLACES = {
    "bearer": lambda secret: {"authorization": f"Bearer {secret}"},
    "encoded": lambda secret: {"authorization": f"Bearer%20{secret}"},
    "bare": lambda secret: {"authorization": secret},
    "basic": lambda secret: {"authorization": "Basic " + b64encode(f"u:{secret}".encode()).decode()},
    "header": lambda secret: {"x-api-key": secret},
    "two": lambda secret: {"x-api-key": f"{secret},{TOKEN}", "dd-api-key": secret},
    "ours": lambda secret: {"x-honeycomb-team": "rg_" + secret},
}


@given(
    secret=SECRETS,
    place=st.sampled_from(sorted(PLACES)),
    kind=st.sampled_from(["unknown", "known", "forbidden", "expired", "store fails"]),
    content_type=st.sampled_from(["application/json", "application/x-protobuf", "text/plain"]),
)
def test_no_credential_is_in_any_answer_or_report(secret, place, kind, content_type):
    changed: dict[str, dict[str, Any]] = {"known": {}, "forbidden": {"scopes": ()}, "expired": {"expires": 1}}
    record = a_record(secret, **changed.get(kind, {}))
    ring = a_ring(a_record(), *([record] if kind in changed else []))
    ring.is_down = kind == "store fails"
    endpoint, _, reports = an_endpoint(guard=a_guard(ring.find))
    event = an_event()
    event["headers"] = {"content-type": content_type} | PLACES[place](secret)
    result = endpoint(event)
    assert result["statusCode"] in {200, 400, 401, 403, 415, 503}
    for told in (str(result), repr(reports[0])):
        assert secret not in told
        assert TOKEN not in told
