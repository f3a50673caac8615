"""Damaged requests through one running server: every answer is the one that its content deserves.

`MUTATED_REQUESTS` in the environment says how many; `.ci/run` sends 10,000, the ordinary run fewer.
"""

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest

from fuzz.mutation import mutated
from fuzz.requests import Sent, lines, seeds
from raygate.decode import decode
from raygate.errors import DecodeError, EncodingError, TooLargeError
from raygate.http_api import content
from raygate.request import Request
from raygate.settings import Settings
from raygate_local import gateway
from raygate_local.xray import rules
from tests.fake_xray import Store, serving
from tests.process.serving import Connection, Running, running

REQUESTS: Final = int(os.environ.get("MUTATED_REQUESTS", "2000"))
SENDERS: Final = 2
"""Connections, each kept for all requests of its sender."""

WARM: Final = 0.3
"""The part of the requests after which whatever is remembered has been seen."""

MOST_GROWTH_MB: Final = 30


@dataclass
class Strict(Store):
    """X-Ray that keeps nothing but what it would refuse."""

    faults: list[str] = field(default_factory=list)

    def put(self, texts: Sequence[str]) -> dict[str, Any]:
        """PutTraceSegments."""
        for text in texts:
            try:
                rules.read(text)
            except rules.RefusedError as error:
                self.faults.append(str(error))
        return {"UnprocessedTraceSegments": []}


@pytest.fixture(scope="module")
def xray() -> Strict:
    return Strict()


@pytest.fixture(scope="module")
def server(xray) -> Iterator[Running]:
    with serving() as place:
        place.play(xray)
        with running(environ={"AWS_ENDPOINT_URL_XRAY": place.url}) as started:
            yield started


def sent(number: int) -> Sent:
    """The request of that number: always the same one."""
    return mutated(Random(f"request {number}"), seeds())  # noqa: S311 - to be repeated


def deserved(given: Sent) -> int:
    """What the specification answers, by what the decoder makes of the body."""
    headers: Mapping[str, str] = gateway.joined(lines(given))
    encoding = content.encoding_of(headers.get("content-type", ""))
    if encoding is None:
        return 415
    try:
        decoded = decode(Request(given.body, encoding, headers.get("content-encoding", "").strip()), Settings())
    except DecodeError as error:
        return {TooLargeError: 413, EncodingError: 415}.get(type(error), 400)
    return 400 if decoded.rejected and not decoded.spans else 200


def wire(given: Sent) -> bytes:
    """As it goes over the connection."""
    others = [(b"host", b"127.0.0.1"), (b"content-length", b"%d" % len(given.body))]
    head = b"".join(b"%b: %b\r\n" % pair for pair in (*lines(given), *others))
    return b"POST /v1/traces HTTP/1.1\r\n" + head + b"\r\n" + given.body


def exchange(connection: Connection, number: int) -> str:
    """Send the request of that number; what is wrong with the answer, if anything is."""
    given = sent(number)
    connection.send(wire(given))
    answer = connection.read()
    wanted = deserved(given)
    if answer.status == wanted:
        return ""
    return f"request {number}: {answer.status}, not {wanted}; python -m fuzz --again {given.reproduced()}"


def memory_mb(process_id: int) -> int:
    """What that process has in memory."""
    text = Path(f"/proc/{process_id}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith("VmRSS:")) // 1024


def send_all(server: Running, numbers: range) -> list[str]:
    """All of them over one connection."""
    with Connection(server.address) as connection:
        return [exchange(connection, number) for number in numbers]


def send_by_all(server: Running, first: int, last: int) -> list[str]:
    """The senders take turns with the numbers."""
    parts = [range(first + sender, last, SENDERS) for sender in range(SENDERS)]
    with ThreadPoolExecutor(SENDERS) as pool:
        return [told for part in pool.map(lambda part: send_all(server, part), parts) for told in part if told]


def test_every_answer_is_deserved_and_memory_stays_flat(server, xray):
    warm = int(REQUESTS * WARM)
    wrong = send_by_all(server, 0, warm)
    before_mb = memory_mb(server.process.pid)
    wrong += send_by_all(server, warm, REQUESTS)
    after_mb = memory_mb(server.process.pid)
    assert wrong == []
    assert xray.faults == []
    assert server.process.poll() is None
    assert after_mb <= before_mb + MOST_GROWTH_MB, f"{before_mb} MB became {after_mb} MB"


def test_the_requests_deserve_every_kind_of_answer():
    """Else the test above would show little."""
    kinds = Counter(deserved(sent(number)) for number in range(300))
    assert set(kinds) >= {200, 400, 415}
    assert kinds[200] > 30
