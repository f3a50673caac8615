"""What X-Ray does not have, as people look at it; one key replays what is parked."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from raygate.keep.message import Undelivered, pack
from tests.process.viewer.serving import NARROW, WIDE, address_has, opened
from tests.process.viewer.shop import a_trace_id, an_order
from tests.process.viewer.traces import HOSTILE
from tests.process.viewer.whole import whole

CONTRASTS = Path(__file__).with_name("contrasts.js").read_text()


@pytest.fixture
def place(tmp_path, port):
    with whole(tmp_path, port) as one:
        yield one


@pytest.fixture
def seen(place, browser):
    """The page with one row of each kind, the parked one first."""
    place.park(an_order(1), "InvalidSegment", tenant="acme", received_ms=9_999_999_999_000, request_id="r-1")
    place.put(an_order(2, name=HOSTILE))
    place.dead.send([pack(Undelivered((json.dumps(an_order(3)), json.dumps(an_order(4))), "acme"))], 1)
    with opened(browser, place.url) as (page, _):
        page.goto(f"{place.url}/refused")
        expect(rows(page)).to_have_count(3)
        yield page


def rows(page: Page):
    return page.locator(".ref-rows tbody tr")


def row(page: Page, text: str):
    return rows(page).filter(has_text=text)


def test_each_has_its_state_code_reason_tenant_and_trace(seen):
    parked = row(seen, "Parked")
    for text in ("InvalidSegment", "X-Ray's own words", "shop", "acme"):
        expect(parked).to_contain_text(text)
    expect(parked.get_by_role("link")).to_have_attribute("href", f"/traces/{a_trace_id(1)}")
    expect(row(seen, "Refused")).to_contain_text("InvalidName")
    expect(row(seen, "Dead letter")).to_contain_text("2 documents")


def test_a_known_code_is_explained_and_the_document_is_shown(seen):
    seen.keyboard.press("j")
    details = seen.locator(".ref-details")
    expect(details).to_contain_text("more than 64 KB")
    expect(details.locator("code", has_text="raygate replay --parked --code InvalidSegment")).to_be_visible()
    expect(details.locator("pre")).to_contain_text('"name": "shop"')
    address_has(seen, "row=parked")
    seen.reload()
    expect(details.locator("pre")).to_contain_text('"name": "shop"')


def test_one_key_replays_a_parked_document(seen, place):
    seen.keyboard.press("j")
    expect(seen.locator(".ref-details")).to_be_visible()
    seen.keyboard.press("r")
    expect(seen.locator(".ref-told")).to_contain_text("X-Ray took it.")
    expect(row(seen, "Parked")).to_have_count(0)
    seen.goto(f"{place.url}/traces/{a_trace_id(1)}")
    expect(seen.locator("h1")).to_contain_text("shop")


def test_what_is_being_replayed_is_asked_for_no_more(seen):
    details: list[str] = []
    replays: list[Route] = []
    seen.route("**/api/refused/document?*", lambda one: details.append(one.request.url))
    seen.route("**/api/refused/replay", lambda one: replays.append(one))  # noqa: PLW0108 - Playwright marks what it calls
    seen.keyboard.press("j")
    expect(seen.locator(".ref-details")).to_be_visible()
    with seen.expect_event("requestfailed") as called_back:
        seen.keyboard.press("r")
    assert [called_back.value.url] == details
    while not replays:
        seen.wait_for_timeout(10)
    replays[0].continue_()
    expect(row(seen, "Parked")).to_have_count(0)
    assert len(details) == 1


def test_what_is_refused_again_stays_and_says_why(seen, place):
    place.park(an_order(7, start_time=None), "Earlier", received_ms=9_999_999_999_999)
    expect(row(seen, "Earlier")).to_have_count(1)
    row(seen, "Earlier").click()
    seen.get_by_role("button", name="Replay it").click()
    expect(seen.locator(".ref-told")).to_contain_text("X-Ray took 0 of 1")
    expect(row(seen, "Parked").filter(has_text=re.compile("Missing"))).to_have_count(1)


def test_dead_letters_are_replayed_together(seen):
    seen.get_by_role("button", name="Replay 1 dead letter").click()
    expect(seen.locator(".ref-told")).to_contain_text("X-Ray took all 2.")
    expect(row(seen, "Dead letter")).to_have_count(0)


def test_what_is_kept_nowhere_says_that_it_cannot_be_replayed(seen):
    row(seen, "Refused").click()
    expect(seen.locator(".ref-details")).to_contain_text("kept nowhere")
    seen.keyboard.press("r")
    expect(seen.locator(".ref-told")).to_contain_text("cannot be replayed")


def test_one_kind_is_looked_at_alone(seen):
    seen.get_by_role("group", name="States").get_by_role("button", name="Dead letter").click()
    expect(rows(seen)).to_have_count(1)
    address_has(seen, "state=dead")


def test_a_refusal_appears_by_itself(seen, place):
    place.put(an_order(20, end_time=None))
    expect(row(seen, "MissingEndTime")).to_have_count(1)


def test_without_any_it_says_that_all_is_well(place, browser):
    with opened(browser, place.url) as (page, _):
        page.goto(f"{place.url}/refused")
        expect(page.locator(".message")).to_contain_text("X-Ray has everything")


def test_markup_stays_text(seen):
    row(seen, "Refused").click()
    expect(seen.locator(".ref-details h2")).to_have_text(HOSTILE)
    assert seen.title() != "hacked"
    assert seen.locator("main img").count() == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_all_words_can_be_read_and_nothing_hangs_over(place, browser, theme, size):
    place.park(an_order(1), "InvalidSegment", tenant="acme")
    with opened(browser, place.url, viewport=size, color_scheme=theme) as (page, _):
        page.goto(f"{place.url}/traces")
        expect(page.get_by_role("heading", name="No traces yet")).to_be_visible()
        page.keyboard.press("g")
        page.keyboard.press("r")
        expect(rows(page)).to_have_count(1)
        page.keyboard.press("j")
        expect(page.locator(".ref-details pre")).to_be_visible()
        assert [one for one in page.evaluate(CONTRASTS) if one[1] < 4.5] == []
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
