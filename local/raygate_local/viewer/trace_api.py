"""What the trace page asks: the rows of a trace, one row in full, the rows that a text is in.

Takes   `GET /api/traces/{id}`, `/api/traces/{id}/spans/{span_id}`, `/api/traces/{id}/search?q=`; a trace's id in
        X-Ray's form or W3C's, in any case.
Gives   JSON; 404 with a `message` for what is not here.
Note    The answers are made in threads: 50,000 rows take a second, and meanwhile others are served.
"""

import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Protocol, TypeAlias

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from raygate.request import Request as OtlpRequest
from raygate.settings import Settings
from raygate.span import Span
from raygate_local.viewer import marks
from raygate_local.viewer.shelf import Outcome
from raygate_local.viewer.trace_columns import columns
from raygate_local.viewer.trace_details import details, searchable
from raygate_local.waterfall import Waterfall, waterfall
from raygate_local.xray.store import Trace, entry_of

Json: TypeAlias = dict[str, Any]

MOST_ROWS: Final = 60_000
"""Remembered, of the traces that were looked at last."""
MOST_MATCHES: Final = 50_000
SHOWN_ID: Final = 80


class Traces(Protocol):
    """What of the local X-Ray's store is asked."""

    @property
    def version(self) -> int:
        """Another one whenever something has changed."""

    def trace(self, trace_id: str) -> Trace | None:
        """By either form of its id."""


class Kept(Protocol):
    """What of the sources is asked."""

    def span(self, trace_id: str, document_id: str) -> Span | None:
        """The span behind a document."""

    def spans(self, trace_id: str) -> Iterable[Span]:
        """All spans of a trace that are kept."""

    def outcomes(self, trace_id: str) -> list[Outcome]:
        """What X-Ray does not have."""

    def latest(self, most: int) -> list[Outcome]:
        """The same of all traces, the newest first."""

    def record(self, request: OtlpRequest, request_id: str = "") -> None:
        """Keep a request."""


class NoSources:
    """Where requests are not kept, such as behind another endpoint."""

    def span(self, _trace_id: str, _document_id: str) -> Span | None:
        """Unknown."""
        return None

    def spans(self, _trace_id: str) -> Iterable[Span]:
        """Unknown."""
        return ()

    def outcomes(self, _trace_id: str) -> list[Outcome]:
        """Unknown."""
        return []

    def latest(self, _most: int) -> list[Outcome]:
        """Unknown."""
        return []

    def record(self, _request: OtlpRequest, _request_id: str = "") -> None:
        """Nothing is kept."""


@dataclass(slots=True)
class Shown:
    """A trace, its rows, and by id where they are."""

    trace: Trace
    version: int
    """The store's, when it was last the same."""
    rows: Waterfall
    numbers: dict[str, int]
    texts: list[bytes] = field(default_factory=list)
    """Made at the first search."""


def routes(
    store: Traces,
    sources: Kept | None = None,
    settings: Settings | None = None,
    clock: Callable[[], float] = time.time,
) -> list[Route]:
    """To be mounted beside the page."""
    memory, kept, used = Memory(store), sources or NoSources(), settings or Settings()

    def trace(request: Request) -> Response:
        shown = memory.shown(request.path_params["trace_id"].strip())
        return _json(_trace(shown, kept, clock())) if shown else _not_here(request)

    def span(request: Request) -> Response:
        shown = memory.shown(request.path_params["trace_id"].strip())
        number = shown.numbers.get(request.path_params["span_id"].lower()) if shown else None
        if shown is None or number is None:
            return _not_here(request)
        sent = kept.span(shown.trace.trace_id, shown.rows.rows[number].id)
        return _json(details(shown.trace, shown.rows, number, sent, used))

    def search(request: Request) -> Response:
        shown = memory.shown(request.path_params["trace_id"].strip())
        return _json({"rows": find(shown, request.query_params.get("q", ""))}) if shown else _not_here(request)

    return [
        Route("/api/traces/{trace_id}", trace),
        Route("/api/traces/{trace_id}/spans/{span_id}", span),
        Route("/api/traces/{trace_id}/search", search),
    ]


class Memory:
    """The traces that were looked at last; one is made anew when it has changed."""

    def __init__(self, store: Traces) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._shown: OrderedDict[str, Shown] = OrderedDict()

    def shown(self, asked: str) -> Shown | None:
        """The trace as it is now."""
        with self._lock:
            version, known = self._store.version, self._shown.get(asked)
            if known and known.version == version:
                self._shown.move_to_end(asked)
                return known
            trace = self._store.trace(asked)
            if trace is None:
                self._shown.pop(asked, None)
                return None
            if known is None or (known.trace.revision, known.trace.updated_s) != (trace.revision, trace.updated_s):
                known = _shown(trace, version)
            known.version = version
            self._remember(asked, known)
        return known

    def _remember(self, asked: str, shown: Shown) -> None:
        self._shown[asked] = shown
        self._shown.move_to_end(asked)
        while len(self._shown) > 1 and sum(len(one.numbers) for one in self._shown.values()) > MOST_ROWS:
            self._shown.popitem(last=False)


def _shown(trace: Trace, version: int) -> Shown:
    rows = waterfall(trace.documents)
    return Shown(trace, version, rows, {row.id: number for number, row in enumerate(rows.rows)})


def find(shown: Shown, text: str) -> list[int]:
    """The rows with this text in any key or value."""
    wanted = orjson.dumps(text.strip().lower())[1:-1]
    if not wanted:
        return []
    if not shown.texts:
        shown.texts = [searchable(row) for row in shown.rows.rows]
    return [number for number, one in enumerate(shown.texts) if wanted in one][:MOST_MATCHES]


def _trace(shown: Shown, kept: Kept, now_s: float) -> Json:
    trace, rows = shown.trace, shown.rows
    entry = shown.rows.rows[shown.numbers[entry_of(trace)["id"]]]
    here = {row.id for row in rows.rows if row.kind != "missing"}
    lost = [one for one in kept.outcomes(trace.trace_id) if one.state == "rejected" or one.id not in here]
    return {
        "id": trace.trace_id,
        "w3c": trace.trace_id.replace("-", "")[1:],
        "revision": trace.revision,
        "start_s": rows.start_s,
        "duration_s": rows.duration_s,
        "updated_s": trace.updated_s,
        "root": {"name": entry.name, "operation": entry.operation, "status": entry.status, "id": entry.id},
        "counts": _counts(shown),
        "remarks": [*rows.remarks(), *_lost_remarks(lost)],
        "missing": sorted({row.id for row in rows.rows if row.kind == "missing"}),
        "outcomes": [asdict(one) for one in lost],
        "marks": [asdict(mark) for mark in marks.of_trace(trace, now_s)],
        **columns(rows),
    }


def _lost_remarks(lost: Sequence[Outcome]) -> list[str]:
    counts = Counter(one.state for one in lost)
    return [f"{many} {state}" for state, many in counts.items()]


def _counts(shown: Shown) -> Json:
    rows = shown.rows.rows
    failed = [row for row in rows if row.status != "ok"]
    return {
        "rows": len(rows),
        "documents": len(shown.trace.stored),
        "segments": sum(row.kind == "segment" for row in rows),
        "subsegments": sum(row.kind == "subsegment" for row in rows),
        "services": len({row.name for row in rows if row.kind == "segment"}),
        "failed": dict(Counter(row.status for row in failed)),
        "own": sum(not row.is_inherited for row in failed),
    }


def _json(content: Json, status: int = 200) -> Response:
    body = orjson.dumps(content, option=orjson.OPT_NON_STR_KEYS)
    return Response(body, status, {"cache-control": "no-store"}, media_type="application/json")


def _not_here(request: Request) -> Response:
    asked = request.path_params["trace_id"][:SHOWN_ID]
    span = request.path_params.get("span_id")
    what = f"row {span[:SHOWN_ID]} in the trace {asked}" if span else f"trace {asked}"
    text = f"There is no {what} here. It may not have come yet, or had to make room for newer ones."
    return _json({"message": text}, 404)
