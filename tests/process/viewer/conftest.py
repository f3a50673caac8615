"""A browser for all tests, a server and a page for each."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.process.viewer.serving import Viewed, Watched, missing, opened, viewed

PATIENCE_MS = 20_000
"""The machine may be busy."""


@pytest.fixture(scope="session")
def browser(request: pytest.FixtureRequest) -> Browser:
    if "CI" not in os.environ and (wanted := missing()):
        pytest.skip(f"NOT TESTED IN A BROWSER, for want of {wanted}")
    assert not missing()
    expect.set_options(timeout=PATIENCE_MS)
    one: Browser = request.getfixturevalue("any_chromium")
    return one


@pytest.fixture
def xray() -> Iterator[Viewed]:
    with viewed() as one:
        yield one


@pytest.fixture
def watched(xray, browser) -> Iterator[tuple[Page, Watched]]:
    """A page, and who watches it."""
    with opened(browser, xray.url) as (page, watched, _):
        yield page, watched


@pytest.fixture
def page(watched: tuple[Page, Watched]) -> Page:
    return watched[0]
