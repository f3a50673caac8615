"""`raygate serve`: the endpoint, the X-Ray behind it, and what is printed.

Takes   `Options`, and the environment for the settings and for boto.
Gives   lines on standard output: where to send, where to look, one for each trace that arrives. Ends with a signal.
Raises  `StartError`, one sentence, for whatever keeps it from starting.
Note    The local X-Ray is reached over HTTP too, though it is in this process: what runs here is what runs on Lambda.
"""

import logging
import os
import shlex
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from botocore.exceptions import BotoCoreError
from starlette.types import ASGIApp

from raygate.deliver import Put
from raygate.deliver.client import connect
from raygate.errors import SettingsError
from raygate.ingest import Ingest, Report
from raygate.keys import Guard, guard_of
from raygate.settings import Settings
from raygate_local import listening, target
from raygate_local.arrivals import Arrivals
from raygate_local.endpoint import Endpoint
from raygate_local.listening import Site

EXAMPLE: Final = Path(__file__).parents[2] / "examples" / "trace.json"
PATIENCE_S: Final = 0.3
"""For threads that are still waiting for X-Ray when everything else has ended."""


@dataclass(frozen=True, slots=True)
class Options:
    """What `raygate serve` was asked for."""

    port: int = 4318
    host: str = "127.0.0.1"
    xray_port: int = 8080
    xray: str | None = None


class StartError(Exception):
    """It cannot start. The message says why and what to do, in one sentence."""


class Handler:
    """The function's handler, with a listener: each request has its own `Ingest`, so that its lines stay together."""

    def __init__(self, settings: Settings, put: Put, guard: Guard, page: str) -> None:
        self.settings = settings
        self.put = put
        self.guard = guard
        self.page = page

    def __call__(self, event: Any, context: Any) -> dict[str, Any]:
        """Answer one event, and say what arrived."""
        arrivals = Arrivals()

        def report(report: Report) -> None:
            say(*arrivals.lines(report, self.page))
            if report.accident:
                traceback.print_exception(report.accident, file=sys.stderr)

        return Ingest(self.settings, arrivals.through(self.put), self.guard, report)(event, context)


def say(*lines: str) -> None:
    """Print, all lines together; a reader that went away does not stop the work."""
    if lines:
        with suppress(OSError, ValueError):
            sys.stdout.write("\n".join(lines) + "\n")
            sys.stdout.flush()


def run(options: Options) -> None:
    """Serve until a signal comes."""
    logging.getLogger("urllib3").setLevel(logging.ERROR)  # it warns of each connection above its pool's size
    try:
        settings = Settings.from_environ(os.environ, auth="none")
        kind = target.choose(options.xray, os.environ)
        endpoint = listening.bind(options.host, options.port, "--port")
        xray = listening.bind(options.host, options.xray_port, "--xray-port") if kind == "local" else None
        page = listening.url(xray) if xray else ""
        target.prepare(kind, page, os.environ)
        region = os.environ["AWS_REGION"]
        handler = Handler(settings, connect(region), guard_of(settings, region), page)
    except (SettingsError, target.TargetError, listening.ListenError, BotoCoreError, ValueError) as error:
        raise StartError(f"{str(error).rstrip('.')}.") from error
    app, url = Endpoint(handler), listening.url(endpoint)
    sample = _sample(url)
    sites = [Site(app, endpoint), *([Site(_local_xray(sample), xray)] if xray else [])]
    listening.serve(sites, lambda: say(*_welcome(url, kind, page, sample)))
    app.close()
    _leave()


def _local_xray(sample: str) -> ASGIApp:
    from raygate_local.xray.app import create  # noqa: PLC0415 - moto makes a client at import: boto has to be prepared

    return create(sample)


def _sample(url: str) -> str:
    """A command that sends a first trace; none where this is installed without the repository."""
    if not EXAMPLE.exists():
        return ""
    body = shlex.quote(f"@{os.path.relpath(EXAMPLE)}")
    return f"curl -sS {url}/v1/traces -H 'Content-Type: application/json' --data-binary {body}"


def _welcome(url: str, kind: target.Kind, page: str, sample: str) -> Iterator[str]:
    yield f"Raygate listens on {url} (POST /v1/traces)"
    yield {
        "local": f"A local X-Ray and its page are on {page}",
        "aws": f"Traces go to X-Ray in {os.environ['AWS_REGION']}",
        "url": f"Traces go to the X-Ray on {os.environ.get(target.ENDPOINT)}",
    }[kind]
    if sample:
        yield f"Try: {sample}"


def _leave() -> None:
    """End even if a thread still waits for an X-Ray that does not answer."""
    others = [thread for thread in threading.enumerate() if thread is not threading.current_thread()]
    until = time.monotonic() + PATIENCE_S
    for thread in others:
        thread.join(max(0.0, until - time.monotonic()))
    if any(thread.is_alive() and not thread.daemon for thread in others):
        os._exit(0)
