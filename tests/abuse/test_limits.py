"""Each limit that docs/limits.md names, through the handler: what the sender sees, and what is kept."""

import gc
import sys
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from typing import Final

import pytest

from raygate import pipeline
from raygate.decode import limits
from raygate.deliver import Budget
from raygate.request import Encoding
from raygate.segment import aws, cause, shrink
from raygate.settings import Settings
from tests.abuse.bodies import AMPLIFIED, attribute, event, fill, in_value, json_value, string
from tests.abuse.handler import ask
from tests.corpus import compact
from tests.fake_xray import Clock
from tests.project.tree import PROJECT
from tests.unit.decode.messages import IDS, field, in_request, json_request, json_span

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ENCODINGS: Final[tuple[Encoding, ...]] = ("protobuf", "json")

BOMB_BYTES: Final = 200_000_000
MOST_OF_A_BOMB: Final = 3
"""Peak memory, in sizes of the limit: the inflated bytes, and a copy while they grow."""


def zlib_of(wbits: int) -> Callable[[Iterator[bytes]], bytes]:
    """One of the formats of zlib, by its number there."""

    def compress(pieces: Iterator[bytes]) -> bytes:
        compressor = zlib.compressobj(level=9, wbits=wbits)
        return b"".join([*map(compressor.compress, pieces), compressor.flush()])

    return compress


def zstd_of(pieces: Iterator[bytes]) -> bytes:
    compressor = zstd.ZstdCompressor()
    return b"".join([*map(compressor.compress, pieces), compressor.flush()])


CODINGS: Final[dict[str, tuple[str, Callable[[Iterator[bytes]], bytes]]]] = {
    "gzip": ("gzip", zlib_of(16 + zlib.MAX_WBITS)),
    "deflate": ("deflate", zlib_of(zlib.MAX_WBITS)),
    "raw deflate": ("deflate", zlib_of(-zlib.MAX_WBITS)),
    "zlib": ("zlib", zlib_of(zlib.MAX_WBITS)),
    "zstd": ("zstd", zstd_of),
}


def whole(kind: str, body: bytes) -> bytes:
    return CODINGS[kind][1](iter([body]))


@pytest.fixture(scope="module")
def bombs() -> dict[str, bytes]:
    """Blanks: white space in JSON, a field of blanks in protobuf."""
    piece = b" " * 1_000_000
    return {name: compress(piece for _ in range(BOMB_BYTES // len(piece))) for name, (_, compress) in CODINGS.items()}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("kind", CODINGS)
def test_a_bomb_is_refused_and_never_inflated(kind, encoding, bombs):
    settings = Settings(max_decompressed_bytes=5_000_000)
    assert len(bombs[kind]) < BOMB_BYTES / 900
    tracemalloc.start()
    answer = ask(bombs[kind], encoding, CODINGS[kind][0], settings)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert answer.status == 413
    assert "5000000 bytes decompressed" in answer.refusal
    assert peak < MOST_OF_A_BOMB * settings.max_decompressed_bytes


@pytest.mark.parametrize(("kind", "empty"), [("gzip", whole("gzip", b"")), ("zstd", whole("zstd", b""))])
@pytest.mark.parametrize(("count", "status"), [(limits.MOST_STREAMS, 200), (limits.MOST_STREAMS + 1, 413)])
def test_members_and_frames_are_counted(kind, empty, count, status):
    assert ask(empty * count, "protobuf", kind).status == status


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize(("count", "status"), [(50_000, 200), (50_001, 413)])
def test_spans_are_counted_before_memory_is_spent_on_them(encoding, count, status):
    bodies = {
        "protobuf": lambda: in_request(*[IDS] * count),
        "json": lambda: compact({"resourceSpans": [{"scopeSpans": [{"spans": [json_span(name=...)] * count}]}]}),
    }
    body = bodies[encoding]()
    answer = ask(body, encoding, settings=Settings(max_wire_bytes=10_000_000))
    assert answer.status == status
    if status == 413:
        assert "50000 spans" in answer.refusal


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_attributes_over_the_limit_are_dropped_and_told(encoding):
    keys = [f"k{number}" for number in range(limits.MOST_ATTRIBUTES + 3)]
    bodies = {
        "protobuf": in_request(IDS + b"".join(attribute(key.encode(), string(b"v")) for key in keys)),
        "json": compact(
            json_request(json_span(attributes=[{"key": key, "value": {"stringValue": "v"}} for key in keys]))
        ),
    }
    answer = ask(bodies[encoding], encoding)
    assert answer.warning == "attributes dropped, more than 1,024 in one place (3)"
    (document,) = answer.store.stored.values()
    assert len(document["metadata"]["default"]) == limits.MOST_ATTRIBUTES


def nested(encoding: Encoding, depth: int) -> bytes:
    """Lists in lists."""
    if encoding == "json":
        return json_value(b'{"arrayValue":{"values":[' * depth + b"{}" + b"]}}" * depth)
    raw = string(b"x")
    for _ in range(depth):
        raw = field(5, field(1, raw))
    return in_value(raw)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize(("depth", "status"), [(20, 200), (60, 400), (5_000, 400)])
def test_nesting_ends_at_100_levels(encoding, depth, status):
    answer = ask(nested(encoding, depth), encoding)
    assert answer.status == status


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_long_text_is_cut_and_told(encoding):
    text = "é" * limits.LONGEST_TEXT
    bodies = {
        "protobuf": in_request(IDS + attribute(b"k", string(text.encode()))),
        "json": compact(json_request(json_span(attributes=[{"key": "k", "value": {"stringValue": text}}]))),
    }
    assert ask(bodies[encoding], encoding).warning == "strings cut at 64 KiB (1)"


FEW_VALUES: Final = Settings(max_decompressed_bytes=2_000_000)
MOST_VALUES: Final = FEW_VALUES.max_decompressed_bytes // limits.BYTES_A_VALUE


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("protobuf", in_value(field(5, field(1, b"") * (MOST_VALUES + 1)))),
        ("protobuf", in_value(field(6, field(1, b"") * (MOST_VALUES + 1)))),
        ("json", b'{"x":[%b{}]}' % (b"{}," * MOST_VALUES)),
        ("json", b'{"x":[%b[]]}' % (b"[]," * MOST_VALUES)),
    ],
    ids=["array", "map", "objects", "lists"],
)
def test_values_are_counted(encoding, body):
    answer = ask(body, encoding, settings=FEW_VALUES)
    assert (answer.status, f"more than {MOST_VALUES} lists, maps and values" in answer.refusal) == (413, True)


def test_unknown_fields_are_skipped_and_counted():
    one = b"\x9a\x3e\x00"
    few = in_request(IDS + one * 1_000)
    assert ask(few).status == 200
    many = in_request(IDS + one * (limits.MOST_UNKNOWN_BYTES // len(one) + 1))
    assert "fields that OTLP does not have" in ask(many).refusal
    spread = in_request(*[IDS + one * 50_000] * (limits.MOST_UNKNOWN // 50_000 + 1))
    assert "fields that OTLP does not have" in ask(spread).refusal


@pytest.mark.parametrize("name", AMPLIFIED)
def test_documents_that_outgrow_the_request_are_refused(name):
    settings = Settings(max_decompressed_bytes=500_000)
    answer = ask(AMPLIFIED[name](400_000), settings=settings)
    assert (answer.status, answer.store.sizes) == (413, [])
    assert "send fewer spans at once" in answer.refusal


def test_a_request_that_takes_too_long_is_given_back():
    """Each look at the clock is a second, and 8 s is what there is."""
    clock = Clock()

    def now() -> float:
        clock.sleep(1.0)
        return clock.now_s

    answer = ask(in_request(*[IDS] * 10_000), budget=Budget.of(clock=now))
    assert (answer.status, answer.headers["retry-after"]) == (503, "2")
    assert "no time is left" in answer.refusal
    assert answer.store.sizes == []
    assert answer.report.outcome is not None
    assert answer.report.outcome.returned == answer.report.outcome.spans == 10_000


LONG: Final = 60_000


def a_stranger(number: int) -> bytes:
    """A request whose every text is long and new, wherever texts are remembered."""
    text = (b"%d." % number).ljust(LONG, b"1")
    keys = (b"db.connection_string", b"http.url", b"server.address", b"net.peer.ip", b"client.address", b"k" + text)
    of_http = attribute(b"http.method", string(b"GET")) + attribute(b"db.name", string(b"x"))
    indexed = attribute(b"aws.xray.annotations", field(5, field(1, string(b"k" + text))))
    attributes = b"".join(attribute(key, string(text)) for key in keys)
    stack = event(b"exception", exception__stacktrace=b"x\n\tat %b(A.java:1)" % text)
    resource = attribute(b"telemetry.sdk.language", string(b"java"), 1) + attribute(b"r", string(text), 1)
    return in_request(
        *[IDS + kind + field(5, text) + of_http + indexed + attributes + stack for kind in (b"\x30\x02", b"\x30\x03")],
        resource=resource,
    )


def test_what_is_remembered_of_senders_stays_small():
    """Each of these requests is a megabyte; memories count entries, so long texts must not get into them."""
    for number in range(3):
        ask(a_stranger(number))
    tracemalloc.start()
    for number in range(100, 140):
        assert ask(a_stranger(number)).status == 200
    gc.collect()
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < LONG


def test_a_small_request_is_not_slowed_down_by_what_came_before():
    """Counts begin anew with each request."""
    body = in_value(field(5, fill(field(1, b""), 100_000)))
    for _ in range(5):
        assert ask(body, settings=Settings(max_decompressed_bytes=1_000_000)).status == 200


def test_the_page_names_the_limits_that_there_are():
    page = (PROJECT / "docs" / "limits.md").read_text()
    defaults = Settings()
    numbers = {
        "body on the wire": defaults.max_wire_bytes,
        "body inflated": defaults.max_decompressed_bytes,
        "spans": defaults.max_spans,
        "documents of a request": pipeline.MOST_GROWTH,
        "gzip members": limits.MOST_STREAMS,
        "resources, scopes": limits.MOST_PARTS,
        "elements of lists": defaults.max_decompressed_bytes // limits.BYTES_A_VALUE,
        "fields that OTLP": limits.MOST_UNKNOWN_BYTES,
        "nesting": limits.MOST_LEVELS,
        "attributes of": limits.MOST_ATTRIBUTES,
        "a string": limits.LONGEST_TEXT,
        "exceptions": cause.MOST_FRAMES,
        "log groups": aws.MOST_LOG_GROUPS,
        "a document": shrink.MAX_BYTES,
    }
    rows = [line for line in page.splitlines() if line.startswith("| ")]
    for name, number in numbers.items():
        (row,) = [row for row in rows if row.startswith(f"| {name}")]
        assert f"{number:,}" in row
