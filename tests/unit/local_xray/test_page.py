"""The page that people look at."""

import re

import pytest
import requests

from raygate_local.xray import page
from tests.unit.local_xray.documents import START_S, TRACE_ID, a_document, a_subsegment, a_trace_id, running


@pytest.fixture(scope="module")
def server():
    with running("curl -d '<spans>' http://127.0.0.1:4318/v1/traces") as one:
        yield one


@pytest.fixture
def xray(server):
    server.store.traces.clear()
    return server


def get(xray, path="/", **headers):
    return requests.get(f"{xray.url}{path}", headers=headers, timeout=5)


def test_the_first_screen_says_how_to_send(xray):
    answer = get(xray)
    assert "No traces yet" in answer.text
    assert "curl -d &#39;&lt;spans&gt;&#39; http://127.0.0.1:4318/v1/traces" in answer.text


def test_the_list_has_the_newest_trace_first(xray):
    xray.put(*(a_document(1, trace_id=a_trace_id(number), start_time=START_S - number) for number in range(3)))
    assert re.findall(r'href="/traces/([^"]+)"', get(xray).text) == [a_trace_id(number) for number in range(3)]


def test_the_list_says_what_was_asked_and_how_it_went(xray):
    request = {"method": "GET", "url": "https://shop.test/cart/7?token=x"}
    xray.put(a_document(http={"request": request}), a_subsegment(2, 1, fault=True))
    text = get(xray).text
    for shown in ("shop", "GET /cart/7<", "2023-11-14 22:13:20.000", "500.0 ms", 'class="fault"'):
        assert shown in text
    assert "token" not in text


@pytest.mark.parametrize("trace_id", [TRACE_ID, TRACE_ID.replace("-", "")[1:], TRACE_ID.replace("-", "")[1:].upper()])
def test_a_trace_is_found_by_either_identifier(xray, trace_id):
    xray.put(a_document(), a_subsegment(2, 1, name="db"), a_subsegment(3, 8, name="lost"))
    answer = get(xray, f"/traces/{trace_id}")
    assert answer.status_code == 200
    assert [int(depth) for depth in re.findall(r'class="depth-(\d+)"', answer.text)] == [0, 1, 0]
    assert "its parent is not here" in answer.text


def test_a_long_list_is_cut_into_pages(xray, monkeypatch):
    monkeypatch.setitem(page.ON_A_PAGE, "documents", 2)
    xray.put(*(a_document(number, name=f"name {number}") for number in range(5)))
    parts = [get(xray, f"/traces/{TRACE_ID}?page={number}").text for number in (1, 2, 3, "x", "99")]
    assert [part.count("<details>") for part in parts] == [2, 2, 1, 2, 1]
    assert "page 2 of 3" in parts[1]


MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&"


def test_nothing_that_was_sent_becomes_markup(xray):
    request = {"method": MARKUP, "url": f"https://shop.test/{MARKUP}"}
    xray.put(
        a_document(http={"request": request}, user=MARKUP, metadata={MARKUP: MARKUP}, origin=MARKUP),
        a_subsegment(2, 1, aws={"operation": MARKUP}),
    )
    for path in ("/", f"/traces/{TRACE_ID}", f"/traces/{MARKUP}", f"/{MARKUP}"):
        text = get(xray, path).text
        assert "<script" not in text
        assert "<img" not in text
    assert "&lt;script&gt;" in get(xray, f"/traces/{TRACE_ID}").text


def test_a_trace_that_is_not_there_is_said_to_be_missing(xray):
    answer = get(xray, f"/traces/{a_trace_id(5)}")
    assert answer.status_code == 404
    assert f"There is no trace {a_trace_id(5)} here" in answer.text


def test_the_browser_is_told_to_load_nothing_from_elsewhere(xray):
    answer = get(xray)
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'; img-src 'self'")
    wanted = re.findall(r'(?:href|src)="([^"]+)"', answer.text)
    assert wanted
    assert [get(xray, path).status_code for path in wanted] == [200] * len(wanted)


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
    assert get(xray, Host=host).status_code == status


@pytest.mark.parametrize(("origin", "status"), [("", 400), ("http://evil.test", 403), ("null", 403)])
def test_another_sites_page_cannot_send(xray, origin, status):
    own = origin or xray.url
    assert requests.post(f"{xray.url}/TraceSegments", headers={"Origin": own}, timeout=5).status_code == status
