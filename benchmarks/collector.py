"""The OpenTelemetry Collector with the released receiver and exporter, as a process; and a bad day for it.

Gives   `collector`, in front of any X-Ray; `live_collector`: a day as `tests.faults.days` has it, with what the
        collector leaves undone as figures and not as an error.
Rules   The configuration is the shortest that works, all else as released; with `batch` the batch processor too, as
        most documents recommend. Senders are those of our own days. When nothing has come to X-Ray for a while the
        day ends, and the collector is stopped by SIGTERM: what it still holds it may send to a healthy X-Ray.
Note    Counted are documents whose id is a span's: the exporter makes others' ids anew each time.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks import processes
from benchmarks.exporter import PRETEND
from raygate.decode import decode
from raygate.request import Request
from raygate.segment.ids import trace_id
from raygate.settings import Settings
from tests.faults.days import Day
from tests.faults.load import ENCODINGS, Export
from tests.faults.scenarios import SCENARIOS
from tests.faults.senders import NOBODY, Answer, send_all
from tests.faults.xray import Key, XRay
from tests.process.serving import Connection, post

CONFIG: Final = """
receivers: {{otlp: {{protocols: {{http: {{endpoint: "127.0.0.1:{port}"}}}}}}}}
processors: {{batch: {{}}}}
exporters: {{awsxray: {{region: us-east-1, endpoint: "{xray}"}}}}
service:
  telemetry: {{metrics: {{level: none}}, logs: {{level: warn}}}}
  pipelines: {{traces: {{receivers: [otlp], processors: [{processors}], exporters: [awsxray]}}}}
"""
QUIET_S: Final = 4.0
"""Longer than its SDK waits between two of its three tries, as a rule."""
LONGEST_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Collector:
    """Where it listens, and which process it is."""

    port: int
    pid: int

    @property
    def url(self) -> str:
        """For senders."""
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def collector(program: Path, folder: Path, xray: str, *, batch: bool = False) -> Iterator[Collector]:
    """Until it is stopped."""
    port, config, log = processes.free_port(), folder / "collector.yaml", folder / "collector.log"
    config.write_text(CONFIG.format(port=port, xray=xray, processors="batch" if batch else ""))
    with processes.running([program, f"--config=file:{config}"], PRETEND, log) as pid:
        processes.wait_for(lambda: "yes" if processes.accepts(port) else "", log)
        yield Collector(port, pid)


def live_collector(name: str, way: str, exports: Sequence[Export], xray: XRay, program: Path) -> Day:
    """Send, wait until it is quiet, end the day, stop, look."""
    xray.begin(SCENARIOS[name], name)
    with (
        TemporaryDirectory() as folder,
        collector(program, Path(folder), xray.url, batch=way == "collector-batch") as server,
    ):

        def send(export: Export) -> Answer:
            lines = [f"Content-Encoding: {export.coding}"] if export.coding else []
            with suppress(OSError, IndexError, ValueError), Connection(("127.0.0.1", server.port)) as connection:
                connection.send(post(export.body, export.content_type, *lines))
                answer = connection.read()
                return Answer(answer.status, answer.headers, answer.body)
            return NOBODY

        day = Day(name, way, send_all([replace(one, keys=_spans(one)) for one in exports], send))
        _wait_until_quiet(xray)
        xray.heal()
    stored, times = xray.stored, day.ledger.times
    day.missing = len(day.ledger.promised - stored.keys())
    day.twice = sum(max(0, len(stored[key]) - times[key]) for key in times if key in stored)
    return day


def _spans(export: Export) -> frozenset[Key]:
    """The documents of the spans' own ids."""
    decoded = decode(Request(export.body, ENCODINGS[export.content_type], export.coding), Settings())
    return frozenset((trace_id(span.trace_id), span.span_id) for span in decoded.spans)


def _wait_until_quiet(xray: XRay) -> None:
    until_s, calls, since_s = time.monotonic() + LONGEST_S, -1, time.monotonic()
    while time.monotonic() < until_s and time.monotonic() - since_s < QUIET_S:
        if xray.calls != calls:
            calls, since_s = xray.calls, time.monotonic()
        time.sleep(0.05)
