"""A built function under the Lambda Runtime Interface Emulator, laid out as Lambda does, and an X-Ray that keeps all.

Takes   the folders that `sam build` made; the emulator that comes with the SAM CLI.
Gives   `running`, a function to invoke; `lay_out` and `started`, its two halves, for whoever starts it more than once;
        `sink`, an address for X-Ray's client and what arrived there.
Note    The interpreter runs without its site-packages: what the layers lack is missing here too, but for the runtime
        interface client, which Lambda brings itself.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import requests

from tests.built.artefact import FUNCTIONS, HERE, LAYERS, built
from tests.ports import reserved
from tests.project.tree import PROJECT

RUNTIME_CLIENT: Final = ("awslambdaric", "runtime_client", "simplejson", "snapshot_restore_py")
START_TIMEOUT_S: Final = 60
INVOKE_TIMEOUT_S: Final = 30


@dataclass(slots=True)
class Sink:
    """An X-Ray that takes every document."""

    address: str
    documents: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class Emulated:
    """A function that takes one event at a time, as one execution environment does."""

    address: str
    log: Path
    emulator_pid: int
    turn: threading.Lock = field(default_factory=threading.Lock)

    def invoke(self, event: str) -> dict[str, Any]:
        """The function's result for that event; an error of the function fails the test."""
        result = self.asked(event)
        assert "errorType" not in result, f"{result}\n{self.log.read_text()}"
        return result

    def asked(self, event: str) -> dict[str, Any]:
        """What Lambda would give to whoever invokes it: the result, or the error."""
        with self.turn:
            result: dict[str, Any] = requests.post(self.address, event.encode(), timeout=INVOKE_TIMEOUT_S).json()
        return result

    def kill(self) -> None:
        """End the function's own process, in the middle of whatever it does. The next event starts another."""
        threads = Path(f"/proc/{self.emulator_pid}/task").iterdir()
        children = [pid for thread in threads for pid in (thread / "children").read_text().split()]
        assert children
        for pid in children:
            os.kill(int(pid), signal.SIGKILL)


@contextmanager
def sink() -> Iterator[Sink]:
    """Serve X-Ray's PutTraceSegments on a free port."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            kept.documents += [json.loads(text) for text in body["TraceSegmentDocuments"]]
            answer = b'{"UnprocessedTraceSegments":[]}'
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept = Sink(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def running(
    name: str, folder: Path, variables: Mapping[str, str], change: Callable[[Path], None] = lambda _: None
) -> Iterator[Emulated]:
    """Start the function of this machine's architecture in `folder`, give its address, stop it afterwards.

    `change` makes another version of what lies in `/opt/python`.
    """
    place = lay_out(folder, built(HERE, name), [built(HERE, layer) for layer in LAYERS])
    change(folder / "opt" / "python")
    with started(place, FUNCTIONS[name]["Handler"], variables) as emulated:
        yield emulated


@dataclass(frozen=True, slots=True)
class Place:
    """Where a function lies, and the emulator beside it."""

    folder: Path
    task: Path
    emulator: Path


def lay_out(folder: Path, function: Path, layers: Iterable[Path]) -> Place:
    """The code as in /var/task, the layers merged as in /opt, the runtime's own client; and the emulator."""
    task = shutil.copytree(function, folder / "task")
    for layer in layers:
        shutil.copytree(layer, folder / "opt", dirs_exist_ok=True)
    (folder / "runtime").mkdir()
    for module in RUNTIME_CLIENT:
        spec = find_spec(module)
        assert spec is not None
        assert spec.origin is not None
        origin = Path(spec.origin).parent if spec.submodule_search_locations else Path(spec.origin)
        (folder / "runtime" / origin.name).symlink_to(origin)
    (bundled,) = PROJECT.glob(f".venv-sam/lib/python*/site-packages/samcli/local/rapid/aws-lambda-rie-{HERE}")
    emulator = Path(shutil.copy(bundled, folder / "emulator"))
    emulator.chmod(0o755)
    return Place(folder, task, emulator)


@contextmanager
def started(place: Place, handler: str, variables: Mapping[str, str], *options: str) -> Iterator[Emulated]:
    """Start the function that lies there; it is initialised by its first event."""
    runtime = [sys._base_executable, "-S", "-m", "awslambdaric", handler]  # type: ignore[attr-defined]
    paths = [place.task, place.folder / "opt" / "python", place.folder / "runtime"]
    environment = {
        **{key: value for key, value in os.environ.items() if key.startswith(("AWS_", "PATH"))},
        "LAMBDA_TASK_ROOT": str(place.task),
        "PYTHONPATH": os.pathsep.join(map(str, paths)),
        "PYTHONDONTWRITEBYTECODE": "1",
        **variables,
    }
    log = place.folder / "log.txt"
    with reserved() as port, reserved() as api_port, log.open("wb") as output:
        gateway = f"127.0.0.1:{port}"
        addresses = ["--runtime-interface-emulator-address", gateway, "--runtime-api-address", f"127.0.0.1:{api_port}"]
        process = subprocess.Popen(
            [place.emulator, *options, *addresses, *runtime],
            cwd=place.task,
            env=environment,
            stdout=output,
            stderr=output,
        )
        try:
            _wait_for(gateway, process, log)
            yield Emulated(f"http://{gateway}/2015-03-31/functions/function/invocations", log, process.pid)
        finally:
            process.terminate()
            process.wait(timeout=10)


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    host, port = address.split(":")
    until = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection((host, int(port)), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError(f"the emulator does not listen on {address}:\n{log.read_text()}")
