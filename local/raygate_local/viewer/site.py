"""The local X-Ray with its viewer, as `raygate serve` puts it beside the endpoint.

Takes   where the endpoint is, a command that sends to it, the data folder or none, what is kept of requests.
Gives   `Site`: the application, and `close`, which ends the streams of open pages: a server that is told to stop would
        wait for them. The store is closed with the given stack.
Raises  `StoreError`, one sentence.
"""

from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path

from starlette.types import ASGIApp

from raygate_local.viewer import refused_api
from raygate_local.viewer.desk import Desk
from raygate_local.viewer.first import First
from raygate_local.viewer.live import Live
from raygate_local.viewer.refusals import RefusingStore
from raygate_local.viewer.routes import ERRORS, routes
from raygate_local.xray.app import create


@dataclass(frozen=True, slots=True)
class Site:
    """What is served on the local X-Ray's port."""

    app: ASGIApp
    live: Live

    def close(self) -> None:
        """End the streams."""
        self.live.close()


def open_site(first: First, folder: Path | None, desk: Desk, stack: ExitStack) -> Site:
    """Ready to be served."""
    store = stack.enter_context(closing(RefusingStore.open(folder)))
    live, seen = Live(store), replace(desk, remembered=store.refused)
    shown = [*refused_api.routes(store, seen), *routes(store, first, live, desk.sources, desk.settings)]
    return Site(create(store, shown, ERRORS), live)
