"""The local X-Ray with its viewer on a port of its own, and a browser that lets nothing pass that should not be."""

import json
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from shutil import which
from typing import Any, Final

import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page

from raygate_local.viewer import libraries
from raygate_local.viewer.first import First
from raygate_local.viewer.live import Live
from raygate_local.viewer.routes import ERRORS, routes
from raygate_local.xray.app import create
from raygate_local.xray.store import Store

STARTS_WITHIN_S: Final = 30
WIDE: Final = {"width": 1280, "height": 800}
CLIPBOARD: Final = "if (navigator.clipboard) navigator.clipboard.writeText = async (text) => { window.copied = text; };"
"""There is one clipboard on a machine, and tests run side by side."""
NARROW: Final = {"width": 700, "height": 900}


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
def viewed(first: First | None = None) -> Iterator[Viewed]:
    """Serve an empty store, for a while."""
    store = Store.open()
    live = Live(store)
    app = create(store, routes(store, first or First(), live), ERRORS)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_config=None, ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield Viewed(f"http://127.0.0.1:{listening.getsockname()[1]}", store)
        finally:
            live.close()
            server.should_exit = True
            thread.join(STARTS_WITHIN_S)
            store.close()


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
def opened(browser: Browser, url: str, **options: Any) -> Iterator[tuple[Page, Watched, BrowserContext]]:
    """A page in a browser that remembers nothing."""
    given = {"viewport": WIDE, "timezone_id": "Europe/Berlin", "locale": "en-GB"} | options
    with browser.new_context(**given) as context:
        context.add_init_script(CLIPBOARD)
        page = context.new_page()
        watched = Watched(url)
        watched.watch(page)
        yield page, watched, context
        watched.check()
