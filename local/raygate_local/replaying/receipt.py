"""What became of a trace, from every place that can be asked.

Takes   a trace id in X-Ray's form, `Places`, an X-Ray, a log group if there is one, and a span of time for the archive.
Gives   `Receipt`: what each place says, or why it could not be asked; and in one word what became of the trace.
Rules   A place that cannot be asked is said, and is no answer. The logs hold no trace ids: they are asked for the
        requests that the other places name.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

import orjson

from raygate.errors import RaygateError
from raygate.keep import Bucket, Kept, MessageError
from raygate.keep.claims import redeem
from raygate.keep.message import Packed, unpack
from raygate.keep.parked import read_parked
from raygate.replay.asked import Span
from raygate.replay.objects import kept_in
from raygate.replay.sources.listing import keys
from raygate_local.replaying.holding import holds
from raygate_local.replaying.places import Places
from raygate_local.terminal.xray import Xray

BEFORE_S: Final = 3_600
AFTER_S: Final = 24 * 3_600
"""Around the time in the trace id: how far the archive is searched."""
MOST_BUNDLES: Final = 2_000

Logs: TypeAlias = Callable[[Sequence[str]], list[dict[str, Any]]]
"""The log lines about these requests."""

MESSAGES: Final = "SELECT queue, body, attributes FROM messages ORDER BY id"


@dataclass(slots=True)
class Look:
    """What one place says."""

    place: str
    said: str
    found: int = 0
    could: bool = True
    """Whether it could be asked."""
    request_ids: set[str] = field(default_factory=set)
    lines: list[dict[str, Any]] = field(default_factory=list)
    """Of the log."""


@dataclass(slots=True)
class Receipt:
    """All of them."""

    trace_id: str
    looks: list[Look]

    @property
    def state(self) -> str:
        """In one word: the worst that is known, and `unknown` when nothing is."""
        found = {look.place: look.found for look in self.looks}
        for place, state in STATES.items():
            if found.get(place):
                return state
        return "unknown"

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        looks = [
            {"place": one.place, "could_ask": one.could, "found": one.found, "said": one.said, "log": one.lines}
            for one in self.looks
        ]
        requests = sorted(set[str]().union(*(one.request_ids for one in self.looks)))
        return {"trace_id": self.trace_id, "state": self.state, "request_ids": requests, "looks": looks}


STATES: Final = {
    "parked": "parked",
    "dead letters": "dead letter",
    "queue": "queued",
    "X-Ray": "delivered",
    "archive": "archived",
}
"""A trace may be in several places; what is missing matters more than what is there."""


def receipt(trace_id: str, places: Places, xray: Xray, span: Span | None, logs: Logs | None) -> Receipt:
    """Ask everywhere."""
    looks = [_in_xray(trace_id, xray), *_in_bucket(trace_id, places.bucket, span), *_in_queues(trace_id, places)]
    request_ids = set[str]().union(*(look.request_ids for look in looks))
    return Receipt(trace_id, [*looks, _in_logs(request_ids, logs)])


def _in_xray(trace_id: str, xray: Xray) -> Look:
    try:
        found = len(xray.documents([trace_id]).get(trace_id, ()))
    except RaygateError as error:
        return Look("X-Ray", str(error), could=False)
    return Look(
        "X-Ray", f"{xray.name} has {found} of its documents." if found else f"{xray.name} has nothing of it.", found
    )


def _in_bucket(trace_id: str, bucket: Bucket | None, span: Span | None) -> Iterator[Look]:
    if bucket is None:
        yield Look("parked", "There is no bucket.", could=False)
        yield Look("archive", "There is no bucket.", could=False)
        return
    for place, ask in (("parked", _parked), ("archive", _archived)):
        try:
            yield ask(trace_id, bucket, span or _around(trace_id))
        except RaygateError as error:
            yield Look(place, f"It could not be asked: {error}.", could=False)


def _parked(trace_id: str, bucket: Bucket, _: Span) -> Look:
    look = Look("parked", "")
    codes = set[str]()
    for key in keys(bucket, "parked", Span()):
        if f"/{trace_id}-" in key and (stored := bucket.get(key)):
            parked = read_parked(stored)
            look.found += 1
            look.request_ids.add(parked.request_id)
            codes.add(parked.code)
    look.request_ids.discard("")
    why = f"({', '.join(sorted(codes))}): `raygate parked explain {trace_id}`"
    look.said = f"X-Ray refused {look.found} of its documents {why}." if look.found else "Nothing of it is parked."
    return look


def _archived(trace_id: str, bucket: Bucket, span: Span) -> Look:
    look, bundles = Look("archive", ""), 0
    for key in keys(bucket, "archive", span):
        bundles += 1
        if bundles > MOST_BUNDLES:
            break
        for kept in _kept(bucket, key):
            if holds(kept, trace_id):
                look.found += 1
                look.request_ids.add(kept.request_id)
    look.request_ids.discard("")
    when = f"from {span.begin:%Y-%m-%d %H:%M} to {span.end:%Y-%m-%d %H:%M} UTC" if span.begin and span.end else ""
    rest = f"; only the first {MOST_BUNDLES} objects were read" if bundles > MOST_BUNDLES else ""
    look.said = f"{look.found or 'None'} of the archived requests {when} have something of it{rest}."
    return look


def _kept(bucket: Bucket, key: str) -> Iterator[Kept]:
    stored = bucket.get(key)
    try:
        yield from kept_in(key, stored) if stored else ()
    except MessageError:
        return


def _in_queues(trace_id: str, places: Places) -> Iterator[Look]:
    names = {"live": Look("queue", "Nothing of it waits."), "dead": Look("dead letters", "Nothing of it is there.")}
    if places.file is None:
        for look in names.values():
            yield Look(look.place, "SQS shows what is in a queue only to who takes it: nobody has looked.", could=False)
        return
    with places.file.reading() as file:
        rows = file.execute(MESSAGES).fetchall()
    for queue, body, attributes in rows:
        kept = _unpacked(Packed(body, orjson.loads(attributes)), places.bucket)
        if kept and queue in names and holds(kept, trace_id):
            look = names[queue]
            look.found += 1
            look.request_ids.add(kept.request_id)
            look.said = f"{look.found} of the messages have something of it."
    for look in names.values():
        look.request_ids.discard("")
        yield look


def _unpacked(packed: Packed, bucket: Bucket | None) -> Kept | None:
    try:
        return unpack(redeem(packed, bucket))
    except RaygateError:
        return None


def _in_logs(request_ids: set[str], logs: Logs | None) -> Look:
    if logs is None:
        return Look("logs", "No log group was named: --log-group.", could=False)
    if not request_ids:
        return Look("logs", "The logs hold no trace ids, and no request of this trace is known.", could=False)
    try:
        lines = logs(sorted(request_ids))
    except RaygateError as error:
        return Look("logs", f"{error}.", could=False)
    return Look(
        "logs",
        f"{len(lines)} of its lines are about the requests that are known ({len(request_ids)}).",
        len(lines),
        lines=lines,
    )


def _around(trace_id: str) -> Span:
    """The time in a trace id, if it is one, and some before and after."""
    at_s = int(trace_id[2:10], 16)
    begin, end = (datetime.fromtimestamp(moment, UTC) for moment in (max(1, at_s - BEFORE_S), at_s + AFTER_S))
    return Span.model_validate({"from": begin, "to": end})
