"""The picture in the README: a trace of the demo in the viewer. `python -m examples.picture [FILE]`.

Takes   Chromium (`chromium` on the path, or Playwright's own), and what `make demo` takes; free ports.
Gives   a PNG of 1280 by 720, `docs/viewer.png` by itself.
"""

import shutil
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

from examples import demo

PICTURE = Path(__file__).parents[1] / "docs" / "viewer.png"
ON_FREE_PORTS = [
    part for name in ("port", "grpc-port", "xray-port", "status-port", "shop-port") for part in (f"--{name}", "0")
]


def main(arguments: list[str]) -> None:
    """Make it."""
    file = Path(arguments[0]) if arguments else PICTURE
    asked = demo.asked(ON_FREE_PORTS)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="raygate-picture-")))
        otlp, page, _ = demo.start_raygate(asked, folder, stack)
        shop = demo.start_shop(asked, otlp, folder, stack)
        traces = list(demo.traffic(shop))
        demo.wait_until_there(page, traces)
        shown = next(trace_id for path, trace_id in reversed(traces) if path == "/sql")
        take(f"{page}/traces/{demo.xray_id(shown)}", file)


def take(url: str, file: Path) -> None:
    """The page, when everything on it has come."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 720}, color_scheme="light")
        page.goto(url, wait_until="load")
        page.get_by_role("treegrid").wait_for()
        page.get_by_role("row").filter(has_text="SELECT").first.click()
        page.wait_for_timeout(1_000)
        page.screenshot(path=file)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
