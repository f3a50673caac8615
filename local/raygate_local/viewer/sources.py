"""What was sent, kept for those who look at what it became: spans by trace and document, and who was refused.

Takes   requests that the endpoint accepted; what PutTraceSegments said of the documents.
Gives   `Sources.span`: the span behind a document, without the secrets that redaction takes out: they are not kept.
        `Sources.outcomes`: the spans of a trace that did not become a document, each with its reason.
Rules   The caller of `record` waits for nothing: one thread decodes and writes. Where it cannot keep up, or the
        bound in bytes is reached, the oldest are gone, and counted. Nothing here is needed to deliver a trace.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Final, Self

from raygate.decode import decode, read
from raygate.decode.identifiers import validate
from raygate.deliver import Put
from raygate.errors import DecodeError
from raygate.redact import Redaction
from raygate.request import Request
from raygate.segment import ids, kind
from raygate.settings import Settings
from raygate.span import Span
from raygate_local.viewer import otlp
from raygate_local.viewer.shelf import Entry, Outcome, Shelf

FILE: Final = "sources.sqlite"
MOST_BYTES: Final = 256 * 1024 * 1024
MOST_WAITING_BYTES: Final = 64 * 1024 * 1024
SHOWN_OUTCOMES: Final = 1_000


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A request on its way to the shelf."""

    request: Request
    request_id: str
    received_ms: int


class Sources:
    """The requests that came, by the spans in them. Close it: a thread waits for more."""

    def __init__(self, shelf: Shelf, settings: Settings, clock: Callable[[], float]) -> None:
        self._shelf, self._settings, self._clock = shelf, settings, clock
        self._queue: SimpleQueue[_Waiting | list[Outcome] | threading.Event | None] = SimpleQueue()
        self._waiting_bytes = 0
        self._lock = threading.Lock()
        self.skipped = 0
        """Requests that were not kept, since too many came at once."""
        self._thread = threading.Thread(target=self._work, name="sources", daemon=True)
        self._thread.start()

    @classmethod
    def open(
        cls,
        folder: Path | None = None,
        settings: Settings | None = None,
        *,
        most_bytes: int = MOST_BYTES,
        clock: Callable[[], float] = time.time,
    ) -> Self:
        """In that folder; in memory without one."""
        shelf = Shelf(str(folder / FILE) if folder else ":memory:", most_bytes)
        return cls(shelf, settings or Settings(), clock)

    def record(self, request: Request, request_id: str = "") -> None:
        """Keep this request, soon."""
        with self._lock:
            if self._waiting_bytes + len(request.body) > MOST_WAITING_BYTES:
                self.skipped += 1
                return
            self._waiting_bytes += len(request.body)
        self._queue.put(_Waiting(request, request_id, int(self._clock() * 1000)))

    def through(self, put: Put) -> Put:
        """The same `put`, with an ear for what X-Ray refuses."""

        def put_and_listen(texts: list[str]) -> Mapping[str, Any]:
            answer = put(texts)
            refused = answer.get("UnprocessedTraceSegments") or []
            if refused:
                self._queue.put(list(_refusals(texts, refused, int(self._clock() * 1000))))
            return answer

        return put_and_listen

    def span(self, trace_id: str, document_id: str) -> Span | None:
        """The span that a document came from, as it was sent; either form of the trace's id."""
        kept = self._shelf.find(hexadecimal(trace_id), document_id)
        if kept is None:
            return None
        request = Request(kept.body, "json")
        spans = decode(request, _unbounded(self._settings)).spans
        return spans[kept.position] if kept.position < len(spans) else None

    def spans(self, trace_id: str) -> Iterator[Span]:
        """All spans of a trace that are kept, each once."""
        digits, seen = hexadecimal(trace_id), set[str]()
        for body in self._shelf.requests(digits):
            for span in decode(Request(body, "json"), _unbounded(self._settings)).spans:
                if span.trace_id == digits and span.span_id not in seen:
                    seen.add(span.span_id)
                    yield span

    def outcomes(self, trace_id: str) -> list[Outcome]:
        """The spans and documents of a trace that X-Ray does not have, the oldest first."""
        return self._shelf.outcomes(hexadecimal(trace_id), SHOWN_OUTCOMES)

    def latest(self, most: int) -> list[Outcome]:
        """Of all traces, the newest first."""
        return self._shelf.latest(most)

    def clear(self) -> None:
        """Forget everything."""
        self._shelf.clear()

    def flush(self) -> None:
        """Wait until everything recorded before is there."""
        done = threading.Event()
        self._queue.put(done)
        done.wait()

    def close(self) -> None:
        """Write what waits, and let go of the file."""
        self._queue.put(None)
        self._thread.join()
        self._shelf.close()

    def _work(self) -> None:
        while (one := self._queue.get()) is not None:
            if isinstance(one, threading.Event):
                one.set()
            elif isinstance(one, list):
                self._shelf.refuse(one)
            else:
                self._keep(one)
        while True:  # those who wait for a flush while it closes
            try:
                left = self._queue.get_nowait()
            except Empty:
                return
            if isinstance(left, threading.Event):
                left.set()

    def _keep(self, waiting: _Waiting) -> None:
        with self._lock:
            self._waiting_bytes -= len(waiting.request.body)
        try:
            decoded = read(waiting.request, self._settings)
        except DecodeError:
            return  # nothing was readable, so nothing was accepted
        sent = decoded.spans
        decoded = validate(decoded, waiting.request.encoding)
        rejected = [_rejection(sent[one.index], one.reason, waiting.received_ms) for one in decoded.rejected]
        spans = otlp.ordered(_redacted(decoded.spans, self._settings))
        body = json.dumps(otlp.request_of(spans), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        self._shelf.put(Entry(waiting.request_id, waiting.received_ms, body, list(_keys(spans))), rejected)


def hexadecimal(trace_id: str) -> str:
    """W3C's 32 digits, from either form."""
    return trace_id[2:].replace("-", "").lower() if trace_id.startswith("1-") else trace_id.lower()


def _unbounded(settings: Settings) -> Settings:
    """For what was within the bounds when it came, in another encoding."""
    return Settings(max_spans=settings.max_spans, max_wire_bytes=1 << 30, max_decompressed_bytes=1 << 30)


def _redacted(spans: Sequence[Span], settings: Settings) -> list[Span]:
    redaction = Redaction(settings.redact_keys)
    resources: dict[int, Any] = {}
    clean = []
    for span in spans:
        resource = resources.get(id(span.resource))
        if resource is None:
            resource = resources[id(span.resource)] = redaction.resource(span.resource)
        one = redaction.span(span)
        one.resource = resource
        clean.append(one)
    return clean


def _keys(spans: Sequence[Span]) -> Iterator[tuple[str, str, int]]:
    """Trace, document, position: a span that is split has two documents."""
    for position, span in enumerate(spans):
        yield span.trace_id, span.span_id, position
        if kind.is_local_root(span) and kind.is_split(span):
            yield span.trace_id, ids.derived(span.trace_id, span.span_id, "service segment"), position


def _rejection(span: Span, reason: str, at_ms: int) -> Outcome:
    return Outcome(span.trace_id, span.span_id, "rejected", "", reason, span.name, at_ms)


def _refusals(texts: Sequence[str], refused: Sequence[Mapping[str, str]], at_ms: int) -> Iterator[Outcome]:
    documents = [json.loads(text) for text in texts]
    known = {one["id"]: one for one in documents if isinstance(one, dict) and "id" in one}
    for one in refused:
        document = known.get(one.get("Id", ""))
        if document:
            trace_id, code = hexadecimal(str(document.get("trace_id", ""))), one.get("ErrorCode", "")
            name = str(document.get("name", ""))
            yield Outcome(trace_id, document["id"], "refused", code, one.get("Message", ""), name, at_ms)
