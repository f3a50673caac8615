"""The service map, as people use it: by mouse, by keys, in words."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest
from playwright.sync_api import Page, expect

from tests.process.viewer.serving import NARROW, address_has, opened
from tests.process.viewer.shop import an_order, orders
from tests.process.viewer.traces import HOSTILE, a_trace_id, document, order

CONTRASTS = Path(__file__).with_name("contrasts.js").read_text()


def node(page: Page, name: str):
    return page.locator(".map-node").filter(has=page.locator("text.name", has_text=re.compile(f"^{re.escape(name)}$")))


def places(page: Page) -> Any:
    return page.evaluate(
        "() => Object.fromEntries([...document.querySelectorAll('.map-node')]"
        ".map((one) => [one.dataset.key, one.getAttribute('transform')]))"
    )


@pytest.fixture
def shop(xray, page):
    xray.put(*orders(20), *order())
    page.goto(f"{xray.url}/map")
    expect(node(page, "payment")).to_be_visible()
    return xray


def test_latency_rate_and_failures_stand_in_the_node(shop, page):
    payment = node(page, "payment")
    expect(payment.locator(".mean")).to_have_text("303 ms")
    expect(payment.locator(".rate")).to_have_text(re.compile(r"^[\d.]+/(min|h|day)$"))
    expect(payment.locator(".failed")).to_contain_text("✖ 1")
    expect(payment.locator(".ring.fault")).to_have_count(1)
    expect(payment).to_have_attribute("aria-label", re.compile("payment, service, 1 requests, 303 ms, .*, 1 fault"))
    expect(node(page, "Clients").first).to_be_visible()
    expect(node(page, "warehouse").locator(".type")).to_have_text("Database::SQL")


def test_an_edge_has_its_own_statistics(shop, page):
    edge = page.locator(".map-edge[aria-label^='shop → payment']")
    edge.locator("text").first.click()
    expect(page.locator(".map-panel h2")).to_have_text("shop → payment")
    expect(page.locator(".map-panel")).to_contain_text("320 ms")
    expect(page).to_have_url(re.compile(re.escape(quote_plus("|payment|")) + r"(&|$)"))


def test_a_node_becomes_a_filter_in_the_list(shop, page):
    node(page, "shop").first.click()
    page.locator(".map-numbers tr", has_text="Fault").get_by_role("link", name="Traces").click()
    expect(page.locator(".found")).to_have_text("3 traces")
    address_has(page, "filter=" + quote_plus('service("shop") { fault }'))


def test_a_part_of_the_histogram_becomes_a_filter(shop, page):
    node(page, "bank").click()
    expect(page.locator(".map-times .u-over")).to_be_visible()
    box = page.locator(".map-times .u-over").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 2, box["y"] + 20, steps=4)
    page.mouse.up()
    code = page.locator(".map-filter code")
    expect(code).to_have_text(
        re.compile(r"^service\(.*bank.*\) \{ responsetime >= 0\.1\d+ AND responsetime <= 0\.2\d* \}$")
    )
    page.get_by_role("link", name="View traces of this part").click()
    expect(page.locator(".found")).to_have_text("1 trace")


def test_a_part_can_be_written_and_comes_back_with_the_address(shop, page):
    node(page, "bank").click()
    part = page.locator(".map-part")  # the page has another "From", and the panel comes a moment later
    part.get_by_label("From").fill("100")
    part.get_by_label(re.compile("^to")).fill("250")
    part.get_by_role("button", name="Take").click()
    expect(page.locator(".map-filter code")).to_contain_text("responsetime >= 0.1 AND responsetime <= 0.25")
    page.reload()
    expect(page.locator(".map-filter code")).to_contain_text("responsetime >= 0.1 AND responsetime <= 0.25")


def test_the_picture_stays_when_more_of_the_same_comes(shop, page):
    before = places(page)
    shop.put(*(an_order(number) for number in range(30, 40)))
    expect(node(page, "shop").nth(0)).to_be_visible()
    expect(page.locator(".map-line [role=status]")).to_contain_text("31 traces")
    assert places(page) == before


def test_a_new_service_appears_by_itself(shop, page):
    shop.put(an_order(70, name="newcomer"))
    expect(node(page, "newcomer")).to_be_visible()


def test_it_is_moved_and_zoomed_by_mouse_and_by_keys(shop, page):
    inner = page.locator(".map-picture > g")
    fitted = inner.get_attribute("transform")
    page.keyboard.press("+")
    expect(inner).not_to_have_attribute("transform", fitted)
    closer = inner.get_attribute("transform")
    page.keyboard.press("ArrowRight")
    expect(inner).not_to_have_attribute("transform", closer)
    page.keyboard.press("0")
    expect(inner).to_have_attribute("transform", fitted)
    box = page.locator(".map-picture").bounding_box()
    page.mouse.move(box["x"] + 100, box["y"] + box["height"] - 120)
    page.mouse.wheel(0, -300)
    expect(inner).not_to_have_attribute("transform", fitted)
    zoomed = inner.get_attribute("transform")
    page.mouse.down()
    page.mouse.move(box["x"] + 180, box["y"] + box["height"] - 160, steps=3)
    page.mouse.up()
    expect(inner).not_to_have_attribute("transform", zoomed)
    page.get_by_role("button", name="Fit").click()
    expect(inner).to_have_attribute("transform", fitted)


def test_every_service_is_reached_by_keys(shop, page):
    seen: set[str | None] = set()
    chosen = page.locator(".map-node.chosen")
    for _ in range(sum(not one.startswith("client|") for one in places(page))):
        before = chosen.get_attribute("data-key") if seen else ""
        page.keyboard.press("j")
        expect(chosen).not_to_have_attribute("data-key", before or "")
        expect(page.locator(".map-panel h2")).to_be_visible()
        seen.add(chosen.get_attribute("data-key"))
    assert {one for one in places(page) if not one.startswith("client|")} <= seen
    page.keyboard.press("Escape")
    expect(page.locator(".map-panel")).to_have_count(0)


def test_in_words_it_says_the_same(shop, page):
    page.keyboard.press("t")
    row = page.locator(".map-table").first.get_by_role("row").filter(has_text="payment").first
    expect(row).to_contain_text("303 ms")
    page.get_by_role("button", name="payment", exact=True).first.click()
    expect(page.locator(".map-panel h2")).to_have_text("payment")
    address_has(page, "view=table")


def test_the_map_of_one_trace_leads_back_to_it(shop, page):
    page.goto(f"{shop.url}/traces/{a_trace_id(1)}")
    page.locator(".io-actions").get_by_role("link", name="Map").click()
    expect(node(page, "payment").locator(".rate")).to_have_text("1\N{MULTIPLICATION SIGN}")
    node(page, "payment").click()
    page.get_by_role("link", name="Rows of payment").click()
    expect(page).to_have_url(re.compile(rf"/traces/{a_trace_id(1)}\?service=payment"))


def test_a_wrong_filter_is_said_under_the_box_and_the_map_stays(shop, watched):
    page, watcher = watched
    watcher.expected = ("400",)
    page.get_by_role("combobox", name="Filter expression").fill("fault AND")
    page.keyboard.press("Enter")
    expect(page.locator(".filter .wrong")).to_be_visible()
    expect(node(page, "payment")).to_be_visible()


def test_a_trace_that_is_not_here_is_said(xray, watched):
    page, watcher = watched
    watcher.expected = ("404",)
    page.goto(f"{xray.url}/map?trace=1-00000000-000000000000000000000000")
    expect(page.get_by_role("alert")).to_contain_text("There is no trace 1-00000000")


def test_markup_in_names_stays_text(xray, page):
    trace_id = a_trace_id(9)
    called = document(trace_id, 2, 1, (1, 5), type="subsegment", namespace="aws", name="DynamoDB")
    xray.put(document(trace_id, 1, None, (0, 10)), called | {"aws": {"operation": "GetItem", "table_name": HOSTILE}})
    page.goto(f"{xray.url}/map")
    found = page.locator(".map-node.database")
    expect(found).to_be_visible()
    found.click()
    expect(page.locator(".map-panel h2")).to_have_text(HOSTILE)
    assert page.title() != "hacked"
    assert page.locator("main img").count() == 0


def test_a_hundred_services_are_laid_out_while_the_page_stays_alive(xray, page):
    trace_id = a_trace_id(8)
    xray.put(document(trace_id, 1, None, (0, 1000), name="service-0"))
    parents = ((number, (number - 1) // 3 + 1) for number in range(1, 100))
    xray.put(*(document(trace_id, one + 1, parent, (one, 500), name=f"service-{one}") for one, parent in parents))
    page.add_init_script(
        "window.blocked = 0; new PerformanceObserver((list) => { for (const one of list.getEntries())"
        " window.blocked = Math.max(window.blocked, one.duration); }).observe({ type: 'longtask', buffered: true });"
        "const Own = Worker; window.tookMs = []; window.Worker = class extends Own { postMessage(data) {"
        " const begun = performance.now();"
        " this.addEventListener('message', () => window.tookMs.push(performance.now() - begun), { once: true });"
        " super.postMessage(data); } };"
    )
    page.goto(f"{xray.url}/map")
    expect(page.locator(".map-node")).to_have_count(101)
    assert len(page.evaluate("() => window.tookMs")) == 1  # by a worker, and once


@pytest.fixture
def wide(xray, page):
    """More services than can be read at once: sixty, each called by the one before."""
    trace_id = a_trace_id(7)
    xray.put(document(trace_id, 1, None, (0, 1000), name="service-0"))
    xray.put(*(document(trace_id, one + 1, one, (one, 500), name=f"service-{one}") for one in range(1, 60)))
    page.goto(f"{xray.url}/map")
    expect(page.locator(".map-node")).to_have_count(61)
    return xray


def scale(page: Page) -> float:
    found = re.search(r"scale\(([\d.]+)\)", page.locator(".map-picture > g").get_attribute("transform") or "")
    assert found
    return float(found[1])


def test_a_map_too_large_to_be_read_whole_begins_where_it_can_be_read(wide, page):
    assert scale(page) >= 0.6
    expect(page.locator(".map-overview circle")).to_have_count(61)
    page.get_by_role("button", name="Fit").click()
    expect(page.locator(".map-overview")).to_have_count(0)
    assert scale(page) < 0.6


def test_a_service_is_found_by_a_part_of_its_name(wide, page):
    page.keyboard.press("f")
    page.keyboard.type("ICE-59")
    expect(page.locator(".map-find [role=status]")).to_have_text("1")
    page.keyboard.press("Enter")
    expect(page.locator(".map-panel h2")).to_have_text("service-59")
    expect(node(page, "service-59")).to_be_in_viewport()
    page.get_by_role("searchbox", name="Find a service").fill("nowhere")
    expect(page.locator(".map-find [role=status]")).to_have_text("none")


def test_what_is_chosen_by_key_comes_into_sight(wide, page):
    page.keyboard.press("k")
    expect(page.locator(".map-panel h2")).to_have_text("service-59")
    expect(node(page, "service-59")).to_be_in_viewport()


def test_where_edges_are_crowded_those_of_what_is_chosen_have_words(xray, page):
    for one in range(12):
        trace_id = a_trace_id(20 + one)
        xray.put(document(trace_id, 1, None, (0, 1000), name=f"service-{one}"))
        xray.put(*(document(trace_id, to + 1, 1, (to, 10), name=f"service-{to}") for to in range(one + 1, 12)))
    page.goto(f"{xray.url}/map")
    edges = page.locator(".map-edge")
    expect(edges).to_have_count(66 + 12)
    expect(page.locator(".map-edge text:visible")).to_have_count(0)
    node(page, "service-3").click()
    expect(edges.filter(has=page.locator("text:visible"))).to_have_count(11 + 1)
    page.keyboard.press("Escape")
    expect(page.locator(".map-edge text:visible")).to_have_count(0)


def test_the_overview_leads_where_one_points(wide, page):
    page.locator(".map-overview svg").click(position={"x": 3, "y": 3})
    expect(node(page, "service-0")).to_be_in_viewport()
    page.locator(".map-overview svg").click(position={"x": 186, "y": 2})
    expect(node(page, "service-59")).to_be_in_viewport()
    expect(node(page, "service-0")).not_to_be_in_viewport()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [{"width": 1280, "height": 800}, NARROW])
def test_all_words_can_be_read_and_nothing_hangs_over(xray, browser, theme, size):
    xray.put(*orders(5), *order())
    with opened(browser, xray.url, viewport=size, color_scheme=theme) as (page, _):
        page.goto(f"{xray.url}/map?view=table&at={'|payment|'}")
        expect(page.locator(".map-panel h2")).to_have_text("payment")
        assert [one for one in page.evaluate(CONTRASTS) if one[1] < 4.5] == []
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
