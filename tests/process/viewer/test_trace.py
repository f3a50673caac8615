"""The trace page in Chromium: rows, search, noise, details, truth, links, live, keys, both themes, hostile names."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from raygate.request import Request
from tests.process.viewer.serving import NARROW, address_has, copied, opened
from tests.process.viewer.traces import (
    HOSTILE,
    Viewer,
    a_trace_id,
    an_id,
    broken,
    document,
    hostile,
    http,
    large,
    order,
    viewer,
)

CONTRASTS = Path(__file__).with_name("contrasts.js")
HAS_SHADES = """least => {
  const canvas = document.querySelector(".minimap canvas");
  if (!canvas?.width) return false;
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return new Set(new Uint32Array(data.buffer)).size >= least;
}"""

MOST_ROWS = 300

ROOT, PAYMENT, BANK = 1, 31, 34


@pytest.fixture(scope="module")
def served(port) -> Iterator[Viewer]:
    with viewer(port) as one:
        one.put(order())
        one.put(broken())
        one.put(hostile())
        yield one


@pytest.fixture
def page(served, browser) -> Iterator[Page]:
    with opened(browser, served.url) as (page, _):
        yield page


def show(page: Page, served: Viewer, number: int = 1, **query: str) -> None:
    """Open a trace, and wait for its rows."""
    page.goto(served.page(a_trace_id(number), "&".join(f"{name}={value}" for name, value in query.items())))
    page.locator(".row").first.wait_for()


def row(page: Page, number: int) -> Locator:
    return page.locator(f"#row-{an_id(number)}")


def chosen(page: Page) -> Locator:
    return page.locator(".row[aria-selected=true]")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_the_head_says_where_it_came_in_how_long_how_many_and_both_ids(served, page):
    show(page, served)
    head = page.locator(".head")
    for text in ("shop", "POST /orders", "412 ms", "2 segments, 15 subsegments, 2 services", "3 faults", "1 throttle"):
        expect(head).to_contain_text(text)
    expect(head).to_contain_text(a_trace_id(1))
    expect(head).to_contain_text(a_trace_id(1).replace("-", "")[1:])


def test_ten_thousand_rows_are_there_and_few_of_them_in_the_page(served, page):
    trace_id = served.put(large(10_000))
    page.goto(served.page(trace_id, "equal=off"))
    page.locator(".row").first.wait_for()
    assert page.locator(".row").count() <= MOST_ROWS
    expect(page.locator(".rows")).to_have_attribute("aria-rowcount", "10001")
    press(page, "G")
    expect(chosen(page)).to_have_attribute("aria-rowindex", "10001")
    assert page.locator(".row").count() <= MOST_ROWS
    page.locator(".rows").evaluate("rows => { rows.scrollTop = rows.scrollHeight / 2; }")
    page.wait_for_function("() => [...document.querySelectorAll('.row')].some(row => row.ariaRowIndex === '5000')")
    assert page.locator(".row").count() <= MOST_ROWS
    assert (
        page.evaluate("performance.getEntriesByType('resource').filter(one => one.name.includes('/spans/')).length")
        <= 1
    )


def test_critical_path_minimap_and_self_time_are_there_from_the_start(served, page):
    show(page, served)
    expect(row(page, BANK).locator(".critical")).to_have_count(1)
    expect(row(page, 20).locator(".self")).to_have_text("28.0 ms")
    page.wait_for_function(HAS_SHADES, arg=4)
    press(page, "c")
    expect(page.locator(".critical")).to_have_count(0)
    address_has(page, "path=off")


def test_a_name_of_any_length_hides_nothing(served, page):
    trace_id, url = a_trace_id(60), f"https://shop.example.com/{'a' * 900}"
    served.put([document(trace_id, 1, None, (0, 0.9999), name="x" * 200, http=http("GET", url, 200))])
    show(page, served, 60, row=an_id(1))
    expect(page.locator(".head").get_by_text("1.00 ms")).to_be_in_viewport(ratio=1)
    for element in (page.locator(".facts code").first, page.get_by_role("tab", name="Overview"), page.locator(".row")):
        expect(element).to_be_in_viewport(ratio=1)
    expect(page.locator(".head h1")).to_have_attribute("title", re.compile("^x{200} GET /a{900}$"))


def test_names_can_be_read_however_deep_they_stand(served, browser):
    trace_id, depth = a_trace_id(61), 24
    chain = [document(trace_id, at, at - 1 or None, (at, 100 - at), name=f"service-{at}") for at in range(1, depth + 1)]
    served.put(chain)
    with opened(browser, served.url, viewport=NARROW) as (page, _):
        show(page, served, 61)
        name = row(page, depth).locator(".text")
        expect(name).to_be_visible()
        assert name.evaluate("name => name.offsetWidth") >= 50


def test_dragging_over_the_minimap_zooms_and_x_shows_everything(served, page):
    show(page, served)
    box = page.locator(".minimap").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 20, steps=4)
    page.mouse.up()
    address_has(page, "zoom=10")
    expect(row(page, 10).locator(".beyond.before")).to_have_count(1)
    press(page, "x")
    expect(page.locator(".beyond")).to_have_count(0)


def test_n_and_e_go_through_rows_that_are_folded_away(served, page):
    show(page, served)
    expect(row(page, 12)).to_have_count(0)
    press(page, "/")
    page.keyboard.type(f"{12:016x}")
    expect(page.locator(".found")).to_have_text("1")
    press(page, "Enter")
    expect(chosen(page)).to_have_attribute("id", f"row-{an_id(12)}")
    press(page, "Escape")
    for number in (30, 31, 32, 33, 1):
        press(page, "e")
        expect(chosen(page)).to_have_attribute("id", f"row-{an_id(number)}")
    press(page, "E")
    expect(chosen(page)).to_have_attribute("id", f"row-{an_id(33)}")


@pytest.mark.parametrize("text", ["CardDeclined", "bank.py", "http.route", "gold", '"sku"', "PutItem"])
def test_search_finds_any_key_value_and_exception(served, page, text):
    show(page, served)
    page.locator("input[type=search]").fill(text)
    expect(page.locator(".found")).to_have_text("1")
    expect(page.locator(".row.match")).to_have_count(1)


def test_matches_only_keeps_what_is_above_them(served, page):
    show(page, served, q="CardDeclined")
    press(page, "m")
    expect(page.locator(".row")).to_have_count(3)
    for place, number in enumerate((1, 30, 31)):
        expect(page.locator(".row").nth(place)).to_have_attribute("id", f"row-{an_id(number)}")
    press(page, "u")
    expect(page.locator(".row")).to_have_count(9)


def test_own_failures_look_other_than_inherited_ones_and_not_by_colour_alone(served, page):
    show(page, served)
    expect(row(page, ROOT)).to_contain_class("inherited")
    expect(row(page, ROOT).locator(".up")).to_have_text("↑")
    expect(row(page, PAYMENT).locator(".up")).to_have_count(0)
    expect(row(page, PAYMENT).locator(".flag")).to_contain_text("its own")


def test_equal_siblings_are_one_row_with_count_and_sum(served, page):
    show(page, served)
    expect(row(page, 10).locator(".count")).to_have_text("9 ×")  # noqa: RUF001
    expect(row(page, 10).locator(".length")).to_have_text("Σ 27.0 ms")
    row(page, 10).click()
    press(page, "l")
    expect(page.locator(".row")).to_have_count(17)
    press(page, "j", "h")
    expect(page.locator(".row")).to_have_count(9)


def test_what_makes_it_smaller_is_undone_by_one_key(served, page):
    show(page, served, row=an_id(PAYMENT))
    press(page, "f")
    expect(page.locator(".row")).to_have_count(4)
    address_has(page, f"focus={an_id(PAYMENT)}")
    page.locator(".tools select").first.select_option("100")
    expect(page.locator(".row")).to_have_count(4)  # what failed is never too short
    press(page, "u", "u")
    expect(page.locator(".row")).to_have_count(9)
    press(page, "s")
    expect(page.locator(".row")).to_have_count(6)
    press(page, "u")
    expect(page.locator(".row")).to_have_count(9)
    page.locator(".tools select").first.select_option("10")
    expect(row(page, 2)).to_have_count(0)
    expect(page.locator(".hidden-rows")).to_contain_text("not shown")


TABS = {
    "overview": [
        "segment",
        "fault, inherited",
        "28.0 ms",
        "On the critical path",
        "request.url",
        "Would AWS show this?",
    ],
    "resources": ["AWS::ECS::Container", "aws.ecs.container", "shop-7d", "1.4.2"],
    "annotations": ["customer", "gold", "searchable in X-Ray"],
    "metadata": ['"sku": "A-1"', "not searchable: RAYGATE_INDEXED_ATTRIBUTES=http.route"],
    "raw": ['"trace_id"', "As it was put"],
    "otlp": ["is not kept here"],
    "rules": ["is not kept here"],
}


@pytest.mark.parametrize(
    ("tab", "number", "texts"), [*((tab, ROOT, texts) for tab, texts in TABS.items() if tab != "overview")]
)
def test_each_tab_shows_its_side_of_the_document(served, page, tab, number, texts):
    show(page, served, row=an_id(number), tab=tab)
    expect(page.locator(f"#tab-{tab}")).to_have_attribute("aria-selected", "true")
    for text in texts:
        expect(page.locator("#tab-content")).to_contain_text(text)


def test_overview_exceptions_and_links(served, page):
    show(page, served, row=an_id(PAYMENT))
    content = page.locator("#tab-content")
    for text in ("fault, its own", "303 ms", "53.0 ms", "500", "Would AWS show this?"):
        expect(content).to_contain_text(text)
    page.locator("#tab-exceptions").click()
    for text in ("CardDeclined", "the bank did not answer", "authorize", "/app/bank.py:17", "caused by TimeoutError"):
        expect(content).to_contain_text(text)
    page.locator("#tab-links").click()
    expect(content.locator("a")).to_have_attribute("href", f"/traces/{a_trace_id(2)}?row={an_id(1)}")


def test_each_value_can_be_copied_filtered_by_and_excluded(served, page):
    show(page, served, row=an_id(ROOT), tab="annotations")
    value = page.locator(".values > div", has_text="customer")
    value.hover()
    expect(value.locator("a")).to_have_count(2)
    asked = [parse_qs(urlsplit(one.get_attribute("href") or "").query)["filter"] for one in value.locator("a").all()]
    assert asked == [['annotation[customer] = "gold"'], ['!(annotation[customer] = "gold")']]
    value.get_by_role("button", name="Copy customer").click()
    expect(value.get_by_role("button", name="Copy customer")).to_have_text("Copied")
    copied(page, "gold")


def test_the_span_as_it_was_sent_its_events_and_the_rules_are_beside_the_document(served, page):
    trace_id = "6b" * 16
    span = {
        "traceId": trace_id, "spanId": an_id(7), "name": "GET /items", "kind": 2,
        "startTimeUnixNano": "1700000000000000000", "endTimeUnixNano": "1700000000500000000",
        "attributes": [
            {"key": "color", "value": {"stringValue": "green"}},
            {"key": "db.password", "value": {"stringValue": "hunter2"}},
        ],
        "events": [{"timeUnixNano": "1700000000100000000", "name": "cache.miss", "attributes": []}],
    }  # fmt: skip
    resource = {"attributes": [{"key": "service.name", "value": {"stringValue": "store"}}]}
    body = json.dumps({"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": [span]}]}]}).encode()
    served.sources.record(Request(body, "json"), "request-1")
    served.sources.flush()
    made = document(f"1-{trace_id[:8]}-{trace_id[8:]}", 7, None, (0, 500), name="store")
    served.put([made])
    page.goto(served.page(trace_id, f"row={an_id(7)}&tab=otlp"))
    content = page.locator("#tab-content")
    for text in ("GET /items", "server", "color", "green", "[redacted]", "service.name"):
        expect(content).to_contain_text(text)
    assert "hunter2" not in page.content()
    page.locator("#tab-rules").click()
    for text in ("metadata.default.color", "RAYGATE_INDEXED_ATTRIBUTES", "not searchable in X-Ray"):
        expect(content).to_contain_text(text)
    page.locator("#tab-links").click()
    expect(content).to_contain_text("cache.miss 100 ms after the start")


def test_what_is_not_in_order_is_said_openly(served, page):
    show(page, served, 3)
    remark = page.locator(".remark").first
    for text in (
        "2 parents have not come",
        "1 is in progress",
        "1 is its own ancestor",
        "1 ends before it starts",
        "clocks differ by 50.0 ms",
    ):
        expect(remark).to_contain_text(text)
    expect(page.locator(".row.missing")).to_have_count(2)
    expect(row(page, 3).locator(".chip.warn")).to_have_text("clock 50.0 ms")
    row(page, 99).click()
    expect(page.locator("#tab-content")).to_contain_text("It may still run")


def test_rejected_and_refused_spans_stand_beside_their_trace_with_the_reason(served, page):
    trace_id = served.put([document(a_trace_id(20), 1, 55, (0, 10))])
    refused = json.dumps(document(trace_id, 55, None, (0, 10), name="<no name>"))
    assert served.sources.through(served.store.put)([refused])["UnprocessedTraceSegments"]
    span = {
        "traceId": trace_id.replace("-", "")[1:],
        "spanId": "12",
        "name": "short",
        "startTimeUnixNano": "1",
        "endTimeUnixNano": "2",
    }
    served.sources.record(
        Request(json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]}).encode(), "json")
    )
    served.sources.flush()
    page.goto(served.page(trace_id))
    expect(page.locator(".remark.over", has_text="Refused by X-Ray")).to_contain_text("InvalidName")
    expect(page.locator(".remark.over", has_text="Rejected")).to_contain_text("spanId is not 16 hexadecimal digits")
    row(page, 55).click()
    expect(page.locator("#tab-content")).to_contain_text("It was refused by X-Ray: InvalidName")


def test_everything_that_is_looked_at_is_in_the_address(served, page):
    show(page, served)
    row(page, PAYMENT).click()
    press(page, "]", "]", "h", "z")
    page.locator("input[type=search]").fill("bank")
    page.locator("input[type=search]").press("Escape")
    press(page, "+")
    address_has(
        page, f"row={an_id(PAYMENT)}", "tab=annotations", f"closed={an_id(PAYMENT)}", "equal=off", "q=bank", "zoom="
    )
    before = page.locator(".row").count()
    page.reload()
    expect(page.locator("#tab-annotations")).to_have_attribute("aria-selected", "true")
    expect(page.locator(".row")).to_have_count(before)
    expect(page.locator("input[type=search]")).to_have_value("bank")
    expect(chosen(page)).to_have_attribute("id", f"row-{an_id(PAYMENT)}")


def test_either_form_of_the_id_opens_the_trace_and_an_unknown_one_says_so(served, browser):
    with opened(browser, served.url) as (page, watched):
        page.goto(served.page(a_trace_id(1).replace("-", "")[1:].upper()))
        expect(page.locator(".head")).to_contain_text("POST /orders")
        watched.expected = ["404"]
        page.goto(served.page(a_trace_id(777)))
        expect(page.locator("h1")).to_have_text("This trace is not here")
        served.put([document(a_trace_id(777), 1, None, (0, 10), name="late")])
        expect(page.locator(".head h1")).to_contain_text("late")


def test_a_late_span_comes_by_itself_and_moves_nothing(served, page):
    trace_id = a_trace_id(30)
    served.put(
        [
            document(trace_id, 1, None, (0, 1000)),
            *(document(trace_id, 10 + at, 1, (at, at + 9 + at % 7), name=f"c{at}") for at in range(200)),
        ]
    )
    page.goto(served.page(trace_id, f"row={an_id(150)}"))
    expect(chosen(page)).to_have_attribute("id", f"row-{an_id(150)}")
    page.locator(".rows").evaluate("rows => { rows.scrollTop = 2600; }")
    row(page, 115).wait_for()
    box = row(page, 115).bounding_box()
    served.put(
        [document(trace_id, 500, 1, (1, 4), name="early but late"), document(trace_id, 501, 500, (1, 2), name="below")]
    )
    expect(page.locator(".rows")).to_have_attribute("aria-rowcount", "204")
    page.wait_for_function("() => [...document.querySelectorAll('.row')].some(row => row.ariaRowIndex === '110')")
    after = row(page, 115).bounding_box()
    assert box
    assert after
    assert abs(box["y"] - after["y"]) < 1
    expect(page.locator(".details h2")).to_contain_text("c140")


def test_all_of_it_by_keyboard_alone(served, page):
    show(page, served)
    press(page, "g", "g")
    expect(row(page, ROOT)).to_have_attribute("aria-selected", "true")
    press(page, "j", "j", "j", "j", "h")
    expect(page.locator(".row")).to_have_count(5)
    press(page, "l", "l")
    expect(chosen(page)).to_have_attribute("id", f"row-{an_id(PAYMENT)}")
    press(page, "Enter")
    expect(page.locator("#tab-content")).to_be_focused()
    press(page, "]")
    expect(page.locator("#tab-resources")).to_have_attribute("aria-selected", "true")
    press(page, "Escape")
    expect(page.locator(".details")).to_have_count(0)
    press(page, "h", "h")
    expect(chosen(page)).to_have_attribute("id", f"row-{an_id(30)}")
    press(page, "?")
    for text in ("Next match", "Only this sub-tree", "Undo the last step"):
        expect(page.locator("dialog[open]")).to_contain_text(text)
    press(page, "Escape")
    expect(page.locator("dialog")).to_have_count(0)


def test_it_is_a_treegrid_to_a_screen_reader(served, page):
    show(page, served, row=an_id(PAYMENT))
    grid = page.get_by_role("treegrid")
    expect(grid).to_have_attribute("aria-activedescendant", f"row-{an_id(PAYMENT)}")
    expect(row(page, PAYMENT)).to_have_attribute("aria-level", "3")
    expect(row(page, PAYMENT)).to_have_attribute("aria-expanded", "true")
    expect(row(page, PAYMENT).get_by_role("gridcell")).to_have_count(4)
    expect(page.get_by_role("tab")).to_have_count(9)


def test_markup_in_a_name_is_text(served, page):
    show(page, served, 4)
    for tab in ("overview", "resources", "annotations", "metadata", "exceptions", "raw", "links"):
        page.goto(served.page(a_trace_id(4), f"row={an_id(1)}&tab={tab}"))
        page.locator("#tab-content > *").first.wait_for()
        assert page.locator("img").count() == 0
    assert "hacked" not in page.title() or HOSTILE in page.title()
    page.goto(served.page(a_trace_id(4), f"row={an_id(1)}&tab=exceptions"))
    expect(page.locator("#tab-content")).to_contain_text(HOSTILE)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 700])
def test_both_themes_and_a_narrow_window_cut_nothing(served, browser, theme, width):
    size: ViewportSize = {"width": width, "height": NARROW["height"]}
    with opened(browser, served.url, color_scheme=theme, viewport=size) as (page, _):
        show(page, served, row=an_id(PAYMENT), tab="exceptions")
        page.locator(".exception").first.wait_for()
        assert page.evaluate("document.scrollingElement.scrollWidth") <= width
        expect(row(page, PAYMENT)).to_be_visible()
        contrasts = page.evaluate(CONTRASTS.read_text())
        assert [one for one in contrasts if one[1] < 4.5] == []
