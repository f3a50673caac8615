"""The page of a shop, the origins that it is served from, and Chromium, which opens it.

Takes   what `npm ci` in this folder installs, and a `chromium` on the path. Nothing is installed from here.
Gives   `missing`, what is not there; `bundle`, the page as files; `origin`, a place to open it from; `chromium`.
"""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import copyfile, which
from threading import Thread
from typing import Any, Final

from playwright.sync_api import Browser, CDPSession, sync_playwright

HERE: Final = Path(__file__).parent
ESBUILD: Final = HERE / "node_modules" / ".bin" / "esbuild"
BUNDLED_WITHIN_S: Final = 60
FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # nothing leaves this machine
)


def missing() -> list[str]:
    """What has to be installed first, and how."""
    wanted = {
        "Chromium (`apt-get install chromium`)": which("chromium"),
        "Node.js (`apt-get install nodejs npm`)": which("node"),
        f"the web SDK (`npm ci --prefix {HERE.relative_to(HERE.parents[2])}`)": ESBUILD.exists(),
    }
    return [name for name, found in wanted.items() if not found]


def bundle(folder: Path) -> Path:
    """Put the page into the folder."""
    command = [str(ESBUILD), "page.js", "--bundle", "--log-level=error", f"--outfile={folder / 'page.js'}"]
    subprocess.run(command, cwd=HERE, check=True, timeout=BUNDLED_WITHIN_S)
    copyfile(HERE / "index.html", folder / "index.html")
    (folder / "orders.json").write_text("[]")
    return folder


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Nothing is printed."""


@contextmanager
def origin(folder: Path) -> Iterator[str]:
    """Serve the folder on a port of its own, which makes it another origin."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium, without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=which("chromium"), args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@dataclass  # without slots: Playwright keeps something of its own on it
class Preflights:
    """The answers to a browser's questions before its requests, which Playwright does not show."""

    session: CDPSession
    _asked: set[str] = field(default_factory=set)
    answers: list[dict[str, Any]] = field(default_factory=list)
    """Status and headers of each."""

    def __post_init__(self) -> None:
        self.session.on("Network.requestWillBeSent", self._sent)
        self.session.on("Network.responseReceived", self._received)
        self.session.send("Network.enable")

    def _sent(self, event: dict[str, Any]) -> None:
        if event["request"]["method"] == "OPTIONS":
            self._asked.add(event["requestId"])

    def _received(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self._asked:
            self.answers.append(event["response"])
