"""What the comparison asks: two traces aligned, and which others there are to compare with.

Takes   `GET /api/compare/{a}/{b}`, ids in either form; `GET /api/compare/{a}`.
Gives   rows in the order of one tree that holds both, each side's times in milliseconds from its own trace's start; the
        last runs of the same operation, newest first.
Raises  404 {"message"} for a trace that is not here.
Rules   Equal are a service, a method and a path; numbers and identifiers in a path are passed over.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from raygate_local.comparison import Comparison, Path, Step, compare
from raygate_local.viewer.listing import LAST_S
from raygate_local.viewer.row import row
from raygate_local.waterfall import Row, Waterfall, waterfall
from raygate_local.xray.store import Found, Store, Trace, entry_of

Json = dict[str, Any]

MOST_LOOKED_AT: Final = 2_000
"""The newest traces, in search of runs."""
MOST_RUNS: Final = 50
SHOWN_ID: Final = 80
HEADERS: Final = {"x-content-type-options": "nosniff", "cache-control": "no-store"}
VARIABLE: Final = re.compile(r"^(?=.*\d)[\w.~-]+$")


def routes(store: Store) -> list[Route]:
    """Upon that store."""

    def both(request: Request) -> Response:
        asked = [request.path_params[name].strip().lower() for name in ("before", "after")]
        traces = [store.trace(one) for one in asked]
        before, after = traces
        if before is None or after is None:
            return _not_here(asked[0] if before is None else asked[1])
        return _json(aligned(before, after))

    def others(request: Request) -> Response:
        asked = request.path_params["before"].strip().lower()
        trace = store.trace(asked)
        return _json({"id": trace.trace_id, "runs": list(runs(store, trace))}) if trace else _not_here(asked)

    return [
        Route("/api/compare/{before}/{after}", both, methods=["GET"]),
        Route("/api/compare/{before}", others, methods=["GET"]),
    ]


def aligned(before: Trace, after: Trace) -> Json:
    """Both, as the page shows them."""
    compared = compare(waterfall(before.documents), waterfall(after.documents))
    steps = {step.path: step for step in compared.steps}
    numbers: dict[Path, int] = {}
    rows: list[Json] = []
    for path in _in_order(compared):
        numbers[path] = len(rows)
        rows.append(_row(steps[path], numbers.get(path[:-1], -1), compared))
    return {
        "before": _trace(before, compared.before),
        "after": _trace(after, compared.after),
        "delta": compared.delta_s,
        "counts": compared.counts(),
        "rows": rows,
        "changes": [numbers[step.path] for step in compared.steps if step.change != "same" or step.is_other_status],
    }


def runs(store: Store, trace: Trace) -> Iterator[Json]:
    """Other traces of the same operation."""
    beside = store.find(trace.start_s, trace.start_s + 1.0)
    own = next((_operation(one) for one in beside if one.trace_id == trace.trace_id), None)
    newest = reversed(store.find(0, LAST_S)[-MOST_LOOKED_AT:])
    same = (one for one in newest if one.trace_id != trace.trace_id and _operation(one) == own)
    yield from (row(one) for one in islice(same, MOST_RUNS))


def _operation(found: Found) -> tuple[str, str, str]:
    summary = found.summary
    http, entry = summary.get("Http") or {}, summary.get("EntryPoint") or {}
    path = str(http.get("HttpURL", "")).partition("://")[2].partition("?")[0].partition("/")[2]
    steps = ("" if VARIABLE.match(step) else step for step in path.split("/"))
    return str(entry.get("Name", "")), str(http.get("HttpMethod", "")), "/".join(steps)


def _in_order(compared: Comparison) -> Iterator[Path]:
    """The tree of both from the top: children by when they began in the first trace, else in the second."""
    below: defaultdict[Path, list[tuple[float, int, Path]]] = defaultdict(list)
    for number, step in enumerate(sorted(compared.steps, key=lambda step: len(step.path))):
        below[step.path[:-1]].append((_begin_s(step, compared), number, step.path))
    waiting = sorted(below[()], reverse=True)
    while waiting:
        _, _, path = waiting.pop()
        yield path
        waiting += sorted(below[path], reverse=True)


def _begin_s(step: Step, compared: Comparison) -> float:
    if step.before:
        return step.before.start_s - compared.before.start_s
    return step.after.start_s - compared.after.start_s if step.after else 0.0


def _row(step: Step, parent: int, compared: Comparison) -> Json:
    shown = step.after or step.before
    place = step.path[-1]
    return {
        "depth": len(step.path) - 1,
        "parent": parent,
        "name": place.name or (shown.id if shown else ""),
        "service": place.service,
        "operation": shown.operation if shown else "",
        "change": step.change,
        "other": step.is_other_status,
        "delta": step.delta_s,
        "contribution": step.contribution_s,
        "before": _side(step.before, compared.before.start_s),
        "after": _side(step.after, compared.after.start_s),
    }


def _side(one: Row | None, start_s: float) -> Json | None:
    if one is None:
        return None
    return {
        "id": one.id,
        "start": round((one.start_s - start_s) * 1000, 4),
        "length": round(one.duration_s * 1000, 4),
        "self": round(one.self_s * 1000, 4),
        "status": one.status,
    }


def _trace(trace: Trace, shown: Waterfall) -> Json:
    entry = entry_of(trace)["id"]
    root = next(one for one in shown.rows if one.id == entry)
    return {
        "id": trace.trace_id,
        "name": root.name,
        "operation": root.operation,
        "status": root.status,
        "start_s": shown.start_s,
        "duration_s": shown.duration_s,
        "rows": len(shown.rows),
    }


def _not_here(asked: str) -> Response:
    text = f"There is no trace {asked[:SHOWN_ID]} here. It may not have come yet, or had to make room for newer ones."
    return _json({"message": text}, 404)


def _json(content: Json, status: int = 200) -> Response:
    return Response(orjson.dumps(content), status, HEADERS, "application/json")
