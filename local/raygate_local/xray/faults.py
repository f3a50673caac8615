"""Faults that can be switched on: for tests, and to see what a sender makes of an X-Ray that misbehaves.

Takes   `POST /local/faults` with JSON: {"faults": [{"kind": "throttled", "operation": "PutTraceSegments",
        "share": 0.5, "times": 10}, …]}, in place of those that were there; an empty list switches all off. `GET` tells
        those that are on. Only `kind` is needed:

        * `throttled`: 429 ThrottledException. `failed`: 500 InternalFailure.
        * `slow`: the answer comes after `seconds`, 1 unless given.
        * `unprocessed`: PutTraceSegments takes all documents but these, and says `code` of them, InternalFailure
          unless given.

        `operation`: only of this one. `share`: of the calls, or of the documents; evenly, without chance. `times`:
        then it is over.
Gives   `Faults`, which says what is to go wrong now.
Raises  `InvalidRequestError` for what is no such JSON.
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias, get_args

import orjson

from raygate_local.xray.errors import InvalidRequestError

Kind: TypeAlias = Literal["throttled", "failed", "slow", "unprocessed"]

TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "kind": (str,),
    "operation": (str,),
    "share": (int, float),
    "times": (int,),
    "seconds": (int, float),
    "code": (str,),
}
MOST_SECONDS: Final = 300
NEARLY: Final = 1e-9


@dataclass(slots=True)
class Fault:
    """One that is on, and how often still."""

    kind: Kind
    operation: str | None = None
    share: float = 1.0
    times: int | None = None
    seconds: float = 1.0
    code: str = "InternalFailure"
    _due: float = 0.0

    def strikes(self) -> bool:
        """Whether it is this call, or this document."""
        if self.times == 0:
            return False
        self._due += self.share
        if self._due < 1 - NEARLY:
            return False
        self._due -= 1
        if self.times is not None:
            self.times -= 1
        return True

    def as_json(self) -> dict[str, Any]:
        """As it would be given."""
        return {name: getattr(self, name) for name in TYPES if getattr(self, name) is not None}


class Faults:
    """All that are on."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def switch(self, given: object) -> None:
        """These from now on, and no others."""
        faults = given.get("faults") if isinstance(given, dict) else None
        if not isinstance(faults, list):
            raise InvalidRequestError('Give {"faults": […]}, an empty list for none.')
        read = [_read(one) for one in faults]
        with self._lock:
            self._faults = read

    def as_json(self) -> dict[str, Any]:
        """Those that are on."""
        with self._lock:
            return {"faults": [one.as_json() for one in self._faults if one.times != 0]}

    def of_call(self, operation: str) -> list[Fault]:
        """What goes wrong with this call."""
        with self._lock:
            return [
                one
                for one in self._faults
                if one.kind != "unprocessed" and one.operation in (None, operation) and one.strikes()
            ]

    def unprocessed(self, texts: Sequence[str]) -> dict[int, dict[str, str]]:
        """Which of these documents are not processed, by their place, and what is said of them."""
        with self._lock:
            faults = [one for one in self._faults if one.kind == "unprocessed"]
            struck = {place: one for place in range(len(texts)) for one in faults if one.strikes()}
        return {place: _said(texts[place], one.code) for place, one in struck.items()}


def _said(text: str, code: str) -> dict[str, str]:
    try:
        document = orjson.loads(text)
    except ValueError:
        document = None
    known = document.get("id") if isinstance(document, dict) else None
    said = {"ErrorCode": code, "Message": "A fault that was switched on."}
    return ({"Id": known} if isinstance(known, str) else {}) | said


def _read(given: object) -> Fault:
    if not isinstance(given, dict) or given.get("kind") not in get_args(Kind):
        raise InvalidRequestError(f"A fault has a kind: {', '.join(get_args(Kind))}.")
    for name, value in given.items():
        if name not in TYPES or type(value) not in TYPES[name]:
            raise InvalidRequestError(f"A fault has no {name} of this kind; it may have {', '.join(TYPES)}.")
    fault = Fault(**given)
    if not 0 <= fault.share <= 1 or not 0 <= fault.seconds <= MOST_SECONDS or (fault.times or 0) < 0:
        raise InvalidRequestError(f"share is from 0 to 1, seconds up to {MOST_SECONDS}, times not below 0.")
    return fault
