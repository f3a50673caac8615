"""Programs that are measured: started, watched through /proc, ended.

Gives   `running`: a program whose output is a file; `cpu_s` and `rss_mb` of it and all that it started.
"""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PATIENCE_S = 20.0


@contextmanager
def running(command: Sequence[object], environ: Mapping[str, str], log: Path) -> Iterator[int]:
    """Its process id, as long as it is wanted."""
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603
            list(map(str, command)), env={**os.environ, **environ}, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(found: Callable[[], str], log: Path) -> str:
    """What `found` gives, once it gives something."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if said := found():
            return said
        time.sleep(0.002)
    raise TimeoutError(f"it did not start: {log.read_text()[-2000:]}")


def free_port() -> int:
    """A port that nobody has at the moment."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def accepts(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def tree(pid: int) -> list[int]:
    """The process and all that it started."""
    parents: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((path / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
        parents.setdefault(parent, []).append(int(path.name))
    found = [pid]
    for one in found:
        found += parents.get(one, [])
    return found


def cpu_s(pid: int) -> float:
    """CPU seconds so far."""
    ticks = 0
    for one in tree(pid):
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / TICKS


def rss_mb(pid: int) -> float:
    """Resident memory; what several processes share is counted in parts."""
    kilobytes = 0
    for one in tree(pid):
        lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
        kilobytes += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return kilobytes / 1024
