"""What is in `tests/data/`, as typed values: real requests, the exporter's documents for them, examples and cases.

Takes   the copies in `tests/data/`; nothing else is read.
Gives   `captured()`, `golden()`, `examples()`, `http_cases()`, `event_cases()`, `fixtures()`, each read once, and
        `case_body()`.
"""

import gzip
import json
import sys
import zlib
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

DATA: Final = Path(__file__).parent / "data"

GoldenSettings: TypeAlias = Literal["default", "index-all", "indexed", "log-groups"]


@dataclass(frozen=True, slots=True)
class Captured:
    """One request as a real sender sent it."""

    file: str
    """Path below `corpus/`; golden documents are found by it."""
    method: str
    path: str
    """With the query, when there was one."""
    headers: tuple[tuple[str, str], ...]
    head: bytes
    """Request line and headers, byte for byte, up to and with the empty line."""
    body: bytes
    """Without chunking, still compressed."""
    chunks: tuple[int, ...]
    """Sizes of the chunks it came in; none unless `Transfer-Encoding: chunked`."""
    framing: Literal["content-length", "chunked", "none"]
    client: str
    scenario: str

    def header(self, name: str) -> str:
        """The first value of that header, in any case; `""` when absent."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    def wire(self) -> bytes:
        """The whole request, as it went over the connection."""
        if self.framing != "chunked":
            return self.head + self.body
        framed, start = bytearray(self.head), 0
        for size in self.chunks:
            framed += b"%x\r\n%s\r\n" % (size, self.body[start : start + size])
            start += size
        return bytes(framed + b"0\r\n\r\n")


@dataclass(frozen=True, slots=True)
class Golden:
    """What the released exporter makes of one captured request; `{{random-id-N}}` stands for a generated id."""

    file: str
    spans: int
    documents: tuple[dict[str, Any], ...]
    errors: tuple[str, ...]
    note: str


@cache
def captured() -> tuple[Captured, ...]:
    """Every captured request, by path."""
    return tuple(_captured(path) for path in sorted((DATA / "corpus").glob("*/*.http.json")))


def captured_one(file: str) -> Captured:
    """The captured request of that path below `corpus/`."""
    return _captured(DATA / "corpus" / file)


@cache
def golden(settings: GoldenSettings = "default") -> Mapping[str, Golden]:
    """The exporter's documents with those settings, by the path of the request."""
    lines = gzip.decompress((DATA / "golden" / f"{settings}.jsonl.gz").read_bytes()).splitlines()
    return {row["file"]: _golden(row) for row in map(json.loads, lines)}


@cache
def examples() -> tuple[dict[str, Any], ...]:
    """The examples of the conversion: `id`, `config`, `input`, `expected` and more."""
    return tuple(json.loads((DATA / "xray-examples.json").read_bytes())["examples"])


@cache
def http_cases() -> tuple[dict[str, Any], ...]:
    """The conformance cases of the front door, as requests over HTTP."""
    return tuple(_cases()["cases"])


@cache
def event_cases() -> tuple[dict[str, Any], ...]:
    """The conformance cases of the front door, as events of the gateway."""
    return tuple(_cases()["event_cases"])


@cache
def fixtures() -> dict[str, Any]:
    """What the cases' bodies are made of: one span in JSON and in base64 of protobuf, and more."""
    found: dict[str, Any] = _cases()["fixtures"]
    return found


def case_body(case: Mapping[str, Any]) -> bytes:
    """The body of one of `http_cases()`, in bytes."""
    ((kind, value),) = case["request"]["body"].items()
    return _BODIES[kind](value)


def compact(value: object) -> bytes:
    """JSON without white space, non-ASCII characters as they are."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def _captured(path: Path) -> Captured:
    row = json.loads(path.read_bytes())
    return Captured(
        file=f"{path.parent.name}/{path.name}",
        method=row["method"],
        path=row["path"],
        headers=tuple((name, value) for name, value in row["headers"]),
        head=row["head"].encode("latin-1"),
        body=b64decode(row["body_base64"]),
        chunks=tuple(row.get("chunks", ())),
        framing=row["framing"],
        client=row["client"],
        scenario=row["scenario"],
    )


def _golden(row: dict[str, Any]) -> Golden:
    return Golden(row["file"], row["spans"], tuple(row["documents"]), tuple(row.get("errors", ())), row.get("note", ""))


@cache
def _cases() -> dict[str, Any]:
    cases: dict[str, Any] = json.loads((DATA / "otlp-http-cases.json").read_bytes())
    return cases


def _repeated(rule: Mapping[str, Any]) -> bytes:
    return bytes.fromhex(rule["unit_hex"]) * int(rule["count"])


def _padded(rule: Mapping[str, Any]) -> bytes:
    return compact(rule["json"]).ljust(rule["total_bytes"])


def _generated(rule: Mapping[str, Any]) -> bytes:
    return _ENCODERS[rule["encode"]](_GENERATORS[rule["kind"]](rule))


_GENERATORS: Final[dict[str, Callable[[Mapping[str, Any]], bytes]]] = {
    "repeat": _repeated,
    "json-padding": _padded,
}
_ENCODERS: Final[dict[str, Callable[[bytes], bytes]]] = {
    "none": bytes,
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "zstd": zstd.compress,
}
_BODIES: Final[dict[str, Callable[[Any], bytes]]] = {
    "none": lambda _: b"",
    "json": compact,
    "text": str.encode,
    "hex": bytes.fromhex,
    "base64": b64decode,
    "generate": _generated,
}
