"""What is measured on: named series of requests, all gzip'd OTLP.

Takes   the captured requests of `tests/data/`; seeds.
Gives   `INPUTS`: by name an `Input`, whose `requests(number)` are the bodies of one pass. The generated ones are new in
        each pass, as they would be from a sender: new ids, times and ever-changing values. The captures are the same
        each time, there are no others.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any, Final

from benchmarks import messages, rich
from raygate import decode
from raygate.decode.body import inflate
from raygate.errors import DecodeError
from raygate.request import Encoding, Request
from raygate.settings import Settings
from raygate.span import CLIENT, INTERNAL, SERVER
from tests.corpus import captured

LIMITS: Final = Settings(max_wire_bytes=10_000_000, max_decompressed_bytes=67_108_864)
"""The largest inputs are over the wire's ordinary limit."""

ENCODINGS: Final[dict[str, Encoding]] = {"application/x-protobuf": "protobuf", "application/json": "json"}


@dataclass(frozen=True, slots=True)
class Input:
    """A series of requests."""

    name: str
    encoding: Encoding
    make: Callable[[int], list[bytes]]
    about: str

    def requests(self, number: int = 0) -> list[bytes]:
        """The gzip'd bodies of that pass."""
        return self.make(number)

    def read(self, body: bytes) -> Request:
        """A body as the pipeline takes it."""
        return Request(body, self.encoding, "gzip")

    def read_all(self, number: int = 0) -> list[Request]:
        """The requests of that pass."""
        return [self.read(body) for body in self.requests(number)]

    def spans(self, number: int = 0) -> int:
        """How many spans there are in that pass."""
        return sum(len(decode.decode(request, LIMITS).spans) for request in self.read_all(number))


def _captures(encoding: Encoding) -> Callable[[int], list[bytes]]:
    @cache
    def bodies() -> list[bytes]:
        found = []
        for one in captured():
            kind = one.header("content-type").partition(";")[0].strip().lower()
            if ENCODINGS.get(kind) == encoding:
                request = Request(one.body, encoding, one.header("content-encoding"))
                found += [messages.compressed(body) for body in _with_spans(request)]
        return found

    return lambda _number: bodies()


def _with_spans(request: Request) -> list[bytes]:
    """Its plain body, when there are spans in it for us and for the collector, which gave up the old name in JSON."""
    try:
        has_spans = bool(decode.decode(request, LIMITS).spans)
        body = inflate(request.body, request.content_encoding, LIMITS)
    except DecodeError:
        return []
    return [body] if has_spans and b'"instrumentationLibrarySpans"' not in body else []


def _rich(requests: int, spans: int, encoding: Encoding = "protobuf") -> Callable[[int], list[bytes]]:
    @cache
    def make(number: int) -> list[bytes]:
        random = Random(f"rich {requests} {spans} {number}")  # noqa: S311 - the same each time, on purpose
        return [messages.packed(rich.batch(random, spans), encoding) for _ in range(requests)]

    return make


def synthetic_request(seed: object, spans: int) -> list[messages.ResourceSpans]:
    """Spans of eight attributes, of one service."""
    random = Random(f"synthetic {spans} {seed}")  # noqa: S311 - the same each time, on purpose
    service = {"service.name": "shop", "service.version": "1.2.3", "telemetry.sdk.language": "python"}
    return [messages.resource_spans(service, [("synthetic", [_synthetic(random, at) for at in range(spans)])])]


def _synthetic(random: Random, number: int) -> messages.Span:
    attributes: dict[str, Any] = {
        "http.request.method": ("GET", "POST")[number % 2],
        "url.full": f"https://shop.example.com/orders/{random.randrange(10**9)}",
        "http.response.status_code": (200, 200, 200, 404)[number % 4],
        "server.address": "shop.example.com",
        "server.port": 443,
        "network.protocol.version": "1.1",
        "user.tier": ("free", "gold", "trial")[number % 3],
        "cart.items": random.randrange(40),
    }
    kind = (SERVER, CLIENT, INTERNAL)[number % 3]
    return messages.span(random, "GET /orders/{id}", kind, attributes, parent_span_id=random.randbytes(8))


def _synthetics(requests: int, spans: int, encoding: Encoding = "protobuf") -> Callable[[int], list[bytes]]:
    @cache
    def make(number: int) -> list[bytes]:
        return [messages.packed(synthetic_request(f"{number} {at}", spans), encoding) for at in range(requests)]

    return make


INPUTS: Final = {
    one.name: one
    for one in (
        Input("captures", "protobuf", _captures("protobuf"), "real requests, small batches"),
        Input("captures-json", "json", _captures("json"), "real requests in JSON"),
        Input("rich", "protobuf", _rich(20, 40), "20 requests of 40 rich spans"),
        Input("rich-json", "json", _rich(10, 40, "json"), "10 requests of 40 rich spans in JSON"),
        Input("1", "protobuf", _synthetics(200, 1), "200 requests of one span"),
        Input("10", "protobuf", _synthetics(60, 10), "60 requests of 10 spans"),
        Input("100", "protobuf", _synthetics(10, 100), "10 requests of 100 spans"),
        Input("100-json", "json", _synthetics(5, 100, "json"), "5 requests of 100 spans in JSON"),
        Input("1000", "protobuf", _synthetics(2, 1_000), "2 requests of 1,000 spans"),
        Input("10000", "protobuf", _synthetics(1, 10_000), "one request of 10,000 spans"),
    )
}
