"""The released exporter as a child process: `benchmarks/peer`, built with Go from the released modules.

Gives   `build`: the two programs, compiled; `Converter`: conversions on request, timed by itself.
Raises  `NoGoError` where there is no Go, or where the modules cannot be had. The message says so.
"""

import os
import shutil
import struct
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Self

import orjson

from raygate.request import Encoding

SOURCE: Final = Path(__file__).parent / "peer"

PRETEND: Final = {
    "AWS_ACCESS_KEY_ID": "pretend",
    "AWS_SECRET_ACCESS_KEY": "pretend",
    "AWS_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "NO_PROXY": "127.0.0.1",
}


class NoGoError(Exception):
    """The peer cannot be had on this machine."""


def build(folder: Path, programs: str = "...") -> None:
    """Compile `converter`, `collector`, or both into that folder. The first time takes minutes, later ones seconds."""
    if shutil.which("go") is None:
        raise NoGoError("Go is not installed here: the released exporter was not asked")
    command = ["go", "build", "-o", f"{folder}{os.sep}", f"./{programs}"]
    environ = {**os.environ, "GOFLAGS": "-mod=readonly -buildvcs=false", "CGO_ENABLED": "0"}
    done = subprocess.run(command, cwd=SOURCE, env=environ, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise NoGoError(f"the released exporter could not be built, so it was not asked: {last}")


def version() -> str:
    """Which release of the exporter, by the module file."""
    lines = (SOURCE / "go.mod").read_text().splitlines()
    return next(line.split()[1] for line in lines if "/awsxrayexporter " in line)


class Converter:
    """The exporter, on one thread."""

    def __init__(self, program: Path, folder: Path) -> None:
        self._folder = folder
        environ = {**os.environ, **PRETEND, "GOMAXPROCS": "1"}
        self._process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environ)  # noqa: S603

    def load(self, name: str, bodies: Sequence[bytes], encoding: Encoding) -> dict[str, Any]:
        """Hand a pass over; gives how many `spans` and `documents` the exporter makes of it."""
        self._write(name, bodies)
        return self._ask("load", self._folder / name, encoding)

    def measure(self, name: str) -> float:
        """CPU microseconds for that pass, from gzip'd OTLP to the bodies of PutTraceSegments."""
        spent: float = self._ask("pass", self._folder / name)["cpu_us"]
        return spent

    def documents(self, name: str) -> list[dict[str, Any]]:
        """What the exporter sends for that pass."""
        path = self._folder / f"{name}.documents"
        self._ask("documents", self._folder / name, path)
        return [orjson.loads(line) for line in path.read_bytes().splitlines() if line]

    def compare(self, bodies: Sequence[bytes], encoding: Encoding, options: dict[str, Any]) -> list[dict[str, Any]]:
        """Of each of these gzip'd requests its `documents`, or why it was `refused`, or how the exporter `crashed`."""
        self._write("compared", bodies)
        asked, told = self._folder / "compared.options", self._folder / "compared.told"
        asked.write_bytes(orjson.dumps(options))
        self._ask("compare", self._folder / "compared", encoding, asked, told)
        return [orjson.loads(line) for line in told.read_bytes().splitlines()]

    def _write(self, name: str, bodies: Sequence[bytes]) -> None:
        (self._folder / name).write_bytes(b"".join(struct.pack(">I", len(body)) + body for body in bodies))

    def _ask(self, *words: object) -> dict[str, Any]:
        assert self._process.stdin  # noqa: S101 - for mypy: both are pipes
        assert self._process.stdout  # noqa: S101
        self._process.stdin.write(" ".join(map(str, words)).encode() + b"\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise NoGoError(f"the exporter's program ended at {words[0]!r}")
        answer: dict[str, Any] = orjson.loads(line)
        return answer

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=10)
