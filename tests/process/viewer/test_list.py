"""The list of traces, as people use it."""

import json
import re
from contextlib import ExitStack, closing
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from raygate_local.xray.store import Store
from tests.process.viewer.serving import NARROW, address_has, copied, opened, shown
from tests.process.viewer.shop import MARKUP, START_S, a_trace_id, an_order, orders


def rows(page: Page):
    return page.get_by_role("row").filter(has=page.get_by_role("gridcell"))


def field(page: Page):
    return page.get_by_role("combobox", name="Filter expression")


def filtered(page: Page, text: str) -> None:
    field(page).fill(text)
    field(page).press("Enter")


def row(page: Page, number: int):
    return page.locator(f"#row-{a_trace_id(number)}")


def found(page: Page, text: str) -> None:
    expect(page.locator(".found")).to_have_text(text)


@pytest.fixture
def shop(xray, page):
    """Twenty orders on the page."""
    xray.put(*orders(20))
    page.goto(xray.url)
    found(page, "20 traces")
    return xray


def test_the_newest_trace_is_first_with_all_that_is_known_of_it(shop, page):
    first = rows(page).first
    expect(first).to_have_attribute("id", f"row-{a_trace_id(19)}")
    for text in ("OK", "250 ms", "shop", "GET", "/orders/19", "200", "tenant acme"):
        expect(first).to_contain_text(text)


def test_a_status_has_a_word_and_a_sign(shop, page):
    shop.put(an_order(30, 429), an_order(31, 404), an_order(32, 500))
    found(page, "23 traces")
    for number, words in ((32, "✖ Fault"), (31, "▲ Error"), (30, "◆ Throttle"), (19, "● OK")):
        expect(row(page, number).locator(".status").first).to_have_text(re.compile(words.replace(" ", r"\s*")))


def test_what_went_wrong_inside_is_seen_on_a_trace_that_went_well(shop, page):
    call: dict[str, Any] = {
        "type": "subsegment",
        "parent_id": f"{40:016x}",
        "namespace": "remote",
        "fault": True,
        "annotations": {},
    }
    shop.put(an_order(40), an_order(41, **call) | {"trace_id": a_trace_id(40), "name": "bank"})
    found(page, "21 traces")
    expect(rows(page).first.get_by_title("fault in a part of it")).to_be_visible()


def test_a_filter_is_in_the_address_and_comes_back_with_it(shop, page):
    filtered(page, "fault")
    found(page, "2 traces")
    address_has(page, "filter=fault")
    page.reload()
    found(page, "2 traces")
    expect(field(page)).to_have_value("fault")
    page.go_back()
    found(page, "20 traces")


@pytest.mark.parametrize(
    ("text", "column"), [("fault AND = 3", 10), ("unknown", 0), ('service("shop', 8), ("fault\nAND ?", 4)]
)
def test_an_error_stands_under_its_column(shop, watched, text, column):
    page, watcher = watched
    watcher.expected = ("400",)
    field(page).fill(text)
    field(page).press("Enter")
    wrong = page.locator(".filter .wrong")
    expect(wrong).to_be_visible()
    caret = wrong.locator(".caret").bounding_box()
    style = "e => { const s = getComputedStyle(e); return parseFloat(s.paddingLeft) + parseFloat(s.borderLeftWidth); }"
    left = field(page).bounding_box()["x"] + field(page).evaluate(style)
    width = field(page).evaluate(
        "e => { const s = getComputedStyle(e); const c = document.createElement('canvas').getContext('2d');"
        " c.font = `${s.fontSize} ${s.fontFamily}`; return c.measureText('x').width; }"
    )
    assert abs(caret["x"] - (left + column * width)) < width


def test_words_are_completed_from_what_is_in_the_store(shop, page):
    field(page).press_sequentially("annotation.ten")
    expect(page.get_by_role("option").first).to_contain_text("annotation[tenant]")
    field(page).press("Tab")
    field(page).press_sequentially(' = "')
    expect(page.get_by_role("option").first).to_contain_text('"acme"')
    field(page).press("ArrowDown")
    field(page).press("Enter")
    expect(field(page)).to_have_value('annotation[tenant] = "acme"')
    field(page).press("Escape")
    field(page).press("Enter")
    address_has(page, "filter=annotation")
    found(page, "20 traces")


def test_a_word_that_was_offered_before_a_blank_is_put_after_it(shop, page):
    later: list[Route] = []

    def hold(question: Route) -> None:
        later.append(question)

    page.route(re.compile(r"/api/complete\?text=annotation%5Btenant%5D\+%3D\+"), hold)
    field(page).press_sequentially("annotation[tenant] =")
    expect(page.get_by_role("option").first).to_contain_text('"acme"')
    field(page).press_sequentially(' "')
    field(page).press("ArrowDown")
    field(page).press("Enter")
    expect(field(page)).to_have_value('annotation[tenant] = "acme"')
    field(page).press_sequentially(" ")
    expect(field(page)).to_have_value('annotation[tenant] = "acme" ')
    for one in later:
        one.continue_()


def test_the_same_question_is_shown_for_the_aws_cli(shop, page):
    filtered(page, 'http.url CONTAINS "it\'s"')
    page.get_by_role("button", name="CLI").click()
    line = page.locator(".command code")
    expect(line).to_have_text(re.compile("^aws xray get-trace-summaries --start-time 0 --end-time "))
    expect(line).to_contain_text("--filter-expression 'http.url CONTAINS \"it'\\''s\"'")
    expect(line).to_have_text(re.compile(f"--endpoint-url {shop.url}$"))
    page.get_by_role("button", name="Copy the command").click()
    copied(page, "aws xray get-trace-summaries")
    expect(line).to_have_text(page.evaluate("() => window.copied"))


@pytest.mark.parametrize(
    ("place", "action", "filtering_and_left"),
    [
        (".status .value", "Filter by", ("fault", "2 traces")),
        (".status .value", "Exclude", ("!fault", "18 traces")),
        (".service .value", "Filter by", ('service("shop")', "20 traces")),
        (".request .value", "Exclude", ("!(http.status = 500)", "18 traces")),
        (".annotations .value", "Exclude", ('!(annotation[tenant] = "acme")', "0 traces")),
    ],
)
def test_a_value_that_is_seen_becomes_a_filter(shop, page, place, action, filtering_and_left):
    filtering, left = filtering_and_left
    row(page, 10).locator(place).first.click()
    page.get_by_role("menuitem", name=action).click()
    expect(field(page)).to_have_value(filtering)
    found(page, left)


def test_one_clause_is_added_to_another(shop, page):
    filtered(page, "fault OR error")
    found(page, "4 traces")
    row(page, 10).locator(".request .value").click()
    page.get_by_role("menuitem", name="Filter by").click()
    expect(field(page)).to_have_value("(fault OR error) AND http.status = 500")
    found(page, "2 traces")


def test_all_values_of_the_chosen_row_are_reached_by_key(shop, page):
    for key in "jjf":
        page.keyboard.press(key)
    for text in ("Status", "Service", "Method", "URL", "HTTP status", "tenant"):
        expect(page.get_by_role("menu")).to_contain_text(text)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(field(page)).to_have_value('service("shop")')


def test_the_histogram_filters_when_it_is_dragged(shop, page):
    over = page.locator(".u-over")
    expect(over).to_be_visible()
    box = over.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + 30, steps=5)
    page.mouse.up()
    expect(page).to_have_url(re.compile("timeRange="))
    expect(page.locator(".list")).to_have_attribute("aria-busy", "false")
    expect(page.locator(".found")).to_have_text(re.compile(r"^(1 trace|([2-9]|1\d) traces)$"))
    expect(rows(page)).to_have_count(int(page.locator(".found").inner_text().split()[0]))
    page.get_by_role("button", name="All times").click()
    found(page, "20 traces")


def test_the_legend_counts_each_status_and_filters_by_it(shop, page):
    button = page.locator(".legend button", has_text="Fault")
    expect(button).to_contain_text("2")
    button.click()
    expect(field(page)).to_have_value("fault")
    found(page, "2 traces")


@pytest.mark.parametrize(
    ("address", "many"),
    [
        ("/traces?timeRange=2026-11-18T11:06:45~2026-11-18T11:06:49", "4 traces"),
        ("/traces?timeRange=2026-11-18T12:06:45%2B01:00~2026-11-18T11:06:49Z", "4 traces"),
        ("/traces?timeRange=2026-11-18T11:06:45~PT5S", "5 traces"),
        ("/traces?timeRange=nonsense", "20 traces"),
        ("/xray/home?region=eu-west-1#/traces?filter=fault", "2 traces"),
        ("/#/traces?filter=fault&timeRange=2026-11-18T11:06:40~PT5S", "1 trace"),
        ("/cloudwatch/home?region=eu-west-1#xray:traces", "20 traces"),
    ],
)
def test_addresses_of_the_console_are_understood(shop, page, address, many):
    page.goto("about:blank")
    page.goto(shop.url + address)
    found(page, many)


def test_new_traces_appear_by_themselves(shop, page):
    shop.put(an_order(50))
    found(page, "21 traces")
    expect(rows(page).first).to_have_attribute("id", f"row-{a_trace_id(50)}")


def test_what_comes_while_the_list_is_loading_is_not_missed(xray, page):
    """The answer with one trace is on its way when the page is told of another."""
    xray.put(an_order(1))

    def hold(route: Route) -> None:
        answer = route.fetch()
        xray.put(an_order(2))
        expect(page.locator(".kept")).to_contain_text("2 traces")
        expect(page.locator(".list")).to_have_attribute("aria-busy", "true")
        route.fulfill(response=answer)

    page.route("**/api/traces?*", hold, times=1)
    page.goto(xray.url)
    found(page, "2 traces")


def test_a_trace_that_changes_is_shown_as_it_is(shop, page):
    shop.put(an_order(19, 500))
    expect(rows(page).first).to_contain_text("Fault")
    found(page, "20 traces")


def test_a_trace_that_matches_no_more_goes(shop, page):
    filtered(page, "ok")
    found(page, "16 traces")
    shop.put(an_order(19, 500))
    found(page, "15 traces")
    expect(row(page, 19)).to_have_count(0)


def test_while_it_is_paused_nothing_moves_and_what_waits_is_counted(shop, page):
    page.keyboard.press("p")
    shop.put(an_order(50), an_order(51))
    shop.put(an_order(51))
    button = page.get_by_role("button", name="Resume")
    expect(button).to_contain_text("2 waiting")
    found(page, "20 traces")
    button.click()
    found(page, "22 traces")


def test_what_is_read_stays_in_its_place(xray, page):
    xray.put(*orders(300))
    page.goto(xray.url)
    found(page, "300 traces")
    page.get_by_role("grid").evaluate("e => { e.scrollTop = 3000; }")
    read = row(page, 190)
    expect(read).to_be_visible()
    before = read.bounding_box()
    xray.put(*(an_order(number) for number in range(400, 410)))
    found(page, "310 traces")
    page.wait_for_function("() => document.querySelector('[role=grid]').scrollTop === 3300")
    assert read.bounding_box() == before


def test_a_lost_connection_is_said_and_nothing_is_lost(browser, port):
    with closing(Store.open()) as store, ExitStack() as stack:
        with shown(store, port=port) as xray:
            xray.put(*orders(20))
            page, watcher = stack.enter_context(opened(browser, xray.url))
            page.goto(xray.url)
            found(page, "20 traces")
            watcher.expected = ("ERR_", "Failed to load")
        expect(page.locator(".lost")).to_have_text("Not connected. Trying again…")
        xray.put(an_order(60))
        found(page, "20 traces")
        with shown(store, port=port):
            found(page, "21 traces")
            expect(page.locator(".lost")).to_have_count(0)
            stack.close()


def test_ten_thousand_traces_scroll_with_few_rows_in_the_page(xray, page):
    texts = [json.dumps(one) for one in orders(10_000)]
    for start in range(0, len(texts), 1000):
        xray.store.put(texts[start : start + 1000])
    page.goto(xray.url)
    found(page, "10,000 traces")
    grid = page.get_by_role("grid")
    for share in (0.5, 1.0):
        grid.evaluate("(e, share) => { e.scrollTop = e.scrollHeight * share; }", share)
    expect(row(page, 0)).to_be_visible()
    assert page.locator(".row").count() < 100
    expect(grid).to_have_attribute("aria-rowcount", "10001")


def test_noise_is_hidden_and_the_address_says_so(shop, page):
    health = {"request": {"method": "GET", "url": "https://shop.example.com/health"}, "response": {"status": 200}}
    shop.put(*(an_order(number, http=health) for number in range(60, 65)))
    found(page, "25 traces")
    page.get_by_role("button", name="Saved filters").click()
    page.get_by_role("button", name="Hide", exact=True).click()
    found(page, "20 traces")
    page.reload()
    found(page, "20 traces")
    page.get_by_role("button", name="Hidden: Health checks").click()
    found(page, "25 traces")


def test_a_filter_is_kept_under_a_name(shop, page):
    filtered(page, "error")
    found(page, "2 traces")
    page.get_by_role("button", name="Saved filters").click()
    page.get_by_role("textbox", name="Name for the filter").fill("Not found")
    page.get_by_role("button", name="Save this filter").click()
    page.goto(shop.url)
    page.get_by_role("button", name="Saved filters").click()
    page.locator(".saved .item", has_text="Not found").get_by_role("button", name="Use").click()
    expect(field(page)).to_have_value("error")
    found(page, "2 traces")


def test_nothing_that_matches_is_said_with_a_way_back(shop, page):
    filtered(page, 'service("nobody")')
    expect(page.get_by_role("heading", name="No trace matches")).to_be_visible()
    page.get_by_role("button", name="Without the filter").click()
    found(page, "20 traces")


def test_clearing_asks_once(shop, page):
    page.get_by_role("button", name="Clear all…").click()
    page.get_by_role("button", name="Keep them").click()
    found(page, "20 traces")
    page.get_by_role("button", name="Clear all…").click()
    page.get_by_role("button", name="Remove all").click()
    expect(page.get_by_role("heading", name="No traces yet")).to_be_visible()
    assert shop.store.counts().traces == 0


def test_the_header_counts_what_is_kept_and_what_may_be(shop, page):
    kept = page.locator(".kept")
    expect(kept).to_contain_text("20 traces")
    expect(kept).to_contain_text("of 134 MB")
    shop.put(an_order(70))
    expect(kept).to_contain_text("21 traces")


def test_the_list_is_used_by_keys_alone(shop, page):
    for key in "jjjk":
        page.keyboard.press(key)
    chosen = page.locator(".row[aria-selected=true]")
    expect(chosen).to_have_attribute("id", f"row-{a_trace_id(18)}")
    page.keyboard.press("Shift+G")
    expect(chosen).to_have_attribute("id", f"row-{a_trace_id(0)}")
    page.keyboard.press("g")
    page.keyboard.press("g")
    expect(chosen).to_have_attribute("id", f"row-{a_trace_id(19)}")
    page.keyboard.press("/")
    expect(field(page)).to_be_focused()
    expect(page.locator(".offer li").first).to_be_visible()
    for key in ("Escape", "Escape", "y"):
        page.keyboard.press(key)
    copied(page, a_trace_id(19))
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{shop.url}/traces/{a_trace_id(19)}")
    page.go_back()
    expect(chosen).to_have_attribute("id", f"row-{a_trace_id(19)}")


def test_nothing_that_was_sent_becomes_markup(shop, page):
    request = {"method": MARKUP, "url": f"https://shop.test/{MARKUP}"}
    hostile = an_order(80, name="shop", user=MARKUP, origin=MARKUP, annotations={"tenant": MARKUP})
    shop.put(hostile | {"http": {"request": request, "response": {"status": 200}}})
    found(page, "21 traces")
    expect(rows(page).first).to_contain_text(MARKUP)
    page.keyboard.press("j")
    page.keyboard.press("f")
    expect(page.get_by_role("menu")).to_contain_text(MARKUP)
    assert page.locator("main img").count() == 0
    page.get_by_role("menu").locator(".item", has_text="User").get_by_role("menuitem", name="Filter by").click()
    found(page, "1 trace")
    assert page.locator("main img").count() == 0


def test_times_are_local_or_utc(shop, page):
    expect(rows(page).first).to_contain_text("2026-11-18 12:06:59.000")
    page.get_by_title(re.compile("Times are local")).click()
    expect(rows(page).first).to_contain_text("2026-11-18 11:06:59.000")
    page.reload()
    expect(rows(page).first).to_contain_text("2026-11-18 11:06:59.000")
    assert START_S % 60 == 40


def test_on_a_narrow_screen_nothing_is_wider_than_the_page(xray, browser):
    xray.put(*orders(20))
    with opened(browser, xray.url, viewport=NARROW) as (page, _):
        page.goto(xray.url)
        found(page, "20 traces")
        assert page.evaluate("() => document.documentElement.scrollWidth") <= NARROW["width"]
        assert page.get_by_role("grid").evaluate("e => e.scrollWidth - e.clientWidth") <= 0
