"""The other doors of `raygate serve`: OTLP over gRPC, the X-Ray daemon's place, and the page that tells what was done.

Takes   `Asked`, the ports; `Behind`, what the endpoint itself has behind it.
Gives   `Doors`: sites to be served, lines of welcome; `start` and `stop` with the server.
Raises  `ListenError` or `ForwardError`, one sentence, when a port that was asked for cannot be had.
Rules   The port of gRPC is taken when nobody asked for it too: if somebody else has it, that is said, and no error.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Protocol

from starlette.types import ASGIApp

from raygate.deliver import Put
from raygate.keep import Stores
from raygate.settings import Settings
from raygate_local import listening
from raygate_local.kept.delivering import Delivering as KeptDelivering
from raygate_local.kept.opening import Kept
from raygate_local.kept.polling import Polling
from raygate_local.kept.queue import KeptQueue
from raygate_local.listening import ListenError, Site
from raygate_local.sending.endpoint import CREDENTIALS, endpoint_of
from raygate_local.status import Status, create
from raygate_local.xray.app import OURS, OnlyThisMachine

if TYPE_CHECKING:
    from raygate_local.daemon import Daemon
    from raygate_local.otlp_grpc import GrpcServer

GRPC_PORT: Final = 4317
FORWARD: Final = "forward"
"""The queue in the data folder for documents on their way to another endpoint: not to the X-Ray of this one."""
STOP_S: Final = 0.5


class Handler(Protocol):
    """The one that HTTP goes through."""

    settings: Settings

    def __call__(self, event: Any, context: Any) -> dict[str, Any]:
        """Answer one event."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What `raygate serve` was asked for."""

    host: str = "127.0.0.1"
    grpc_port: int | None = None
    is_grpc_asked: bool = True
    """And not only the default."""
    status_port: int | None = None
    daemon_port: int | None = None
    daemon_to: str = ""
    """Another Raygate endpoint for the daemon's documents."""
    daemon_key: str = ""
    """Empty for the one in OTEL_EXPORTER_OTLP_HEADERS, if there is one."""


@dataclass(frozen=True, slots=True)
class Behind:
    """What is behind the endpoint."""

    handler: Any
    """`handling.Handler`: a frozen dataclass with the settings in it."""
    settings: Settings
    put: Put
    kept: Kept
    region: str
    status: Status
    say: Callable[..., None]
    page: str = ""


@dataclass(slots=True)
class Doors:
    """Those that are open."""

    sites: list[Site] = field(default_factory=list)
    welcome: list[str] = field(default_factory=list)
    grpc: "GrpcServer | None" = None
    daemon: "Daemon | None" = None
    forwarding: Polling | None = None

    def start(self) -> None:
        """The daemon's threads; the others are at work already."""
        if self.forwarding:
            self.forwarding.start()
        if self.daemon:
            self.daemon.start()

    def stop(self) -> None:
        """Take nothing more, and let go what can go at once."""
        if self.grpc:
            self.grpc.stop()
        if self.daemon:
            self.daemon.stop()
        if self.forwarding:
            self.forwarding.stop(STOP_S)


def open_doors(asked: Asked, behind: Behind, places: dict[str, str]) -> Doors:
    """Bind what was asked for. `places` is what the status page shows; it learns of these doors too."""
    doors = Doors()
    for open_one in (_open_daemon, _open_status, _open_grpc):  # gRPC last: it is at work as soon as it is bound
        doors.welcome += open_one(asked, behind, doors, places)
    return doors


def _open_grpc(asked: Asked, behind: Behind, doors: Doors, places: dict[str, str]) -> Iterator[str]:
    if asked.grpc_port is None:
        return
    from raygate_local import otlp_grpc  # noqa: PLC0415 - a third of a second that not everybody needs

    most = behind.settings.max_decompressed_bytes
    # gRPC has inflated the message before the handler sees it.
    handler = replace(behind.handler, settings=replace(behind.settings, max_wire_bytes=most))
    try:
        listening.bind(asked.host, asked.grpc_port, "--grpc-port").close()  # says better than gRPC why it cannot be had
        doors.grpc = otlp_grpc.serve(handler, asked.host, asked.grpc_port, most)
    except ListenError as error:
        if asked.is_grpc_asked:
            raise
        yield f"No OTLP over gRPC: {str(error)[0].lower()}{str(error)[1:].rstrip('.')}"
        return
    places["OTLP over gRPC"] = f"{_shown(asked.host)}:{doors.grpc.port}"
    yield f"OTLP over gRPC is taken on {places['OTLP over gRPC']}"


def _open_daemon(asked: Asked, behind: Behind, doors: Doors, places: dict[str, str]) -> Iterator[str]:
    waiting = _forward_queue(behind.kept)
    if asked.daemon_port is None:
        if asked.daemon_to:
            raise ListenError("--daemon-to needs --daemon-port, where the documents come from.")
        if waiting and (count := waiting.waiting().messages):
            yield f"Messages for another endpoint that wait for --daemon-to: {count}"
        return
    from raygate_local.daemon import open_daemon  # noqa: PLC0415 - as above
    from raygate_local.daemon.delivering import Delivering  # noqa: PLC0415
    from raygate_local.daemon.forwarding import put_to  # noqa: PLC0415

    put, stores, page = behind.put, behind.kept.stores, behind.page
    if asked.daemon_to:
        put, page = put_to(asked.daemon_to, _credentials(asked), behind.region), ""
        stores = Stores(waiting, behind.kept.stores.bucket) if waiting else Stores()
        doors.forwarding = _forwarding(behind, put, stores, waiting) if waiting else None
    deliver = Delivering(behind.settings, put, stores, behind.status, behind.say, page)
    doors.daemon = daemon = open_daemon(asked.host, asked.daemon_port, behind.region, deliver, behind.say)
    behind.status.daemon = daemon.as_json
    doors.sites.append(Site(_guarded(daemon.app, asked.host), daemon.tcp))
    places["X-Ray daemon"] = listening.url(daemon.tcp).removeprefix("http://")
    onward = f"; documents go on to {asked.daemon_to}" if asked.daemon_to else ""
    yield f"The X-Ray daemon's place is on {places['X-Ray daemon']} (UDP, and TCP for sampling rules){onward}"


def _open_status(asked: Asked, behind: Behind, doors: Doors, places: dict[str, str]) -> Iterator[str]:
    if asked.status_port is None:
        return
    bound = listening.bind(asked.host, asked.status_port, "--status-port")
    doors.sites.append(Site(_guarded(create(behind.status, places), asked.host), bound))
    yield f"The status page is on {listening.url(bound)}"


def _credentials(asked: Asked) -> dict[str, str]:
    """The key that was given, else the one that OpenTelemetry's exporters on this machine have."""
    headers = endpoint_of(asked.daemon_to, asked.daemon_key, os.environ).headers
    return {name: value for name, value in headers.items() if name in CREDENTIALS}


def _forward_queue(kept: Kept) -> KeptQueue | None:
    """In the file of the data folder, where the queue of this endpoint is."""
    return KeptQueue(kept.source.database, FORWARD) if isinstance(kept.source, KeptQueue) else None


def _forwarding(behind: Behind, put: Put, stores: Stores, queue: KeptQueue) -> Polling:
    queue.reclaim()
    kept = Kept(stores, queue)  # without dead letters: what is not taken is tried for as long as it takes
    return Polling(queue, KeptDelivering(behind.settings, put, kept, behind.say, "", behind.status.worked), behind.say)


def _guarded(app: ASGIApp, host: str) -> ASGIApp:
    """For this machine alone, unless others were let in."""
    return OnlyThisMachine(app) if host in OURS else app


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
