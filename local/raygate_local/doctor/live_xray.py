"""Probes of X-Ray's own rules for documents: those that its guide leaves open, or that it has been seen to break.

Takes   a `Situation` whose credentials may write to X-Ray.
Gives   `XRAY`, rows for the table of checks. What is expected is what the local X-Ray says of the same document.
Rules   Each row is one call with one document. What X-Ray takes stays there, as a trace with one segment called
        `raygate-probe`: a dozen at most.
Source  X-Ray developer guide, "Segment documents"; X-Ray API reference, PutTraceSegments.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeAlias

from raygate.errors import RaygateError
from raygate_local.doctor.situation import Check, Found, Situation, failure, ok
from raygate_local.xray.rules import RefusedError, read

Change: TypeAlias = Callable[[dict[str, Any]], object]

NAME: Final = "raygate-probe"
TAKEN: Final = "taken"
DAY_S: Final = 86_400
PAGE: Final = (
    "local/raygate_local/xray/members.py or rules.py and docs/limits.md; if X-Ray is the stricter one, "
    "layers/raygate/python/raygate/segment/fit.py first"
)
NEEDS: Final = ("credentials", "permission")


@dataclass(frozen=True, slots=True)
class Row:
    """A document that differs from a sound one in one thing."""

    id: str
    title: str
    change: Change


def _of(**members: Any) -> Change:
    return lambda document: document.update(members)


def _old(document: dict[str, Any]) -> None:
    document["trace_id"] = f"1-{int(document['start_time']) - 60 * DAY_S:08x}-{document['trace_id'][-24:]}"


def _random(document: dict[str, Any]) -> None:
    document["trace_id"] = f"1-fedcba98-{document['trace_id'][-24:]}"


ROWS: Final = (
    Row("sound", "A sound document", lambda document: document),
    Row("old-trace", "A trace id of 60 days ago", _old),
    Row("random-trace", "A trace id that is no time", _random),
    Row("trace-id", "A trace id that is none", _of(trace_id="1-2-3")),
    Row("short-id", "An id of 15 digits", _of(id="0123456789abcde")),
    Row("name-sign", "A question mark in the name", _of(name=f"{NAME}?")),
    Row("name-long", "A name of 201 characters", _of(name="n" * 201)),
    Row("no-end", "Neither an end nor in progress", lambda document: document.pop("end_time")),
    Row("no-parent", "A subsegment without a parent", _of(type="subsegment")),
    Row("key-dot", "A dot in an annotation's key", _of(annotations={"a.b": 1})),
    Row("key-blank", "A blank in an annotation's key", _of(annotations={"a b": 1})),
    Row("value-long", "An annotation of 1,001 characters", _of(annotations={"a": "x" * 1_001})),
    Row("many", "51 annotations", _of(annotations={f"a{number}": number for number in range(51)})),
    Row("value-list", "An annotation that is a list", _of(annotations={"a": [1]})),
    Row("reserved", "Metadata in a namespace of AWS's", _of(metadata={"AWS.probe": {"a": 1}})),
    Row("large", "A document of 66,000 bytes", _of(metadata={"default": {"a": "x" * 66_000}})),
)


def document_of(row: Row, random: Callable[[int], bytes], now: float) -> str:
    """The document, as it is sent."""
    document = {
        "trace_id": f"1-{int(now):08x}-{random(12).hex()}",
        "id": random(8).hex(),
        "name": NAME,
        "start_time": now - 1,
        "end_time": now,
    }
    row.change(document)
    return json.dumps(document)


def expected(text: str) -> str:
    """What the local X-Ray says: `taken`, or a code."""
    try:
        read(text)
    except RefusedError as error:
        return error.code
    return TAKEN


def seen(answer: Mapping[str, Any]) -> tuple[str, bool]:
    """What X-Ray says, and whether it says of which document."""
    refused = answer.get("UnprocessedTraceSegments") or ()
    return (str(refused[0].get("ErrorCode") or "no code"), bool(refused[0].get("Id"))) if refused else (TAKEN, True)


def _look(row: Row, situation: Situation) -> Found:
    text = document_of(row, situation.random_bytes, situation.clock())
    wanted = expected(text)
    came, has_id = seen(situation.xray.call("put_trace_segments", TraceSegmentDocuments=[text]))
    told = f"expected {wanted}, saw {came}{'' if has_id else ', without Id'}"
    if came == wanted:
        return ok(told, expected=wanted, seen=came, has_id=has_id)
    todo = f"The assumption is wrong: change {PAGE}."
    return failure(f"{told}.", todo, expected=wanted, seen=came, has_id=has_id, page=PAGE)


def too_many(situation: Situation) -> Found:
    """Whether 51 documents are refused as a whole; all of them are empty, so that nothing is stored."""
    try:
        answer = situation.xray.call("put_trace_segments", TraceSegmentDocuments=["{}"] * 51)
    except RaygateError as error:
        return ok(f"expected a refusal of the call, saw: {error}", expected="refused", seen="refused")
    came = f"an answer with {len(answer.get('UnprocessedTraceSegments') or ())} refused"
    page = "layers/raygate/python/raygate/deliver/xray.py and docs/limits.md"
    todo = f"The assumption is wrong: change {page}."
    return failure(f"expected a refusal of the call, saw {came}.", todo, expected="refused", seen="taken", page=page)


XRAY: Final[tuple[Check, ...]] = (
    *(Check(f"live-xray-{row.id}", row.title, partial(_look, row), NEEDS) for row in ROWS),
    Check("live-xray-51", "51 documents in a call", too_many, NEEDS),
)
