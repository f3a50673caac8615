"""What browsers are told, on every answer."""

from typing import Any

import pytest

from raygate.keys.presented import Guard
from raygate.settings import Settings
from tests.unit.keys.keyring import TOKEN, a_guard, a_record, a_ring
from tests.unit.test_ingest import an_endpoint, an_event, fails

PAGE = "https://app.example.com"
CORS = Settings(cors_allowed_origins=(PAGE, "https://*.shop.example"), cors_allowed_headers=("x-mine",))
ALLOWED = ["https://app.example.com", "https://a.shop.example", "https://a.b.shop.example"]
OTHERS = [
    "https://evil.example",
    "http://app.example.com",
    "https://app.example.com:8443",
    "https://shop.example",
    "null",
]
ALLOW = "access-control-allow-origin"


def answer(event: dict[str, Any], settings: Settings = CORS, **given: Any) -> dict[str, Any]:
    endpoint, _, _ = an_endpoint(settings=settings, **given)
    return endpoint(event)


def a_preflight(origin: str, path: str = "/v1/traces") -> dict[str, Any]:
    asked = {
        "origin": origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type",
    }
    return an_event("OPTIONS", path) | {"headers": asked, "body": None}


def an_export(origin: str, **given: Any) -> dict[str, Any]:
    event = an_event(**given)
    event["headers"] |= {"origin": origin}
    return event


@pytest.mark.parametrize("origin", ALLOWED)
def test_a_preflight_of_an_allowed_page_is_told_what_it_may_send(origin):
    result = answer(a_preflight(origin))
    assert (result["statusCode"], result["body"]) == (204, "")
    headers = result["headers"]
    assert "content-type" not in headers
    assert headers[ALLOW] == origin
    assert headers["access-control-allow-credentials"] == "true"
    assert headers["access-control-allow-methods"] == "POST, OPTIONS"
    assert headers["access-control-max-age"] == "7200"
    assert headers["vary"] == "Origin"
    sent = headers["access-control-allow-headers"].split(", ")
    assert {"content-type", "content-encoding", "authorization", "x-api-key", "x-requested-with"} < set(sent)
    assert {"traceparent", "tracestate", "baggage", "x-mine"} < set(sent)


@pytest.mark.parametrize("origin", OTHERS)
def test_a_preflight_of_another_page_ends_well_and_allows_nothing(origin):
    result = answer(a_preflight(origin))
    assert result["statusCode"] == 204
    assert [name for name in result["headers"] if name.startswith("access-control")] == []
    assert result["headers"]["vary"] == "Origin"


def test_a_preflight_needs_no_credentials_and_no_x_ray():
    assert answer(a_preflight(PAGE), guard=a_guard(a_ring().find), put=fails)["statusCode"] == 204


def test_a_preflight_of_a_path_that_is_not_served_is_404():
    result = answer(a_preflight(PAGE, "/v1/logs"))
    assert (result["statusCode"], result["headers"][ALLOW]) == (404, PAGE)


def test_options_without_an_origin_is_no_preflight():
    result = answer(an_event("OPTIONS"))
    assert (result["statusCode"], result["headers"]["allow"]) == (405, "POST, OPTIONS")


@pytest.mark.parametrize(
    ("event", "guard", "given", "status"),
    [
        (an_export(PAGE), None, {}, 200),
        (an_export(PAGE) | {"body": "{"}, None, {}, 400),
        (an_export(PAGE), a_guard(a_ring().find), {}, 401),
        (an_export(PAGE, method="GET"), None, {}, 405),
        (an_export(PAGE, path="/"), None, {}, 404),
        (an_export(PAGE), None, {"put": fails}, 503),
        (an_export(PAGE), None, {"problem": "not ready"}, 503),
        (an_export(PAGE, method="GET", path="/health"), None, {}, 200),
    ],
)
def test_every_answer_can_be_read_by_an_allowed_page(event, guard: Guard | None, given, status):
    result = answer(event, CORS, **given, **({"guard": guard} if guard else {}))
    assert result["statusCode"] == status
    headers = result["headers"]
    assert (headers[ALLOW], headers["access-control-allow-credentials"]) == (PAGE, "true")
    assert (headers["access-control-expose-headers"], headers["vary"]) == ("Retry-After", "Origin")


@pytest.mark.parametrize("origin", [*OTHERS, ""])
def test_another_page_is_answered_and_cannot_read_it(origin):
    result = answer(an_export(origin))
    assert result["statusCode"] == 200
    assert [name for name in result["headers"] if name.startswith("access-control")] == []


@pytest.mark.parametrize("origin", [PAGE, "null", "*"])
def test_without_allowed_origins_nothing_is_said_to_browsers(origin):
    for event in (a_preflight(origin), an_export(origin)):
        headers = answer(event, Settings())["headers"]
        assert [name for name in headers if name.startswith("access-control") or name == "vary"] == []


def test_a_key_that_is_bound_to_pages_is_forbidden_elsewhere_and_the_page_can_read_why():
    guard = a_guard(a_ring(a_record(allowed_origins=("https://other.example",))).find)
    event = an_export(PAGE)
    event["headers"] |= {"x-api-key": TOKEN}
    result = answer(event, guard=guard)
    assert (result["statusCode"], result["headers"][ALLOW]) == (403, PAGE)
