"""A bucket, a queue and an X-Ray in memory, a clock that moves when somebody sleeps, and requests to put there."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from raygate.keep import Accepted, Bucket, Object, Packed, pack
from raygate.keep.bundles import bundle
from raygate.keep.layout import archive_key
from raygate.keep.parked import Parked, parked_object
from raygate.replay.asked import Asked, read
from raygate.replay.checkpoint import Checkpoint
from raygate.replay.counts import Counts
from raygate.replay.replaying import Site, carry_out
from raygate.replay.sending import Limits
from raygate.replay.sources.dead_letters import Letter
from raygate.request import Request
from raygate.settings import Settings
from tests.fake_xray import Clock

NOON_MS = 1_700_000_000_000 // 3_600_000 * 3_600_000
"""The beginning of an hour."""


@dataclass
class Shelf:
    """A bucket."""

    objects: dict[str, Object] = field(default_factory=dict)

    def put(self, key: str, stored: Object, timeout_s: float) -> None:
        assert timeout_s > 0
        self.objects[key] = stored

    def get(self, key: str) -> Object | None:
        return self.objects.get(key)

    def keys(self, prefix: str, after: str = "") -> Iterator[str]:
        yield from sorted(key for key in self.objects if key.startswith(prefix) and key > after)

    def delete(self, key: str) -> None:
        self.objects.pop(key, None)

    def below(self, prefix: str) -> list[str]:
        return list(self.keys(prefix))


@dataclass
class Pile:
    """The far end of a queue. What is taken is hidden until it is given back, or until `reappear`."""

    letters: dict[str, Packed] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)

    def receive(self, most: int) -> list[Letter]:
        seen = [name for name in self.letters if name not in self.hidden][:most]
        self.hidden.update(seen)
        return [Letter(name, name, self.letters[name]) for name in seen]

    def delete(self, letters: Sequence[Letter]) -> None:
        for letter in letters:
            self.letters.pop(letter.handle, None)

    def release(self, letters: Sequence[Letter]) -> None:
        self.hidden -= {letter.handle for letter in letters}

    def count(self) -> int:
        return len(self.letters.keys() - self.hidden)

    def reappear(self) -> None:
        self.hidden.clear()


@dataclass
class XRay:
    """Stores documents, refuses some for good, and may be made to fail: one entry of `script` a call."""

    refuses: frozenset[str] = frozenset()
    holds: frozenset[str] = frozenset()
    """Ids that it is too busy for."""
    script: Iterator[Exception | None] = field(default_factory=lambda: iter(()))
    stored: Counter[str] = field(default_factory=Counter)
    calls: list[int] = field(default_factory=list)

    def put(self, texts: list[str]) -> Mapping[str, Any]:
        fault = next(self.script, None)
        if fault:
            raise fault
        self.calls.append(len(texts))
        refused = []
        for text in texts:
            name = json.loads(text)["id"]
            if name in self.refuses:
                refused.append({"Id": name, "ErrorCode": "InvalidSegment", "Message": f"no {name}"})
            elif name in self.holds:
                refused.append({"Id": name, "ErrorCode": "ThrottledException"})
            else:
                self.stored[name] += 1
        return {"UnprocessedTraceSegments": refused}


@dataclass
class Stage:
    """All of it, and `replay`."""

    shelf: Shelf = field(default_factory=Shelf)
    pile: Pile = field(default_factory=Pile)
    xray: XRay = field(default_factory=XRay)
    clock: Clock = field(default_factory=Clock)
    bucket: bool = True
    others: dict[str, Bucket] = field(default_factory=dict)
    seen: list[Counts] = field(default_factory=list)

    def site(self) -> Site:
        return Site(
            settings=Settings(bucket="ours" if self.bucket else ""),
            put=self.xray.put,
            bucket=self.shelf if self.bucket else None,
            bucket_named=lambda name: self.others[name],
            letters=lambda _url: self.pile,
            now_ms=lambda: int(self.clock() * 1_000),
        )

    def limits(self, is_stopped: Callable[[], bool] = lambda: False, left_s: float = 1e9) -> Limits:
        until_s = self.clock() + left_s
        return Limits(lambda: until_s - self.clock(), self.clock, self.clock.sleep, is_stopped)

    def replay(self, asked: Mapping[str, Any] | Asked, name: str = "one", **limits: Any) -> list[dict[str, Any]]:
        request = read(asked) if isinstance(asked, Mapping) else asked
        return carry_out(request, name, self.site(), self.limits(**limits), self._saw)

    def _saw(self, _: Checkpoint, counts: Counts) -> None:
        assert counts.unaccounted == 0

    def archive(self, name: str, *messages: Packed, tenant: str = "shop", at_ms: int = NOON_MS) -> str:
        key = archive_key(tenant, at_ms, name)
        self.shelf.objects[key] = bundle(messages)
        return key

    def park(self, number: int, tenant: str = "shop", code: str = "InvalidSegment", at_ms: int = NOON_MS) -> str:
        parked = Parked(a_document(number), TRACE, an_id(number), code, "why", tenant, "r-1", at_ms, at_ms + 5)
        self.shelf.objects[parked.key] = parked_object(parked)
        return parked.key


TRACE = "1-68b1f2c0-5f84a1a7b3c1d2e3f4a5b6c7"


def an_id(number: int) -> str:
    return f"{number:016x}"


def a_document(number: int) -> str:
    document = {"id": an_id(number), "trace_id": TRACE, "name": "shop", "start_time": 1.5, "end_time": 2.5}
    return json.dumps(document)


def a_request(numbers: Sequence[int], tenant: str = "shop", at_ms: int = NOON_MS, bad: int = 0) -> Accepted:
    """A request with these spans, and some that are invalid."""
    spans = [
        {
            "traceId": "68b1f2c05f84a1a7b3c1d2e3f4a5b6c7",
            "spanId": an_id(number),
            "name": f"op {number}",
            "kind": 2,
            "startTimeUnixNano": "1756492480250000000",
            "endTimeUnixNano": "1756492480750000000",
            "attributes": [{"key": "http.request.header.authorization", "value": {"stringValue": "Bearer s3cret"}}],
        }
        for number in numbers
    ]
    spans += [{"traceId": "0" * 32, "spanId": "00000000000000ff", "name": "bad"}] * bad
    body = json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]}).encode()
    return Accepted(Request(body, "json", tenant=tenant), "r-1", at_ms)


def a_message(numbers: Sequence[int], tenant: str = "shop", at_ms: int = NOON_MS, bad: int = 0) -> Packed:
    return pack(a_request(numbers, tenant, at_ms, bad))
