"""What the page of refusals asks: every span and document that X-Ray does not have, why, and what can be done.

Takes   `GET /api/refused`; `GET /api/refused/document?key=`, a parked document as X-Ray got it; to be posted:
        `/api/refused/replay`, {"key"} of a parked document, or {"letters": true}.
Gives   {"rows", "can_replay"}: the newest first; {"document"}; {"message", "is_delivered"}: what happened.
Raises  404 {"message"} for what is no longer parked; 409 where nothing is kept; 502 when a store cannot be reached.
Rules   A row is one document, span or message. What is parked is not told again as refused; what X-Ray took since is
        not told at all.
"""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Final

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from raygate.errors import RaygateError
from raygate.keep import Accepted, KeepError
from raygate.keep import Kept as Message
from raygate.keep.parked import Parked
from raygate.replay.asked import AskedError
from raygate_local.replaying.codes import explained
from raygate_local.viewer.desk import MOST, Desk, Letter
from raygate_local.viewer.shelf import Outcome
from raygate_local.viewer.sources import hexadecimal
from raygate_local.viewer.trace_api import Traces

Json = dict[str, Any]
HEADERS: Final = {"x-content-type-options": "nosniff", "cache-control": "no-store"}
REJECTED: Final = (
    "The span itself is invalid, so it never became a document.",
    "The sender has to be corrected: its ids are 32 and 16 hexadecimal digits that are not all zero.",
)
DEAD: Final = (
    "The message could not be delivered, however often it was tried.",
    "When X-Ray takes spans again, replay the dead letters.",
)
MOST_BODY: Final = 10_000
PLAIN: Final[Json] = dict.fromkeys(("code", "trace_id", "tenant", "name", "key", "request_id"), "")


def routes(store: Traces, desk: Desk) -> list[Route]:
    """All of them."""

    def rows(_: Request) -> Response:
        try:
            found = list(_rows(store, desk))
        except KeepError as error:
            return _json({"message": f"What is kept cannot be read: {error}."}, 502)
        found.sort(key=lambda one: -one["at_ms"])
        return _json({"rows": found, "can_replay": desk.can_replay})

    def document(request: Request) -> Response:
        one = desk.one(request.query_params.get("key", ""))
        return _json({"document": one.document}) if one else _gone()

    async def replay(request: Request) -> Response:
        asked = _asked(await request.body())
        return await run_in_threadpool(_replay, desk, asked)  # X-Ray may be this very server: the loop must go on

    return [
        Route("/api/refused", rows, methods=["GET"]),
        Route("/api/refused/document", document, methods=["GET"]),
        Route("/api/refused/replay", replay, methods=["POST"]),
    ]


def _rows(store: Traces, desk: Desk) -> Iterator[Json]:
    told = set[tuple[str, str]]()
    for key, parked in desk.parked():
        told.add((hexadecimal(parked.trace_id), parked.id))
        yield _of_parked(key, parked)
    here: dict[str, set[str]] = {}
    for one in [*desk.sources.latest(MOST), *desk.remembered()]:
        place = (one.trace_id, one.id)
        if place in told or (one.state == "refused" and _is_here(store, here, one)):
            continue
        if one.id:
            told.add(place)
        yield _of_outcome(one)
    yield from map(_of_letter, desk.letters())


def _is_here(store: Traces, here: dict[str, set[str]], one: Outcome) -> bool:
    """Whether X-Ray took it at another time."""
    if one.trace_id not in here:
        trace = store.trace(one.trace_id) if one.trace_id else None
        here[one.trace_id] = set(trace.stored) if trace else set()
    return one.id in here[one.trace_id]


def _of_parked(key: str, one: Parked) -> Json:
    return (
        PLAIN
        | _why(explained(one.code))
        | {
            "state": "parked",
            "code": one.code,
            "reason": one.message,
            "trace_id": one.trace_id,
            "id": one.id,
            "at_ms": one.received_ms or one.parked_ms,
            "name": _member(one.document, "name"),
            "tenant": one.tenant,
            "request_id": one.request_id,
            "key": key,
        }
    )


def _of_outcome(one: Outcome) -> Json:
    return PLAIN | _why(REJECTED if one.state == "rejected" else explained(one.code)) | asdict(one)


def _of_letter(one: Letter) -> Json:
    return (
        PLAIN
        | _why(DEAD)
        | {
            "state": "dead letter",
            "reason": one.reason,
            "id": f"message {one.id}",
            "at_ms": one.sent_ms,
            **_message(one.kept),
        }
    )


def _message(kept: Message | None) -> Json:
    """What is known of what is in it."""
    if kept is None:
        return {"name": "a message that cannot be read"}
    if isinstance(kept, Accepted):
        size = len(kept.request.body)
        return {"name": f"a request of {size:,} bytes", "tenant": kept.request.tenant, "request_id": kept.request_id}
    trace_id = next((_member(text, "trace_id") for text in kept.texts), "")
    what = f"{len(kept.texts):,} document{'s' * (len(kept.texts) != 1)}"
    return {"name": what, "tenant": kept.tenant, "request_id": kept.request_id, "trace_id": trace_id}


def _why(told: tuple[str, str]) -> Json:
    return {"meaning": told[0], "advice": told[1]}


def _member(text: str, name: str) -> str:
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError:
        return ""
    return str(document.get(name, "")) if isinstance(document, dict) else ""


def _asked(body: bytes) -> Json:
    try:
        asked = orjson.loads(body[:MOST_BODY])
    except orjson.JSONDecodeError:
        return {}
    return asked if isinstance(asked, dict) else {}


def _replay(desk: Desk, asked: Json) -> Response:
    key = asked.get("key")
    if not isinstance(key, str) and asked.get("letters") is not True:
        return _json({"message": "Say what to replay: the key of a parked document, or letters."}, 400)
    try:
        if isinstance(key, str) and desk.can_replay and desk.one(key) is None:
            return _gone()
        return _json(_told(desk.replay(key if isinstance(key, str) else None)))
    except AskedError as error:
        return _json({"message": str(error)}, 409)
    except (KeepError, RaygateError) as error:
        return _json({"message": f"It cannot be replayed now: {error}."}, 502)


def _told(counts: Json) -> Json:
    """What happened, in a sentence."""
    delivered, found = counts.get("delivered", 0), counts.get("found", 0)
    why = "; ".join(counts.get("reasons", {})) or counts.get("why", "")
    if found and delivered == found:
        message = f"X-Ray took {'it' if found == 1 else f'all {found:,}'}."
    elif not found and not why:
        message = "There is nothing to send."
    else:
        message = f"X-Ray took {delivered:,} of {found:,}: {why or 'the rest stays where it is kept'}."
    return {"message": message, "is_delivered": found > 0 and delivered == found, "counts": counts}


def _gone() -> Response:
    return _json({"message": "It is not parked any more: it was replayed, or its time was over."}, 404)


def _json(content: Json, status: int = 200) -> Response:
    return Response(orjson.dumps(content), status, HEADERS, "application/json")
