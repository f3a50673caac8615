"""The whole path over HTTP: the OpenTelemetry Collector and `raygate serve`, with the same sender and the same sink.

Takes   `--rounds`, `--requests`, `--mapping`, `--json FILE`.
Gives   a table for 1 and 8 connections and for an X-Ray that answers at once or after 30 ms: requests a second, p50,
        p99, CPU a request and a million spans, memory; and the ratio of CPU, ours to the collector's, round by round.
Note    Sender and sink share the machine's cores with what is measured. Each request has 100 spans, gzip'd. Every span
        sent is counted at the sink.
"""

import argparse
import os
import re
import sys
import time
import urllib.request
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import orjson

from benchmarks import collector as released
from benchmarks import exporter, load, processes
from benchmarks.exporter import PRETEND, NoGoError
from benchmarks.inputs import INPUTS
from benchmarks.timing import Series, figure

SPANS: Final = 100
BODIES: Final = [body for number in range(4) for body in INPUTS[str(SPANS)].requests(number)]
DELAYS_MS: Final = (0, 30)
CONNECTIONS: Final = (1, 8)
SECONDS: Final = 8.0
"""The longest that one run may take."""


@dataclass(slots=True)
class Server:
    """What is measured: where it listens, which process it is."""

    name: str
    url: str
    pid: int
    first_ms: float = 0.0
    """From its start to its first answer."""


@dataclass(slots=True)
class Row:
    """One server at one load."""

    rate: Series = field(default_factory=Series)
    p50_ms: Series = field(default_factory=Series)
    p99_ms: Series = field(default_factory=Series)
    cpu_ms: Series = field(default_factory=Series)
    """A request."""
    rss_mb: Series = field(default_factory=Series)


Results = dict[tuple[int, int, str], Row]
"""By delay, connections and server."""


@contextmanager
def sink(folder: Path, delay_ms: int) -> Iterator[str]:
    """Its address."""
    log = folder / f"sink-{delay_ms}.log"
    with processes.running([sys.executable, "-m", "benchmarks.sink", delay_ms], {}, log):
        yield processes.wait_for(lambda: log.read_text().strip(), log)


@contextmanager
def collector(folder: Path, xray: str) -> Iterator[Server]:
    """The collector, with the released receiver and exporter."""
    started = time.perf_counter()
    with released.collector(folder / "collector", folder, xray) as one:
        yield _warm(Server("collector", one.url, one.pid), started)


@contextmanager
def raygate(folder: Path, xray: str, mapping: str) -> Iterator[Server]:
    """`raygate serve`."""
    log = folder / "raygate.log"
    environ = {**PRETEND, "AWS_ENDPOINT_URL_XRAY": xray, "RAYGATE_MAPPING": mapping}
    started = time.perf_counter()
    command = [Path(sys.executable).with_name("raygate"), "serve", "--port", 0]
    with processes.running(command, environ, log) as pid:
        url = processes.wait_for(lambda: _address(log), log)
        yield _warm(Server(f"raygate, {mapping}", url, pid), started)


def _address(log: Path) -> str:
    found = re.search(r"listens on (http://\S+)", log.read_text())
    return found[1] if found else ""


def _warm(server: Server, started: float) -> Server:
    load.send(server.url, BODIES[:1], 1, 1, SECONDS)
    server.first_ms = (time.perf_counter() - started) * 1_000
    load.send(server.url, BODIES, max(CONNECTIONS), 60, SECONDS)
    return server


def measure(folder: Path, mapping: str, rounds: int, requests: int) -> tuple[Results, dict[str, float]]:
    """All loads on both servers, one after the other, round by round."""
    results: Results = defaultdict(Row)
    first: dict[str, float] = {}
    for delay_ms in DELAYS_MS:
        with sink(folder, delay_ms) as xray, collector(folder, xray) as theirs, raygate(folder, xray, mapping) as ours:
            first |= {server.name: server.first_ms for server in (theirs, ours)}
            for _ in range(rounds):
                for connections in CONNECTIONS:
                    for server in (theirs, ours):
                        row = results[delay_ms, connections, server.name]
                        _run(row, server, xray, connections, requests if not delay_ms else requests // 3)
    return results, first


def _run(row: Row, server: Server, xray: str, connections: int, requests: int) -> None:
    arrived, spent = _arrived(xray), processes.cpu_s(server.pid)
    sent = load.send(server.url, BODIES, connections, requests, SECONDS)
    spent, arrived = processes.cpu_s(server.pid) - spent, _arrived(xray) - arrived
    count = len(sent.latencies_ms)
    if arrived != count * SPANS:
        raise load.NotTakenError(f"{server.name}: {count * SPANS} spans were sent, {arrived} arrived")
    row.rate.add(sent.rate)
    row.p50_ms.add(sent.percentile(50))
    row.p99_ms.add(sent.percentile(99))
    row.cpu_ms.add(spent * 1_000 / count)
    row.rss_mb.add(processes.rss_mb(server.pid))


def _arrived(xray: str) -> int:
    with urllib.request.urlopen(xray, timeout=5) as answer:  # noqa: S310 - our own sink
        documents: int = orjson.loads(answer.read())["documents"]
        return documents


def table(results: Results) -> str:
    """Markdown."""
    columns = ["X-Ray answers after", "connections", "server", "requests/s", "p50 ms", "p99 ms", "CPU ms a request"]
    columns += ["CPU s a million spans", "memory MB", "CPU / collector"]
    lines = [f"| {' | '.join(columns)} |", "| --- " * len(columns) + "|"]
    for (delay_ms, connections, name), row in results.items():
        times = [figure(row.rate, 0), figure(row.p50_ms), figure(row.p99_ms), figure(row.cpu_ms, 2)]
        million = f"{row.cpu_ms.median * 1_000 / SPANS:.1f}"
        ratio = row.cpu_ms.over(results[delay_ms, connections, "collector"].cpu_ms)
        cells = [f"{delay_ms} ms", connections, name, *times, million, f"{row.rss_mb.median:.0f}", figure(ratio, 2)]
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(lines)


def _values(results: Results) -> dict[str, dict[str, list[float]]]:
    names = ("rate", "p50_ms", "p99_ms", "cpu_ms", "rss_mb")
    return {" ".join(map(str, at)): {name: getattr(row, name).values for name in names} for at, row in results.items()}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.whole_path", description=__doc__.partition("\n")[0])
    parser.add_argument("--mapping", default="extended")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=300, help="in each run; a third with the slow X-Ray")
    parser.add_argument("--json", type=Path, help="also write all values there")
    asked = parser.parse_args(arguments)
    os.environ["NO_PROXY"] = "127.0.0.1"
    with TemporaryDirectory() as name:
        folder = Path(name)
        try:
            exporter.build(folder)
        except NoGoError as error:
            print(f"{error}.")  # noqa: T201
            return
        results, first = measure(folder, asked.mapping, asked.rounds, asked.requests)
    said: Any = ", ".join(f"{server} {milliseconds:.0f} ms" for server, milliseconds in first.items())
    print(f"first answer after the start: {said}; {asked.rounds} rounds\n")  # noqa: T201
    print(table(results))  # noqa: T201
    if asked.json:
        asked.json.write_bytes(orjson.dumps(_values(results)))


if __name__ == "__main__":
    main()
