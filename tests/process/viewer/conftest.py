"""A browser and an address for all tests, a server and a page for each."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.ports import reserved
from tests.process.viewer.serving import Viewed, Watched, missing, opened, people, viewed

PATIENCE_MS = 30_000
"""The machine may be busy."""


@pytest.fixture(scope="session")
def browser(request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    if "CI" not in os.environ and (wanted := missing()):
        pytest.skip(f"NOT TESTED IN A BROWSER, for want of {wanted}")
    assert not missing()
    expect.set_options(timeout=PATIENCE_MS)
    with people(request.getfixturevalue("any_chromium")) as one:
        yield one


@pytest.fixture(scope="session")
def port() -> Iterator[int]:
    """Of one server after the other: what the browser has read of one it need not read of the next."""
    with reserved() as one:
        yield one


@pytest.fixture
def xray(port) -> Iterator[Viewed]:
    with viewed(port=port) as one:
        yield one


@pytest.fixture
def watched(xray, browser) -> Iterator[tuple[Page, Watched]]:
    """A page, and who watches it."""
    with opened(browser, xray.url) as one:
        yield one


@pytest.fixture
def page(watched: tuple[Page, Watched]) -> Page:
    return watched[0]
