"""One running server for all tests that do not change it, and one browser: Playwright runs once in a process."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.process.serving import Running, running

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def server() -> Iterator[Running]:
    """`raygate serve` with its local X-Ray, on free ports."""
    with running("--xray-port", "0") as one:
        yield one


@pytest.fixture(scope="session")
def any_chromium() -> "Iterator[Browser]":
    """The browser of all tests of this process."""
    from tests.process.browser.pages import chromium  # noqa: PLC0415 - half a second, which few tests want

    with chromium() as one:
        yield one
