"""One running server for all tests that do not change it, and one browser: Playwright runs once in a process."""

import signal
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.process.serving import Running, running

if TYPE_CHECKING:
    from playwright.sync_api import Browser

signal.signal(signal.SIGINT, signal.default_int_handler)
"""Whom a shell starts in the background does not hear Ctrl-C, nor does anyone that it starts."""


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
