"""`raygate serve`: the endpoint, the X-Ray behind it, the worker beside it, and what is printed.

Takes   `Options`, and the environment for the settings and for boto.
Gives   lines on standard output: where to send, where to look, what is waiting, one for each trace that arrives. Ends
        with a signal: first the endpoint, then the worker when it has delivered what can be delivered at once.
Raises  `StartError`, one sentence, for whatever keeps it from starting.
Note    The local X-Ray is reached over HTTP too, though it is in this process: what runs here is what runs on Lambda.
"""

import logging
import os
import shlex
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError

from raygate.deliver import Put
from raygate.deliver.client import connect
from raygate.errors import SettingsError
from raygate.keep import KeepError
from raygate.keys import guard_of
from raygate.settings import Settings
from raygate_local import listening, target
from raygate_local.daemon.forwarding import ForwardError
from raygate_local.doors import Asked, Behind, Doors, open_doors
from raygate_local.endpoint import Endpoint
from raygate_local.handling import Handler, say
from raygate_local.kept.database import DatabaseError
from raygate_local.kept.delivering import Delivering
from raygate_local.kept.folder import Folder, FolderError
from raygate_local.kept.opening import Kept, open_kept
from raygate_local.kept.polling import Polling
from raygate_local.kept.queue import KeptQueue
from raygate_local.listening import Site
from raygate_local.status import Status
from raygate_local.viewer import libraries
from raygate_local.viewer.first import First
from raygate_local.viewer.sources import Sources
from raygate_local.viewer.trace_api import NoSources
from raygate_local.workers import Crew
from raygate_local.xray.database import StoreError

if TYPE_CHECKING:
    from raygate_local.viewer.desk import Desk
    from raygate_local.viewer.site import Site as ViewedXRay

EXAMPLE: Final = Path(__file__).parents[2] / "examples" / "trace.json"
DRAIN_S: Final = 1.5
"""How long the worker may go on after a signal; what it does not get done waits for the next start."""
PATIENCE_S: Final = 0.3
"""For threads that are still waiting for X-Ray when everything else has ended."""


@dataclass(frozen=True, slots=True)
class Options:
    """What `raygate serve` was asked for."""

    port: int = 4318
    host: str = "127.0.0.1"
    xray_port: int = 8080
    xray: str | None = None
    data: str = ".raygate"
    """The data folder; empty for none."""
    processes: int = 0
    """How many take requests; 0 for as many as make sense."""
    doors: Asked = field(default_factory=Asked)
    """What else to open; its host is set to this one."""


class StartError(Exception):
    """It cannot start. The message says why and what to do, in one sentence."""


CANNOT: Final = (
    SettingsError,
    target.TargetError,
    listening.ListenError,
    ForwardError,
    FolderError,
    DatabaseError,
    StoreError,
    KeepError,
    BotoCoreError,
    ValueError,
)
"""Whatever keeps it from starting."""


def run(options: Options) -> None:
    """Serve until a signal comes."""
    logging.getLogger("urllib3").setLevel(logging.ERROR)  # it warns of each connection above its pool's size
    with ExitStack() as stack:
        try:
            begun = _begin(options, stack)
        except CANNOT as error:
            raise StartError(f"{str(error).rstrip('.')}.") from error
        begun.serve()
        _leave()


@dataclass(frozen=True, slots=True)
class Begun:
    """All that is bound and open."""

    sites: list[Site]
    endpoint: Endpoint
    polling: Polling | None
    doors: Doors
    crew: Crew
    xray: "ViewedXRay | None"
    welcome: list[str]

    def serve(self) -> None:
        """Until a signal comes."""
        listening.serve(self.sites, self._ready, self._drain)
        self.endpoint.close()

    def _ready(self) -> None:
        say(*self.welcome)
        if self.polling:
            self.polling.start()
        self.doors.start()
        self.crew.start()

    def _drain(self) -> None:
        self.crew.stop()
        self.doors.stop()
        if self.polling:
            self.polling.stop(DRAIN_S)
        if self.xray:
            self.xray.close()


def _begin(options: Options, stack: ExitStack) -> Begun:
    settings = Settings.from_environ(os.environ, has_stores=bool(options.data), auth="none")
    kind = target.choose(options.xray, os.environ)
    endpoint = listening.bind(options.host, options.port, "--port")
    xray = listening.bind(options.host, options.xray_port, "--xray-port") if kind == "local" else None
    url, page = listening.url(endpoint), listening.url(xray) if xray else ""
    target.prepare(kind, page, os.environ, keeps_on_aws=bool(settings.queue_url or settings.bucket))
    region, sample = os.environ["AWS_REGION"], _sample(url)
    folder = stack.enter_context(Folder(Path(options.data))).path if options.data else None
    kept = open_kept(folder, settings, region, stack)
    if settings.archive and not kept.stores.bucket:
        raise SettingsError("RAYGATE_ARCHIVE=true needs RAYGATE_BUCKET beside RAYGATE_QUEUE_URL, and it is not set")
    sources = stack.enter_context(closing(Sources.open(folder, settings))) if xray else None
    put = sources.through(connect(region)) if sources else connect(region)
    crew = Crew(endpoint, _processes(options.processes, kind) - 1, options.data, say)
    status = Status(settings, crew.told)
    handler = Handler(settings, put, guard_of(settings, region), page, kept.stores, sources, status)
    app = Endpoint(handler)
    viewed = _local_xray(First(url, sample), folder, _desk(settings, put, kept, sources), stack) if xray else None
    delivering = Delivering(settings, put, kept, say, page, status.worked)
    polling = Polling(kept.source, delivering, say, kept.max_receives) if kept.source else None
    places = {"OTLP over HTTP": url, "X-Ray": page or os.environ.get(target.ENDPOINT) or f"AWS, {region}"}
    behind = Behind(handler, settings, put, kept, region, status, say, page)
    doors = open_doors(replace(options.doors, host=options.host), behind, places)
    sites = [Site(app, endpoint), *([Site(viewed.app, xray)] if viewed and xray else []), *doors.sites]
    welcome = [*_welcome(url, kind, page, kept), *doors.welcome, *([f"Try: {sample}"] if sample else [])]
    return Begun(sites, app, polling, doors, crew, viewed, welcome)


def _processes(asked: int, kind: target.Kind) -> int:
    """As many as cores; one beside a local X-Ray, whose viewer shows what this process has received."""
    return asked or (1 if kind == "local" else os.cpu_count() or 1)


def _desk(settings: Settings, put: Put, kept: Kept, sources: Sources | None) -> "Desk":
    from raygate_local.viewer.desk import Desk  # noqa: PLC0415 - 10 MB, and only a local X-Ray has somebody to sit at it

    file = kept.dead.database if isinstance(kept.dead, KeptQueue) else None
    return Desk(settings, put, kept.stores.bucket, file, sources or NoSources())


def _local_xray(first: First, folder: Path | None, desk: "Desk", stack: ExitStack) -> "ViewedXRay":
    from raygate_local.viewer.site import open_site  # noqa: PLC0415 - moto makes a client at import: boto has to be prepared

    return open_site(first, folder, desk, stack)


def _sample(url: str) -> str:
    """A command that sends a first trace; none where this is installed without the repository."""
    if not EXAMPLE.exists():
        return ""
    body = shlex.quote(f"@{os.path.relpath(EXAMPLE)}")
    return f"curl -sS {url}/v1/traces -H 'Content-Type: application/json' --data-binary {body}"


def _welcome(url: str, kind: target.Kind, page: str, kept: Kept) -> Iterator[str]:
    yield f"Raygate listens on {url} (POST /v1/traces)"
    yield {
        "local": f"A local X-Ray and its page are on {page}",
        "aws": f"Traces go to X-Ray in {os.environ['AWS_REGION']}",
        "url": f"Traces go to the X-Ray on {os.environ.get(target.ENDPOINT)}",
    }[kind]
    if page and libraries.missing():
        yield libraries.ADVICE
    if kept.source:
        yield f"What X-Ray does not take now is kept in {kept.place} ({kept.waiting()})"


def _leave() -> None:
    """End even if a thread still waits for an X-Ray that does not answer."""
    others = [thread for thread in threading.enumerate() if thread is not threading.current_thread()]
    until = time.monotonic() + PATIENCE_S
    for thread in others:
        thread.join(max(0.0, until - time.monotonic()))
    if any(thread.is_alive() and not thread.daemon for thread in others):
        os._exit(0)
