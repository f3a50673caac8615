"""Files in and out, as people drag and save them."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.process.serving import ROOT
from tests.process.viewer.serving import NARROW, WIDE, address_has, copied, opened
from tests.process.viewer.shop import an_order
from tests.process.viewer.traces import HOSTILE, a_trace_id, an_id, hostile, order
from tests.process.viewer.whole import whole

CONTRASTS = Path(__file__).with_name("contrasts.js").read_text()
EXAMPLE = ROOT / "examples" / "trace.json"
DROP = """
async (files) => {
  const transfer = new DataTransfer();
  for (const [name, text] of files) transfer.items.add(new File([text], name));
  for (const kind of ["dragenter", "dragover", "drop"]) {
    document.body.dispatchEvent(new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }
}
"""


@pytest.fixture
def place(tmp_path, port):
    with whole(tmp_path, port) as one:
        yield one


@pytest.fixture
def page(place, browser):
    with opened(browser, place.url) as (page, _):
        page.goto(f"{place.url}/traces")
        expect(page.locator(".message")).to_contain_text("No traces yet")
        yield page


def told(page: Page, name: str):
    return page.locator(".io-files > li").filter(has_text=name)


def saved(page: Page, words: str) -> Path:
    page.locator(".io-export summary").click()
    with page.expect_download() as download:
        page.locator(".io-menu a", has_text=words).click()
    return Path(download.value.path())


def test_what_is_dropped_anywhere_is_taken_and_told_of(page):
    files = [
        ["otlp.json", EXAMPLE.read_text()],
        ["documents.jsonl", json.dumps(an_order(1)) + "\n" + json.dumps(an_order(2))],
        ["bad.json", json.dumps(an_order(3, name="<b>"))],
        ["notes.txt", "nothing of ours"],
    ]
    page.evaluate(DROP, files)
    expect(told(page, "otlp.json")).to_contain_text("5 documents of 1 trace.")
    expect(told(page, "documents.jsonl")).to_contain_text("2 documents of 2 traces.")
    expect(told(page, "bad.json")).to_contain_text("0 documents of 1 trace; 1 refused (InvalidName).")
    expect(told(page, "notes.txt")).to_contain_text("Nothing was taken")
    told(page, "otlp.json").get_by_role("link").click()
    page.keyboard.press("Escape")
    expect(page.locator(".row").first).to_be_visible()


def test_files_are_chosen_by_key(page):
    page.keyboard.press("i")
    page.get_by_label("Files to import").set_input_files(EXAMPLE)
    expect(told(page, "trace.json")).to_contain_text("5 documents of 1 trace.")
    page.keyboard.press("Escape")
    expect(page.locator(".found")).to_have_text("1 trace")


def test_what_is_saved_comes_back_the_same(page, place, tmp_path, browser):
    page.keyboard.press("i")
    page.get_by_label("Files to import").set_input_files(EXAMPLE)
    told(page, "trace.json").get_by_role("link").click()
    page.keyboard.press("Escape")
    address_has(page, "/traces/1-")
    raw = page.request.get(page.url + "/raw").json()
    for words in ("OTLP", "X-Ray JSON"):
        file = saved(page, words)
        page.locator(".io-export summary").click()
        other = tmp_path / words.replace(" ", "")
        other.mkdir()
        with whole(other) as another, opened(browser, another.url) as (page2, _):
            page2.goto(another.url)
            expect(page2.get_by_role("button", name="Import")).to_be_visible()
            page2.keyboard.press("i")
            page2.get_by_label("Files to import").set_input_files(file)
            expect(page2.locator(".io-files .good")).to_have_count(1)
            again = page2.request.get(f"{another.url}/traces/{raw['Id']}/raw").json()
            assert sorted(again["Segments"], key=str) == sorted(raw["Segments"], key=str)


def test_of_documents_that_came_as_such_otlp_is_not_offered(page, place):
    place.put(*order())
    page.goto(f"{place.url}/traces/{a_trace_id(1)}")
    page.locator(".io-export summary").click()
    expect(page.locator(".io-menu")).to_contain_text("the spans were not kept")
    page.get_by_role("button", name="Copy as Markdown").click()
    copied(page, "CardDeclined")


@pytest.fixture
def file(page, place, tmp_path):
    """The order, saved as a page."""
    place.put(*order())
    page.goto(f"{place.url}/traces/{a_trace_id(1)}")
    path = tmp_path / "trace.html"
    path.write_bytes(saved(page, "One HTML file").read_bytes())
    return path


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_the_saved_page_opens_by_itself_and_asks_for_nothing(file, browser, theme, size):
    with opened(browser, file.as_uri(), viewport=size, color_scheme=theme) as (alone, watched):
        alone.goto(file.as_uri())
        expect(alone.locator(".row")).to_have_count(17)
        expect(alone).to_have_title("shop POST /orders")
        expect(alone.locator("header")).to_contain_text(a_trace_id(1))
        payment = alone.locator(".row", has_text="POST /charge").last
        payment.focus()
        alone.keyboard.press("Enter")
        expect(alone.locator("pre")).to_contain_text("CardDeclined")
        alone.keyboard.press("j")
        assert [one for one in alone.evaluate(CONTRASTS) if one[1] < 4.5] == []
        assert alone.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
        watched.check()


def test_markup_stays_text_in_the_saved_page_and_in_what_is_told(page, place, browser, tmp_path):
    place.put(*(one | {"name": "shop", "http": {}} for one in hostile()))
    page.goto(f"{place.url}/traces/{a_trace_id(4)}")
    file = tmp_path / "trace.html"
    file.write_bytes(saved(page, "One HTML file").read_bytes())
    with opened(browser, file.as_uri()) as (alone, _):
        alone.goto(file.as_uri())
        alone.locator(".row").click()
        expect(alone.locator("pre")).to_contain_text(HOSTILE)
        assert alone.locator("img").count() == 0
        assert alone.title() != "hacked"
    page.evaluate(DROP, [[HOSTILE, json.dumps(an_order(1, id=an_id(1), name=HOSTILE))]])
    expect(told(page, HOSTILE)).to_contain_text("1 refused")
    assert page.locator("dialog img").count() == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_all_words_of_the_sheet_and_the_menu_can_be_read(place, browser, theme):
    place.put(*order())
    with opened(browser, place.url, viewport=NARROW, color_scheme=theme) as (page, _):
        page.goto(f"{place.url}/traces/{a_trace_id(1)}")
        page.locator(".io-export summary").click()
        expect(page.locator(".io-menu")).to_be_in_viewport(ratio=1)
        assert [one for one in page.evaluate(CONTRASTS) if one[1] < 4.5] == []
        page.keyboard.press("Escape")
        page.evaluate(DROP, [["a.json", EXAMPLE.read_text()], ["b.json", "{"]])
        expect(told(page, "b.json")).to_contain_text("Nothing was taken")
        assert [one for one in page.evaluate(CONTRASTS) if one[1] < 4.5] == []
