"""The local X-Ray with its viewer on a port of its own, and a browser that lets nothing pass that should not be."""

import json
import re
import socket
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from shutil import which
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from raygate_local.viewer import libraries
from raygate_local.viewer.first import First
from raygate_local.viewer.live import Live
from raygate_local.viewer.routes import ERRORS, routes
from raygate_local.xray.app import create
from raygate_local.xray.store import Store
from tests.http_thread import served_by_thread

WIDE: Final[ViewportSize] = {"width": 1280, "height": 800}
CLIPBOARD: Final = "if (navigator.clipboard) navigator.clipboard.writeText = async (text) => { window.copied = text; };"
"""There is one clipboard on a machine, and tests run side by side."""
NARROW: Final[ViewportSize] = {"width": 700, "height": 900}


def missing() -> str:
    """What has to be installed before a browser can show the page."""
    wanted = {
        "Chromium (`apt-get install chromium`)": bool(which("chromium")),
        "the page's libraries (`make setup`)": not libraries.missing(),
    }
    return ", ".join(name for name, is_there in wanted.items() if not is_there)


@dataclass
class Viewed:
    """A server, and the store behind it."""

    url: str
    store: Store

    def put(self, *documents: dict[str, Any]) -> None:
        """As PutTraceSegments does."""
        refused = self.store.put([json.dumps(one) for one in documents])["UnprocessedTraceSegments"]
        assert refused == []


@contextmanager
def viewed(first: First | None = None, port: int = 0) -> Iterator[Viewed]:
    """Serve an empty store, for a while."""
    with closing(Store.open()) as store, shown(store, first, port) as one:
        yield one


@contextmanager
def shown(store: Store, first: First | None = None, port: int = 0) -> Iterator[Viewed]:
    """Serve this store, for a while."""
    live = Live(store)
    app = create(store, routes(store, first or First(), live), ERRORS)
    with socket.create_server(("127.0.0.1", port)) as listening, served_by_thread(app, listening), closing(live):
        yield Viewed(f"http://127.0.0.1:{listening.getsockname()[1]}", store)


@dataclass
class Watched:
    """What a page said and asked for; all of it has to be in order."""

    url: str
    said: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    expected: Sequence[str] = ()
    """Complaints that a test brings about, as parts of their text."""

    def watch(self, page: Page) -> None:
        """From now on."""
        page.on(
            "console", lambda message: self._hear(message.type, f"{message.text} {message.location.get('url', '')}")
        )
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", lambda request: self._see(request.url))

    def check(self) -> None:
        """Nothing was wrong."""
        said = [one for one in self.said if not any(part in one for part in self.expected)]
        assert not said, said
        assert not self.outside, self.outside

    def _hear(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"}:
            self.said.append(text)

    def _see(self, url: str) -> None:
        if not url.startswith(self.url):
            self.outside.append(url)


@contextmanager
def people(browser: Browser) -> Iterator[BrowserContext]:
    """Where the pages of all tests are opened: our files, each kept for ever by its hash, are read once."""
    with browser.new_context(timezone_id="Europe/Berlin", locale="en-GB") as context:
        context.add_init_script(CLIPBOARD)
        yield context


@contextmanager
def opened(
    context: BrowserContext, url: str, viewport: ViewportSize = WIDE, color_scheme: Literal["light", "dark"] = "light"
) -> Iterator[tuple[Page, Watched]]:
    """A page that remembers nothing of those before it."""
    page, watched = context.new_page(), Watched(url)
    try:
        page.set_viewport_size(viewport)
        page.emulate_media(color_scheme=color_scheme)
        if (origin := urlsplit(url)).scheme == "http":
            forgets = {"origin": f"{origin.scheme}://{origin.netloc}", "storageTypes": "all"}
            context.new_cdp_session(page).send("Storage.clearDataForOrigin", forgets)
        watched.watch(page)
        yield page, watched
        watched.check()
    finally:
        page.close()
        context.set_offline(offline=False)


def address_has(page: Page, *parts: str) -> None:
    """Wait until its address has all of these."""
    for part in parts:
        expect(page).to_have_url(re.compile(re.escape(part)))


def copied(page: Page, part: str) -> None:
    """Wait until what was copied last has this in it."""
    page.wait_for_function("part => window.copied?.includes(part)", arg=part)
