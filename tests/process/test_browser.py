"""OpenTelemetry's web SDK in Chromium sends to the running server, from pages that may and pages that may not."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, Response

from tests.fake_xray import FakeXRay, Store, error, serving
from tests.process.browser.pages import Preflights, bundle, missing, origin
from tests.process.serving import Running, raygate, running

MISSING = ", ".join(missing())
pytestmark = pytest.mark.skipif(
    bool(MISSING) and "CI" not in os.environ, reason=f"NOT TESTED IN A BROWSER, for want of {MISSING}"
)

OFTEN = 100
"""X-Ray is away for as long as nobody says otherwise."""

PATIENCE_MS = 1000
"""The web SDK tries again when it may not read an answer, by itself for 10 s."""


@dataclass(frozen=True)
class Shop:
    """A guarded endpoint, and origins of one page: `home` and `partner` are allowed, `stranger` is not."""

    server: Running
    xray: FakeXRay
    home: str
    partner: str
    stranger: str
    key: str
    bound: str
    """A key of `home` alone."""

    def __getitem__(self, name: str) -> str:
        """The address of an origin."""
        return str(getattr(self, name))

    def to(self, encoding: str = "json", **headers: str) -> dict[str, Any]:
        """Where the page sends, with which headers."""
        return {"url": f"{self.server.url}/v1/traces", "headers": headers, "encoding": encoding}


@pytest.fixture(scope="module")
def shop(tmp_path_factory) -> Iterator[Shop]:
    assert not MISSING, MISSING
    folder, file = bundle(tmp_path_factory.mktemp("page")), str(tmp_path_factory.mktemp("keys") / "keys.json")
    with ExitStack() as stack:
        home, partner, stranger = (stack.enter_context(origin(folder)) for _ in range(3))
        environ = {"RAYGATE_AUTH": "keys", "RAYGATE_KEYS_FILE": file}
        key, bound = create_key(environ), create_key(environ, "--origin", home)
        xray = stack.enter_context(serving())
        environ |= {"AWS_ENDPOINT_URL_XRAY": xray.url, "RAYGATE_CORS_ALLOWED_ORIGINS": f"{home},{partner}"}
        server = stack.enter_context(running(environ=environ))
        yield Shop(server, xray, home, partner, stranger, key, bound)


def create_key(environ: dict[str, str], *options: str) -> str:
    status, output, errors = raygate("keys", "create", "--tenant", "shop", *options, environ=environ)
    assert status == 0, errors
    return output.strip()


@pytest.fixture(scope="module")
def browser(shop, any_chromium: Browser) -> Browser:
    return any_chromium


@pytest.fixture
def page(shop, browser) -> Iterator[Page]:
    """A page in a browser that remembers nothing; X-Ray stores everything, and has nothing yet."""
    shop.xray.play(Store())
    with browser.new_context() as context:
        yield context.new_page()


def trade(page: Page, where: dict[str, Any]) -> tuple[str, str]:
    """Have the page trace an order: the identifier of its trace, and what its exporter complained of."""
    done = page.evaluate("where => trade(where)", where)
    return f"1-{done['traceId'][:8]}-{done['traceId'][8:]}", done["said"]


def stored(shop: Shop, trace_id: str) -> set[tuple[str, str]]:
    """Name and namespace of each document of the trace."""
    documents = [one for one in shop.xray.store.stored.values() if one["trace_id"] == trace_id]
    return {(one["name"], one.get("namespace", "")) for one in documents}


@pytest.mark.parametrize("encoding", ["json", "protobuf"])
@pytest.mark.parametrize(("header", "scheme"), [("authorization", "Bearer "), ("x-api-key", "")])
def test_an_allowed_page_sends_its_spans(shop, page, encoding, header, scheme):
    page.goto(shop.home)
    asked = Preflights(page.context.new_cdp_session(page))
    with page.expect_response("**/v1/traces") as answer:
        trace_id, said = trade(page, shop.to(encoding, **{header: scheme + shop.key}))
    assert said == ""
    assert stored(shop, trace_id) == {("order", ""), ("127.0.0.1", "remote")}
    assert answer.value.headers["access-control-allow-origin"] == shop.home
    assert [(one["status"], one["headers"]["access-control-allow-origin"]) for one in asked.answers] == [
        (204, shop.home)
    ]


def test_a_page_that_is_not_allowed_is_not_told_that_it_is(shop, page):
    page.goto(shop.stranger)
    asked = Preflights(page.context.new_cdp_session(page))
    trace_id, said = trade(page, shop.to(**{"x-api-key": shop.key}) | {"timeoutMillis": PATIENCE_MS})
    assert said != ""
    assert stored(shop, trace_id) == set()
    assert {one["status"] for one in asked.answers} == {204}
    assert not [name for one in asked.answers for name in one["headers"] if name.startswith("access-control-")]


@pytest.mark.parametrize(("name", "status"), [("home", 200), ("partner", 200), ("stranger", 0)])
def test_an_answer_is_read_by_allowed_pages_only(shop, page, name, status):
    page.goto(shop[name])
    assert page.evaluate("where => ask(where)", shop.to(**{"x-api-key": shop.key}))["status"] == status


@pytest.mark.parametrize(("name", "read"), [("home", (401, True)), ("stranger", (0, False))])
def test_a_refusal_is_read_by_allowed_pages_only(shop, page, name, read):
    """`text/plain` without a key asks nothing before: the request itself comes, and is answered to anybody."""
    page.goto(shop[name])
    with page.expect_request("**/v1/traces"):
        answer = page.evaluate("where => ask(where)", shop.to(**{"content-type": "text/plain"}))
    while not shop.server.line().startswith("answered 401: no credentials"):
        pass  # what others have sent
    assert (answer["status"], "no credentials" in answer["text"]) == read


def test_the_web_sdk_waits_as_long_as_it_is_told(shop, page):
    page.goto(shop.home)
    shop.xray.play(Store(), *[error(503, "ServiceUnavailableException")] * OFTEN)
    sent: list[Request] = []
    away: list[Response] = []

    def answered(response: Response) -> None:
        if response.status == 503:
            away.append(response)
            shop.xray.play(Store())  # X-Ray is back

    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    page.on("response", answered)
    trace_id, said = trade(page, shop.to(**{"x-api-key": shop.key}))
    assert said == ""
    assert stored(shop, trace_id) == {("order", ""), ("127.0.0.1", "remote")}
    waited_s = (sent[1].timing["startTime"] - sent[0].timing["startTime"]) / 1000
    assert waited_s >= int(away[0].headers["retry-after"]) > 1.2, "by itself it would come again after 0.8 to 1.2 s"


def test_a_key_of_one_page_is_refused_from_another(shop, page):
    page.goto(shop.home)
    assert trade(page, shop.to(**{"x-api-key": shop.bound}))[1] == ""
    page.goto(shop.partner)
    trace_id, said = trade(page, shop.to(**{"x-api-key": shop.bound}))
    assert said != ""
    assert stored(shop, trace_id) == set()
    assert page.evaluate("where => ask(where)", shop.to(**{"x-api-key": shop.bound}))["status"] == 403
