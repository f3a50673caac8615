"""What stands around every page: files, policy, header, keys, themes, the stream of changes."""

import json
import re
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Self

import pytest
import requests
from playwright.sync_api import Page, expect

from raygate_local import server
from raygate_local.kept.opening import Kept
from raygate_local.viewer import libraries
from raygate_local.viewer.first import First
from tests.process.serving import running
from tests.process.viewer.serving import WIDE, copied, opened, viewed
from tests.process.viewer.shop import a_trace_id, an_order, orders

TIMEOUT_S = 30

CONTRASTS = Path(__file__).with_name("contrasts.js").read_text()


def poor(page: Page) -> list[tuple[str, float]]:
    """Texts that WCAG 2.2 AA would not let pass."""
    return [(text, ratio) for text, ratio in page.evaluate(CONTRASTS) if ratio < 4.5]


def get(xray, path="/", **headers):
    return requests.get(f"{xray.url}{path}", headers=headers, timeout=TIMEOUT_S)


@pytest.mark.parametrize("path", ["/", "/traces", f"/traces/{a_trace_id(1)}", "/xray/home"])
def test_every_page_holds_the_browser_to_our_own_files(xray, path):
    answer = get(xray, path)
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'self'; script-src 'self' 'sha256-")
    for part in ("frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'"):
        assert part in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"


def test_files_may_be_kept_for_ever_by_their_own_hash_and_not_by_another(xray):
    paths = re.findall(r'"(/viewer/[^"]+)"', get(xray).text)
    assert len(paths) >= 8
    for path in paths:
        answer = get(xray, path)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert get(xray, path.replace(path.split("/")[2], "0" * 16)).headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "path", ["../assets.py", "%2e%2e/assets.py", "..%2fshell.py", "nothing.js", "lib", "../node.txt"]
)
def test_nothing_else_is_served(xray, path):
    with_hash = re.findall(r"/viewer/\w+/", get(xray).text)[0]
    connection = HTTPConnection(xray.url.removeprefix("http://"), timeout=TIMEOUT_S)
    connection.request("GET", with_hash + path)
    answer = connection.getresponse()
    assert answer.status == 404
    assert b"def " not in answer.read()
    connection.close()


def test_what_is_not_there_is_a_page_for_browsers_and_json_for_others(xray):
    page = get(xray, "/nothing", Accept="text/html,*/*")
    assert (page.status_code, "<!doctype html>" in page.text) == (404, True)
    assert get(xray, "/nothing").json() == {"message": "Not Found"}


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("LOCALHOST:1234", 200),
        ("127.0.0.1:8080", 200),
        ("[::1]:8080", 200),
        ("evil.test", 421),
        ("localhost.evil.test", 421),
        ("evil.test:8080", 421),
        ("user@evil.test", 421),
        ("[::1", 421),
    ],
)
def test_only_this_machines_own_names_are_answered(xray, host, status):
    assert [get(xray, path, Host=host).status_code for path in ("/", "/api/traces")] == [status, status]


@pytest.mark.parametrize(("origin", "status"), [("", 200), ("http://evil.test", 403), ("null", 403)])
def test_another_sites_page_cannot_send(xray, origin, status):
    headers = {"Origin": origin or xray.url}
    assert requests.post(f"{xray.url}/api/clear", headers=headers, timeout=TIMEOUT_S).status_code == status


def test_without_the_libraries_the_api_works_and_the_page_says_how_to_get_them(monkeypatch, tmp_path):
    monkeypatch.setattr(libraries, "missing", lambda: ["preact.mjs"])
    with viewed() as xray:
        answer = get(xray, Accept="text/html")
        assert answer.status_code == 503
        assert "`make setup` installs them" in answer.text
        assert answer.text.count("\n") == 1
        xray.put(an_order(1))
        assert get(xray, "/api/traces").json()["total"] == 1
    assert libraries.ADVICE in server._welcome("http://127.0.0.1:1", "local", "http://127.0.0.1:2", Kept())


@pytest.mark.parametrize("form", [str, str.upper, lambda one: one.replace("-", "")[1:]])
def test_a_trace_is_had_raw_by_either_identifier(xray, form):
    xray.put(an_order(1))
    answer = get(xray, f"/traces/{form(a_trace_id(1))}/raw").json()
    assert answer["Id"] == a_trace_id(1)
    assert answer["Segments"] == [{"Id": f"{1:016x}", "Document": an_order(1)}]
    assert get(xray, "/traces/1-00000000-000000000000000000000000/raw").status_code == 404


class Stream:
    """Server-sent events, one by one."""

    def __init__(self, xray, seen: int | None = None) -> None:
        headers = {} if seen is None else {"Last-Event-ID": str(seen)}
        self.answer = requests.get(f"{xray.url}/api/live", headers=headers, stream=True, timeout=TIMEOUT_S)
        self.lines = self.answer.iter_lines(decode_unicode=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.answer.close()

    def next(self) -> dict[str, Any]:
        line = next(one for one in self.lines if one.startswith("data: "))
        event: dict[str, Any] = json.loads(line.removeprefix("data: "))
        return event


def test_whoever_comes_again_is_told_all_that_has_changed(xray):
    with Stream(xray) as stream:
        first = stream.next()
        assert (first["changed"], first["counts"]["traces"]) == ([], 0)
        xray.put(an_order(1))
        assert stream.next()["changed"] == [a_trace_id(1)]
    xray.put(an_order(2))
    xray.put(an_order(3), an_order(4))
    with Stream(xray, first["version"] + 1) as stream:
        event = stream.next()
        assert event["changed"] == [a_trace_id(2), a_trace_id(3), a_trace_id(4)]
        assert event["version"] == xray.store.version
        assert event["counts"]["traces"] == 4


def test_an_open_page_does_not_keep_the_server_from_stopping():
    with running("--xray-port", "0") as process:
        answer = requests.get(f"{process.xray_url}/api/live", stream=True, timeout=TIMEOUT_S)
        assert next(answer.iter_lines()).startswith(b"id: ")
        assert process.stop() == 0
        assert "Cancel" not in process.errors()
        answer.close()


def test_the_first_screen_says_how_to_send_and_sends(browser):
    with running("--xray-port", "0") as process, opened(browser, process.xray_url) as (page, _):
        page.goto(process.xray_url)
        expect(page.get_by_role("heading", name="No traces yet")).to_be_visible()
        expect(page.locator(".message pre").first).to_contain_text(f"curl -sS {process.url}/v1/traces")
        page.get_by_role("button", name="Copy the command").click()
        copied(page, f"curl -sS {process.url}/v1/traces")
        page.get_by_role("button", name="Send a sample trace").click()
        expect(page.locator(".found")).to_have_text("1 trace")
        expect(page.locator(".row")).to_contain_text("/checkout")


def test_an_endpoint_that_is_away_is_said(browser):
    with viewed(First("http://127.0.0.1:9")) as xray, opened(browser, xray.url) as (page, watched):
        watched.expected = ("502",)
        page.goto(xray.url)
        page.get_by_role("button", name="Send a sample trace").click()
        expect(page.get_by_role("alert")).to_contain_text("Nothing answers at")


def test_the_help_sheet_lists_every_key(xray, page):
    xray.put(*orders(3))
    page.goto(xray.url)
    expect(page.locator(".found")).to_have_text("3 traces")
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keys")
    for text in ("Next trace", "Previous trace", "Open the trace", "Write a filter", "Pause, resume", "This sheet"):
        expect(sheet).to_contain_text(text)
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()


def test_two_keys_go_to_a_page(xray, watched):
    page, watcher = watched
    watcher.expected = ("404",)
    page.goto(f"{xray.url}/nothing")
    expect(page.get_by_role("heading", name="Nothing here")).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("t")
    expect(page.get_by_role("heading", name="No traces yet")).to_be_visible()
    expect(page).to_have_url(f"{xray.url}/traces")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read_in_both_themes(xray, browser, scheme):
    with opened(browser, xray.url, color_scheme=scheme, viewport=WIDE) as (page, watched):
        watched.expected = ("400",)
        page.goto(xray.url)
        expect(page.get_by_role("heading", name="No traces yet")).to_be_visible()
        assert poor(page) == []
        xray.put(*orders(20), an_order(31, 429))
        expect(page.locator(".found")).to_have_text("21 traces")
        page.keyboard.press("j")
        page.keyboard.press("/")
        with page.expect_response(lambda answer: "text=fau&" in answer.url):
            page.keyboard.type("fau")
        expect(page.locator(".offer li").first).to_contain_text("fault")
        page.keyboard.press("ArrowDown")
        expect(page.locator(".offer [aria-selected=true]")).to_be_visible()
        assert poor(page) == []
        page.keyboard.press("Escape")
        expect(page.locator(".wrong")).to_be_visible()
        assert poor(page) == []
        page.keyboard.press("Escape")
        page.get_by_role("button", name="CLI").click()
        page.keyboard.press("f")
        expect(page.get_by_role("menu")).to_be_visible()
        assert poor(page) == []


def test_the_theme_is_switched_and_remembered(xray, browser):
    with opened(browser, xray.url, color_scheme="light") as (page, _):
        back = "() => getComputedStyle(document.body).backgroundColor"
        page.goto(xray.url)
        switch = page.get_by_role("button", name=re.compile("^Theme"))
        seen = [page.evaluate(back)]
        for _ in range(3):
            switch.click()
            seen.append(page.evaluate(back))
        light, dark = "rgb(255, 255, 255)", "rgb(18, 22, 26)"
        assert seen == [light, light, dark, light]
        switch.click()
        switch.click()
        page.reload()
        expect(switch).to_be_visible()
        assert page.evaluate(back) == dark


def test_focus_is_seen_wherever_it_is(xray, page):
    xray.put(*orders(3))
    page.goto(xray.url)
    expect(page.locator(".found")).to_have_text("3 traces")
    names = set()
    for _ in range(25):
        page.keyboard.press("Tab")
        style = page.evaluate(
            "() => { const e = document.activeElement, s = getComputedStyle(e);"
            " return [e.tagName, s.outlineStyle, parseFloat(s.outlineWidth)]; }"
        )
        if style[0] != "BODY":
            assert style[1] != "none"
            assert style[2] >= 2
            names.add(page.evaluate("() => document.activeElement.className || document.activeElement.textContent"))
    assert len(names) > 8


def test_what_is_typed_is_no_key(xray, page):
    xray.put(*orders(3))
    page.goto(xray.url)
    expect(page.locator(".found")).to_have_text("3 traces")
    page.keyboard.press("/")
    page.keyboard.type("p?")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
