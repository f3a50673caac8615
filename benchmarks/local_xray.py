"""The local X-Ray: segments a second, the list of ten thousand traces, long traces, memory.

Run     `python -m benchmarks.local_xray`
Gives   a table; in brackets the same by the CPU time of this process, for a machine that is busy. The store is in a
        folder, as `raygate serve` has it; segments go in through it, and over HTTP with boto3 from the same process.
Note    "first" is with nothing known about the traces yet: each is read once, and what is known about it kept.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import boto3
from botocore.config import Config

from benchmarks.processes import rss_mb
from raygate_local.listening import bind, url
from raygate_local.xray.app import create
from raygate_local.xray.operations import call
from raygate_local.xray.store import Store
from tests.http_thread import served_by_thread

TRACES: Final = 10_000
SEGMENTS: Final = 5
LONG: Final = (10_000, 50_000)
AT_ONCE: Final = 50
START_S: Final = 1_760_000_000
PRETEND: Final[dict[str, Any]] = {
    "region_name": "us-east-1",
    "aws_access_key_id": "local",
    "aws_secret_access_key": "local",
}
EVER: Final = (0.0, 1e10)
HERE: Final = {"StartTime": START_S - 3600, "EndTime": START_S + 86_400}


def documents(trace: int, count: int) -> Iterator[str]:
    """Of one trace: an entry, and calls that some other services answer."""
    trace_id, entry = f"1-{START_S + trace % 3600:08x}-{trace:024x}", f"{1:016x}"
    for number in range(1, count + 1):
        is_call = number % 2 == 0
        yield json.dumps(
            {
                "id": f"{number:016x}",
                "trace_id": trace_id,
                "name": f"service-{number % 7}",
                "start_time": START_S + trace % 3600 + number / 1000,
                "end_time": START_S + trace % 3600 + number / 1000 + 0.25,
                "http": {
                    "request": {"method": "GET", "url": f"https://shop.example.com/items/{trace}/{number}"},
                    "response": {"status": 500 if trace % 20 == 0 else 200},
                },
                "fault": trace % 20 == 0,
                "annotations": {"customer": f"c{trace % 100}", "items": number},
                "metadata": {"default": {"otel.resource.service.name": "shop", "note": "x" * 150}},
                **({"type": "subsegment", "namespace": "remote"} if is_call else {}),
                **({"parent_id": entry if is_call else f"{number - 1:016x}"} if number > 1 else {}),
            }
        )


def batches(texts: list[str]) -> Iterator[list[str]]:
    """As PutTraceSegments takes them."""
    for first in range(0, len(texts), AT_ONCE):
        yield texts[first : first + AT_ONCE]


def timed(work: Callable[[], Any]) -> tuple[float, float]:
    """In seconds, and in seconds of this process's CPU."""
    wall_s, cpu_s = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall_s, time.process_time() - cpu_s


def rate(count: int, work: Callable[[], Any]) -> str:
    """In words."""
    wall_s, cpu_s = timed(work)
    return f"{count / wall_s:,.0f} /s ({count / cpu_s:,.0f})"


def milliseconds(work: Callable[[], Any]) -> str:
    """In words."""
    wall_s, cpu_s = timed(work)
    return f"{wall_s * 1e3:,.0f} ms ({cpu_s * 1e3:,.0f})"


@contextmanager
def served(store: Store) -> Iterator[Any]:
    """A client of it, over HTTP."""
    with bind("127.0.0.1", 0, "") as listening, served_by_thread(create(store), listening):
        yield boto3.client("xray", endpoint_url=url(listening), config=Config(read_timeout=300), **PRETEND)


def say(what: str, value: str) -> None:
    """One row, with the memory that this process has now."""
    sys.stdout.write(f"| {what:<62} | {value:>22} | {rss_mb(os.getpid()):>5.0f} MB |\n")
    sys.stdout.flush()


def put_all(store: Store, texts: list[str]) -> None:
    """Through the store."""
    refused = [one for batch in batches(texts) for one in store.put(batch)["UnprocessedTraceSegments"]]
    if refused:
        raise SystemExit(f"Not taken: {refused[0]}")


def puts(store: Store) -> None:
    """Many short traces."""
    texts = [text for trace in range(TRACES) for text in documents(trace, SEGMENTS)]
    say(f"put {len(texts):,} segments", rate(len(texts), lambda: put_all(store, texts)))
    again = texts[:5_000]
    with served(store) as client:
        calls = rate(
            len(again), lambda: [client.put_trace_segments(TraceSegmentDocuments=one) for one in batches(again)]
        )
        say(f"{len(again):,} of them again, over HTTP with boto3", calls)


def main() -> None:
    """All of it."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder))
        say("nothing yet", "")
        puts(store)
        lists(store)
        for number, count in enumerate(LONG, TRACES):
            long_trace(store, number, count)
        counts = store.counts()
        size = sum(path.stat().st_size for path in Path(folder).iterdir())
        say(f"files for {counts.bytes / 1e6:.0f} MB as counted", f"{size / 1e6:.0f} MB")
        store.close()


def lists(store: Store) -> None:
    """Of all traces."""
    say(f"find {TRACES:,} traces", milliseconds(lambda: store.find(*EVER)))
    for when in ("first", "again"):
        say(f"and the summaries of all, {when}", milliseconds(lambda: [one.summary for one in store.find(*EVER)]))
    say("and the facts of all", milliseconds(lambda: [one.facts for one in store.find(*EVER)]))
    rare = HERE | {"FilterExpression": 'annotation.customer = "none"'}
    say("a filter that nothing matches", milliseconds(lambda: call(store, "/TraceSummaries", rare)))
    say("a page of GetTraceSummaries", milliseconds(lambda: call(store, "/TraceSummaries", HERE)))
    say("the service graph of all", milliseconds(lambda: call(store, "/ServiceGraph", HERE)))


def long_trace(store: Store, number: int, count: int) -> None:
    """Opened whole."""
    texts = list(documents(number, count))
    trace_id, start_s = json.loads(texts[0])["trace_id"], START_S + number % 3600
    put_all(store, texts)
    del texts
    say(f"open a trace of {count:,} segments", milliseconds(lambda: store.trace(trace_id)))
    say("and read all its documents", milliseconds(lambda: (trace := store.trace(trace_id)) and trace.documents))
    near = milliseconds(lambda: [one.summary for one in store.find(start_s, start_s + 0.01)])
    say("its summary, facts and graph", near)


if __name__ == "__main__":
    main()
