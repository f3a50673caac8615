"""Real processes of the command `raygate`, and raw connections to them."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from tempfile import TemporaryFile
from threading import Thread
from typing import Final, Self

ROOT: Final = Path(__file__).parents[2]
COMMAND: Final = (sys.executable, "-u", "-c", "from raygate_local.cli import main; main(prog_name='raygate')")
TIMEOUT_S: Final = 60
STOPS_WITHIN_S: Final = 5
"""It takes 2 s at most; the machine may be busy."""
MOST_ERRORS: Final = 1_000_000

ENVIRONMENT: Final = {
    name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "RAYGATE_", "POWERTOOLS_"))
} | {
    "PYTHONPATH": os.pathsep.join([str(ROOT / "layers/raygate/python"), str(ROOT / "local")]),
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}


class Running:
    """A server, where it is, and what it prints: read all the time, so that it never waits for a reader."""

    def __init__(self, process: "subprocess.Popen[str]", errors: int) -> None:
        self.process = process
        self._errors = errors
        self._lines: Queue[str] = Queue()
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()
        self.welcome = [self.line()]
        while self.welcome[-1] and not self.welcome[-1].startswith("Try: "):
            self.welcome.append(self.line())
        urls = re.findall(r"http://127\.0\.0\.1:\d+", "\n".join(self.welcome[:2]))
        assert urls, f"it does not listen: {self.welcome}"
        self.url, self.xray_url = urls[0], urls[-1]

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n"))
        self._lines.put("")

    @property
    def address(self) -> tuple[str, int]:
        """For a raw connection."""
        host, port = self.url.removeprefix("http://").split(":")
        return host, int(port)

    def line(self) -> str:
        """The next line that it prints; empty when it has ended."""
        return self._lines.get(timeout=TIMEOUT_S)

    def errors(self) -> str:
        """What it has written to standard error until now."""
        return os.pread(self._errors, MOST_ERRORS, 0).decode()

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Tell it to stop; its exit status."""
        self.process.send_signal(number)
        return self.process.wait(STOPS_WITHIN_S)


@contextmanager
def running(*options: str, environ: Mapping[str, str] | None = None, accidents: bool = False) -> Iterator[Running]:
    """Start `raygate serve` on free ports, wait until it says that it listens, stop it afterwards.

    It keeps nothing, unless `--data` is among the options. A stack trace fails the test, unless accidents are what it
    is about.
    """
    with (
        TemporaryFile("w+") as errors,
        subprocess.Popen(
            [*COMMAND, "serve", "--port", "0", "--grpc-port", "off", "--processes", "1", "--data", "", *options],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env=ENVIRONMENT | dict(environ or {}),
            cwd=ROOT,
        ) as process,
    ):
        try:
            yield Running(process, errors.fileno())
        finally:
            process.terminate()
            ended(process)
            errors.seek(0)
            said = errors.read()
        assert accidents or "Traceback" not in said, said[:3000]


@contextmanager
def started(*arguments: str, environ: Mapping[str, str]) -> "Iterator[subprocess.Popen[str]]":
    """Start a command that goes on until it is told to stop."""
    with subprocess.Popen(
        [*COMMAND, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT | dict(environ),
        cwd=ROOT,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def ended(process: "subprocess.Popen[str]") -> None:
    """Wait for its end. Who does not stop is stopped: nobody waits for it for ever."""
    try:
        process.wait(TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        raise


def raygate(*arguments: str, data: bytes = b"", environ: Mapping[str, str] | None = None) -> tuple[int, str, str]:
    """Run a command to its end: exit status, standard output, standard error."""
    done = subprocess.run(
        [*COMMAND, *arguments],
        input=data,
        capture_output=True,
        env=ENVIRONMENT | dict(environ or {}),
        cwd=ROOT,
        timeout=TIMEOUT_S,
        check=False,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer as it came."""

    status: int
    headers: dict[str, str]
    body: bytes


class Connection:
    """A raw connection that reads answers one by one."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.socket = socket.create_connection(address, timeout=TIMEOUT_S)
        self.file = self.socket.makefile("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()
        self.socket.close()

    def send(self, data: bytes) -> None:
        """Send these bytes as they are."""
        self.socket.sendall(data)

    def finish(self) -> None:
        """Say that nothing more will come; answers can still be read."""
        self.socket.shutdown(socket.SHUT_WR)

    def read(self, method: str = "POST") -> Answer:
        """The next answer; `method` is what was asked with, since `HEAD` has no body."""
        status = int(self.file.readline().split()[1])
        lines = iter(self.file.readline, b"\r\n")
        headers = {
            name.strip().lower(): value.strip() for name, _, value in (line.decode().partition(":") for line in lines)
        }
        length = 0 if method == "HEAD" or status < 200 else int(headers.get("content-length", "0"))
        return Answer(status, headers, self.file.read(length))

    def is_closed(self) -> bool:
        """Whether the server closed it, having said everything."""
        return self.file.read(1) == b""


def ask(address: tuple[str, int], data: bytes, method: str = "POST") -> Answer:
    """Send one request over a connection of its own."""
    with Connection(address) as connection:
        connection.send(data)
        return connection.read(method)


def post(body: bytes, content_type: str = "application/json", *lines: str, path: str = "/v1/traces") -> bytes:
    """A plain export request."""
    head = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Type: {content_type}", f"Content-Length: {len(body)}"]
    return "\r\n".join([*head, *lines, "", ""]).encode("latin-1") + body
