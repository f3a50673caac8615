"""Two traces side by side, as people compare them."""

import re
from copy import deepcopy
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.process.viewer.serving import NARROW, WIDE, address_has, opened
from tests.process.viewer.traces import HOSTILE, a_trace_id, an_id, document, hostile, large, order

CONTRASTS = Path(__file__).with_name("contrasts.js").read_text()
FIRST, SECOND = a_trace_id(1), a_trace_id(2)
MOST_ROWS = 120


def slower(trace_id=SECOND):
    """The order again: the bank takes 200 ms more, the write is gone, a check is new."""
    documents = [one | {"trace_id": trace_id} for one in deepcopy(order())]
    for one in documents:
        if one["id"] in {an_id(34), an_id(31), an_id(30), an_id(1)}:
            one["end_time"] += 0.2
        for inner in one.get("subsegments", ()):
            inner["trace_id"] = trace_id
    kept = [one for one in documents if one["id"] != an_id(20)]
    return [*kept, document(trace_id, 77, 1, (85, 90), type="subsegment", namespace="remote", name="fraud check")]


@pytest.fixture
def compared(xray, page):
    xray.put(*order(), *slower())
    page.goto(f"{xray.url}/compare/{FIRST}/{SECOND}")
    expect(page.locator(".cmp-room .cmp-row").first).to_be_visible()
    return xray


def row(page: Page, name: str):
    return page.locator(".cmp-room .cmp-row").filter(has=page.locator(".what b", has_text=re.compile(f"^{name}$")))


def test_both_bars_stand_in_one_row(compared, page):
    bank = row(page, "bank")
    expect(bank.locator(".cmp-bar")).to_have_count(2)
    expect(bank.locator(".a")).to_have_text("230 ms")
    expect(bank.locator(".b")).to_have_text("430 ms")
    expect(bank.locator(".delta")).to_have_text("+200 ms")


def test_what_is_added_and_removed_has_a_sign_and_a_word(compared, page):
    expect(row(page, "fraud check")).to_contain_text("+")
    expect(row(page, "fraud check").locator(".what .unseen")).to_have_text("added ")
    expect(row(page, "DynamoDB").locator(".what .unseen")).to_have_text("removed ")
    for text in ("1 added", "1 removed", "4 slower"):
        expect(page.locator(".cmp-line")).to_contain_text(text)
    expect(page.locator(".cmp-delta b")).to_have_text("+200 ms")


def test_changes_are_ranked_by_what_they_contribute(compared, page):
    first = page.locator(".cmp-change").first
    expect(first).to_contain_text("bank")
    expect(first).to_contain_text("+200 ms")
    first.click()
    expect(row(page, "bank")).to_have_attribute("aria-selected", "true")
    address_has(page, f"row={an_id(34)}")


def test_keys_go_from_change_to_change_and_from_row_to_row(compared, page):
    page.keyboard.press("n")
    expect(row(page, "bank")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("n")
    expect(row(page, "bank")).to_have_attribute("aria-selected", "false")
    page.keyboard.press("N")
    page.keyboard.press("k")
    expect(row(page, "limits").last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("m")
    expect(page.get_by_role("button", name="Changes only")).to_have_attribute("aria-pressed", "true")
    expect(row(page, "validate")).to_have_count(0)
    expect(row(page, "bank")).to_be_visible()
    page.keyboard.press("x")
    expect(page).to_have_url(re.compile(rf"/compare/{SECOND}/{FIRST}$"))
    expect(row(page, "bank").locator(".delta")).to_have_text("\N{MINUS SIGN}200 ms")


def test_enter_opens_the_row_in_its_trace(compared, page):
    page.keyboard.press("n")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/traces/{SECOND}\?row={an_id(34)}"))


def test_the_other_one_is_chosen_from_the_last_runs(compared, page):
    compared.put(*slower(a_trace_id(6)))
    page.goto(f"{compared.url}/traces/{FIRST}")
    page.get_by_role("link", name="Compare").click()
    runs = page.locator(".cmp-runs tbody tr")
    expect(runs).to_have_count(2)
    runs.first.get_by_role("link").click()
    expect(page.locator(".cmp-room .cmp-row").first).to_be_visible()
    chooser = page.get_by_label("Compare with another run")
    other = chooser.locator("option").nth(1).get_attribute("value")
    chooser.select_option(other)
    expect(page).to_have_url(re.compile(rf"/compare/{FIRST}/{other}"))


def test_either_form_of_an_id_will_do(compared, page):
    page.goto(f"{compared.url}/compare/{FIRST.replace('-', '')[1:]}/{SECOND.upper()}")
    expect(row(page, "bank").locator(".delta")).to_have_text("+200 ms")


def test_a_trace_that_is_not_here_is_said(compared, watched):
    page, watcher = watched
    watcher.expected = ("404",)
    page.goto(f"{compared.url}/compare/{FIRST}/1-00000000-000000000000000000000000")
    expect(page.locator(".message")).to_contain_text("There is no trace 1-00000000")


def test_of_many_rows_only_those_in_sight_are_in_the_page(xray, page):
    xray.put(*large(2000, 5), *large(2000, 6))
    page.goto(f"{xray.url}/compare/{a_trace_id(5)}/{a_trace_id(6)}")
    expect(page.locator(".cmp-room .cmp-row").first).to_be_visible()
    assert page.locator(".cmp-room .cmp-row").count() < MOST_ROWS
    page.locator(".cmp-rows").evaluate("(one) => { one.scrollTop = one.scrollHeight; }")
    expect(page.locator(".cmp-room .cmp-row[aria-rowindex='2001']")).to_be_visible()


def test_markup_stays_text(xray, page):
    xray.put(*(one | {"name": "shop", "aws": {"operation": HOSTILE}, "http": {}} for one in hostile(4)))
    xray.put(*(one | {"name": "shop", "aws": {"operation": HOSTILE}, "http": {}} for one in hostile(7)))
    page.goto(f"{xray.url}/compare/{a_trace_id(4)}/{a_trace_id(7)}")
    expect(page.locator(".cmp-room .what").first).to_contain_text(HOSTILE)
    assert page.title() != "hacked"
    assert page.locator("main img").count() == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_all_words_can_be_read_and_nothing_hangs_over(xray, browser, theme, size):
    xray.put(*order(), *slower())
    with opened(browser, xray.url, viewport=size, color_scheme=theme) as (page, _):
        page.goto(f"{xray.url}/compare/{FIRST}/{SECOND}?row={an_id(34)}")
        expect(row(page, "bank")).to_have_attribute("aria-selected", "true")
        assert [one for one in page.evaluate(CONTRASTS) if one[1] < 4.5] == []
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
