"""How much memory a request takes: the function in a process of its own for each case, its highest mark.

Takes   `--case` (more than once; all by default).
Gives   a table: the body inflated and on the wire, the process before and at its highest, the difference, that
        difference for each inflated byte, and the time. A status other than 200 stands behind the name.
Note    The function is the one of `functions/ingest` with everything that it imports; X-Ray is a function that takes
        everything. Linux only.
"""

import argparse
import base64
import gzip
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, Final

from benchmarks import inputs, messages, rich
from raygate.request import Encoding
from tests.abuse import bodies
from tests.unit.decode.messages import IDS, in_request

MIB: Final = 2**20
LIMIT: Final = 20 * MIB
MOST_SPANS: Final = 50_000
SAMPLE: Final = 200

CONTENT_TYPES: Final[Mapping[Encoding, str]] = {"protobuf": "application/x-protobuf", "json": "application/json"}

ROOT: Final = Path(__file__).parents[1]
ENVIRONMENT: Final = {
    "AWS_ACCESS_KEY_ID": "pretend",
    "AWS_SECRET_ACCESS_KEY": "pretend",
    "AWS_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "RAYGATE_AUTH": "none",
    "PYTHONPATH": os.pathsep.join(map(str, (ROOT, ROOT / "layers/raygate/python", ROOT / "local"))),
}


def plain(encoding: Encoding, spans: int) -> bytes:
    """Spans of eight attributes."""
    seed = f"memory {spans}"
    return gzip.decompress(messages.packed(inputs.synthetic_request(seed, spans), encoding))


def of_any_kind(encoding: Encoding, spans: int) -> bytes:
    """Spans of many attributes over every branch of the mapping, with stack traces."""
    random = Random(f"memory {spans}")  # noqa: S311 - the same each time, on purpose
    return gzip.decompress(messages.packed(rich.batch(random, spans), encoding))


def filled(make: Callable[[Encoding, int], bytes], encoding: Encoding) -> bytes:
    """As many spans as are allowed, or fit into 20 MiB."""
    count = min(MOST_SPANS, int(LIMIT / len(make(encoding, SAMPLE)) * SAMPLE))
    body = make(encoding, count)
    while len(body) > LIMIT:
        count = int(count * LIMIT / len(body)) - 1
        body = make(encoding, count)
    return body


def hostile(name: str, size: int) -> bytes:
    """A body that is made of one costly thing."""
    return bodies.STRUCTURES[name].make(size - 1_000)


def repeated() -> bytes:
    """A resource that every root stores, so that the documents are nearly as large as is allowed."""
    attributes = b"".join(bodies.attribute(b"%d" % number, bodies.string(b"v" * 100), 1) for number in range(24))
    return in_request(*[IDS] * MOST_SPANS, resource=attributes)


CASES: Final[Mapping[str, tuple[Encoding, Callable[[], bytes]]]] = {
    "512 spans, protobuf": ("protobuf", partial(plain, "protobuf", 512)),
    "512 spans, JSON": ("json", partial(plain, "json", 512)),
    "10,000 spans, protobuf": ("protobuf", partial(plain, "protobuf", 10_000)),
    "10,000 spans, JSON": ("json", partial(plain, "json", 10_000)),
    "20 MiB or 50,000 spans, protobuf": ("protobuf", partial(filled, plain, "protobuf")),
    "20 MiB or 50,000 spans, JSON": ("json", partial(filled, plain, "json")),
    "20 MiB, spans of any kind, protobuf": ("protobuf", partial(filled, of_any_kind, "protobuf")),
    "20 MiB, spans of any kind, JSON": ("json", partial(filled, of_any_kind, "json")),
    "hostile: 2 million empty values, protobuf": ("protobuf", partial(hostile, "protobuf, empty values", 4 * MIB)),
    "hostile: 10 million empty values, protobuf": ("protobuf", partial(hostile, "protobuf, empty values", LIMIT)),
    "hostile: 2 million empty objects, JSON": ("json", partial(hostile, "JSON, empty values", 6 * MIB)),
    "hostile: 2 million objects of one member, JSON": (
        "json",
        partial(hostile, "JSON, unknown objects of one member", 14 * MIB),
    ),
    "hostile: 10 million numbers, JSON": ("json", partial(hostile, "JSON, unknown numbers", LIMIT)),
    "hostile: escapes, JSON": ("json", partial(hostile, "JSON, escapes", LIMIT)),
    "hostile: many attributes, protobuf": ("protobuf", partial(hostile, "protobuf, many attributes", 17 * MIB)),
    "hostile: 150 MiB of documents, protobuf": ("protobuf", repeated),
    "hostile: 300,000 links, protobuf": ("protobuf", partial(hostile, "protobuf, links", LIMIT)),
}


@dataclass(frozen=True, slots=True)
class Measured:
    """One case, in bytes."""

    inflated: int
    wire: int
    idle: int
    peak: int
    status: int
    duration_s: float

    @property
    def per_byte(self) -> float:
        """What a byte of the body takes at the highest mark."""
        return (self.peak - self.idle) / self.inflated


def measure(body: bytes, encoding: Encoding) -> Measured:
    """That body, gzip'd, to a function that has just started."""
    packed = gzip.compress(body, 6, mtime=0)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "RAYGATE_"))}
    with tempfile.TemporaryDirectory() as folder:
        event = Path(folder) / "event.json"
        event.write_text(json.dumps(_event(packed, encoding)))
        command = [sys.executable, "-m", "benchmarks.one_request", str(event)]
        environ = {**kept, **ENVIRONMENT}
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=ROOT, env=environ)  # noqa: S603 - ours
    return Measured(len(body), len(packed), **json.loads(done.stdout.splitlines()[-1]))


def _event(body: bytes, encoding: Encoding) -> dict[str, Any]:
    return {
        "version": "2.0",
        "rawPath": "/v1/traces",
        "headers": {"content-type": CONTENT_TYPES[encoding], "content-encoding": "gzip"},
        "requestContext": {"http": {"method": "POST", "path": "/v1/traces"}, "stage": "$default"},
        "body": base64.b64encode(body).decode(),
        "isBase64Encoded": True,
    }


def row(name: str, one: Measured) -> str:
    """Of the table."""
    told = name if one.status == 200 else f"{name} ({one.status})"
    sizes = f"{one.inflated / MIB:.1f} | {one.wire / MIB:.2f}"
    marks = f"{one.idle / MIB:.0f} | {one.peak / MIB:.0f} | {(one.peak - one.idle) / MIB:.0f} | {one.per_byte:.1f}"
    return f"| {told} | {sizes} | {marks} | {one.duration_s:.1f} |"


HEAD: Final = """\
| request | inflated, MiB | on the wire | idle, MiB | peak | more than idle | for each byte | s |
| --- | --- | --- | --- | --- | --- | --- | --- |"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory", description=__doc__.partition("\n")[0])
    parser.add_argument("--case", action="append", choices=CASES, dest="cases")
    asked = parser.parse_args(arguments)
    print(HEAD)  # noqa: T201
    for name in asked.cases or CASES:
        encoding, make = CASES[name]
        print(row(name, measure(make(), encoding)), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
