"""The sender: so many connections, each sends its next request when the last one is answered.

Takes   the address on 127.0.0.1, bodies, connections, how many requests and how many seconds at most.
Gives   `Sent`: the time of each answer, and how long it all took.
Raises  `NotTakenError` for any answer but 200: a figure with refusals in it says nothing.
"""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from statistics import quantiles
from urllib.parse import urlsplit

PATIENCE_S = 10.0


class NotTakenError(Exception):
    """A request was refused."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What one run gave."""

    latencies_ms: list[float]
    seconds: float

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.latencies_ms) / self.seconds

    def percentile(self, number: int) -> float:
        """In milliseconds."""
        return quantiles(self.latencies_ms, n=100, method="inclusive")[number - 1]


def send(url: str, bodies: Sequence[bytes], connections: int, requests: int, seconds: float) -> Sent:
    """Run it."""
    return asyncio.run(_send(url, bodies, connections, requests, seconds))


async def _send(url: str, bodies: Sequence[bytes], connections: int, requests: int, seconds: float) -> Sent:
    address = urlsplit(url)
    whole = [_request(address.netloc, body) for body in bodies]
    started = time.perf_counter()
    latencies: list[float] = []
    numbers = _numbers(requests, started + seconds)
    async with asyncio.TaskGroup() as group:
        for _ in range(connections):
            group.create_task(_connection(address.hostname or "", address.port or 80, whole, numbers, latencies))
    return Sent(latencies, time.perf_counter() - started)


def _numbers(most: int, until: float) -> Iterator[int]:
    for number in count():
        if number >= most or time.perf_counter() > until:
            return
        yield number


def _request(host: str, body: bytes) -> bytes:
    head = (
        f"POST /v1/traces HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-protobuf\r\n"
        f"Content-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _connection(
    host: str, port: int, requests: Sequence[bytes], numbers: Iterator[int], latencies: list[float]
) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    for number in numbers:
        started = time.perf_counter()
        writer.write(requests[number % len(requests)])
        await asyncio.wait_for(_answer(reader), PATIENCE_S)
        latencies.append((time.perf_counter() - started) * 1_000)
    writer.close()


async def _answer(reader: asyncio.StreamReader) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if b" 200 " not in head[:16]:
        raise NotTakenError(head.partition(b"\r\n")[0].decode())
    size = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
    await reader.readexactly(size)
