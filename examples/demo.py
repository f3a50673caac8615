"""`make demo`: a shop, Fluent Bit when it is installed, Raygate and a local X-Ray; traffic, traces, one waterfall.

Takes   `--once` to stop when everything has been shown; `--port`, `--grpc-port`, `--xray-port`, `--status-port` and
        `--shop-port`, 0 for any free one.
Gives   the list of traces and one of them as a waterfall, and where to look. Ctrl-C stops all of it, in order.
"""

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Final

HERE: Final = Path(__file__).parent
RAYGATE: Final = Path(sys.executable).with_name("raygate")
ROUNDS: Final = 3
FLUENT_BIT_PORT: Final = 3000
PATIENCE_S: Final = 60.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it."""
    wanted = asked(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with ExitStack() as stack, suppress(KeyboardInterrupt):
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="raygate-demo-")))
        otlp, page, status = start_raygate(wanted, folder, stack)
        shop = start_shop(wanted, _way(otlp, folder, stack), folder, stack)
        trace_ids = list(traffic(shop))
        wait_until_there(page, trace_ids)
        _show(page, trace_ids)
        print(f"\nTraces   {page}\nMap      {page}/map\nStatus   {status}\nShop     {shop} (each route makes a trace)")
        if not wanted.once:
            print("Ctrl-C stops it.", flush=True)
            signal.pause()
    print("Stopped.")
    return 0


def asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__.partition("\n")[0])
    parser.add_argument("--once", action="store_true", help="stop when everything has been shown")
    ports = {"port": 4318, "grpc-port": 4317, "xray-port": 8080, "status-port": 55679, "shop-port": 5000}
    for name, default in ports.items():
        parser.add_argument(f"--{name}", type=int, default=default, help=f"0 for any free one; {default} by itself")
    return parser.parse_args(arguments)


def start_raygate(wanted: argparse.Namespace, folder: Path, stack: ExitStack) -> tuple[str, str, str]:
    """The addresses of OTLP, of the local X-Ray and of the status page."""
    ports = {
        name: getattr(wanted, name.replace("-", "_")) for name in ("port", "grpc-port", "xray-port", "status-port")
    }
    options = [part for name, port in ports.items() for part in (f"--{name}", str(port))]
    log = folder / "raygate.log"
    serve = [str(RAYGATE), "serve", "--xray", "local", "--data", str(folder / "data"), *options]
    process = stack.enter_context(_running("raygate serve", serve, log))
    found = (r"listens on (http\S+)", r"its page are on (http\S+)", r"status page is on (http\S+)")
    otlp, page, status = (_said(one, log, process) for one in found)
    return otlp, page, status


def _way(otlp: str, folder: Path, stack: ExitStack) -> str:
    """Where the shop sends to: to Fluent Bit in between, when there is one."""
    program = shutil.which("fluent-bit")
    if program is None:
        print("Fluent Bit is not installed: the shop sends to Raygate directly.")
        return otlp
    host, _, port = otlp.removeprefix("http://").rpartition(":")
    environ = {"RAYGATE_HOST": host, "RAYGATE_PORT": port, "RAYGATE_TLS": "off", "RAYGATE_KEY": "none"}
    log = folder / "fluent-bit.log"
    command = [program, "-c", str(HERE / "fluent-bit" / "fluent-bit.yaml")]
    stack.enter_context(_running("fluent-bit", command, log, environ))
    print(f"The shop sends to Fluent Bit on port {FLUENT_BIT_PORT}, which sends to Raygate.")
    return f"http://127.0.0.1:{FLUENT_BIT_PORT}"


def start_shop(wanted: argparse.Namespace, otlp: str, folder: Path, stack: ExitStack) -> str:
    """The shop's address."""
    log = folder / "shop.log"
    command = [sys.executable, "-m", "examples.trace_generator"]
    environ = {"OTEL_HOST_ADDR": otlp, "PORT": str(wanted.shop_port), "PYTHONPATH": str(HERE.parent)}
    process = stack.enter_context(_running("the shop", command, log, environ))
    return _said(r"open on (http\S+)", log, process)


def traffic(shop: str) -> Iterator[tuple[str, str]]:
    """Every route a few times: path and trace id."""
    paths = list(json.loads(_get(f"{shop}/")))
    print(f"Calling {len(paths)} routes of the shop, {ROUNDS} times each ...", flush=True)
    for _ in range(ROUNDS):
        for path in paths:
            yield path, json.loads(_get(f"{shop}{path}"))["trace_id"]


def wait_until_there(page: str, trace_ids: Sequence[tuple[str, str]]) -> None:
    """Until the local X-Ray has each of them."""
    until = time.monotonic() + PATIENCE_S
    missing = [xray_id(trace_id) for _, trace_id in trace_ids]
    while missing and time.monotonic() < until:
        body = json.dumps({"TraceIds": missing[:5]}).encode()
        missing = json.loads(_get(f"{page}/Traces", body))["UnprocessedTraceIds"] + missing[5:]
        time.sleep(0.1)
    if missing:
        raise SystemExit(f"{len(missing)} of {len(trace_ids)} traces did not arrive within {PATIENCE_S:.0f} s.")


def xray_id(trace_id: str) -> str:
    """X-Ray's form of it."""
    return f"1-{trace_id[:8]}-{trace_id[8:]}"


def _show(page: str, trace_ids: Sequence[tuple[str, str]]) -> None:
    tree = next(trace_id for path, trace_id in trace_ids if path == "/generate-hierarchical")
    print(f"\n{len(trace_ids)} traces arrived:\n", flush=True)
    for command in (["traces"], ["trace", xray_id(tree)]):
        subprocess.run([str(RAYGATE), *command, "--xray", page], check=True)
        print(flush=True)


@contextmanager
def _running(
    name: str, command: Sequence[str], log: Path, environ: Mapping[str, str] | None = None
) -> Iterator["subprocess.Popen[bytes]"]:
    """A program, until the end; then it is asked to stop, and made to when it does not."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, env=os.environ | (environ or {}))
    try:
        yield process
        if process.poll() is not None:
            raise SystemExit(f"{name} ended by itself:\n{log.read_text(errors='replace')[-2000:]}")
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _said(pattern: str, log: Path, process: "subprocess.Popen[bytes]") -> str:
    """What a program has printed."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        has_ended = process.poll() is not None
        if found := re.search(pattern, log.read_text(errors="replace")):
            return found[1]
        if has_ended:
            break
        time.sleep(0.05)
    raise SystemExit(f"It did not start:\n{log.read_text(errors='replace')[-2000:]}")


def _get(url: str, body: bytes | None = None) -> bytes:
    request = urllib.request.Request(url, data=body)
    answer: IO[bytes]
    try:
        answer = urllib.request.urlopen(request, timeout=10)
    except urllib.error.HTTPError as error:  # some routes fail on purpose, and their answers name a trace too
        answer = error
    with answer:
        return answer.read()


if __name__ == "__main__":
    raise SystemExit(main())
