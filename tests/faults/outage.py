"""An hour without X-Ray, on a clock that jumps: endpoint, queue, workers and replay as they are, each in its own time.

Gives   `World`: who acts when. An actor runs to its end at once, on a `Moment` of its own that its pauses and calls
        move; then its next turn is put on the list. So many senders wait side by side, and nobody really waits.
        `XRay`: takes nothing for an hour, by four kinds of fault, and then what its quota lets through each second.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from botocore.exceptions import ClientError, ConnectTimeoutError, EndpointConnectionError

from raygate.deliver import Budget, Put
from simulation.clock import Clock

HOUR_S: Final = 3_600.0
BEGIN_S: Final = 60.0
END_S: Final = BEGIN_S + HOUR_S
CALL_S: Final = 0.03
CONNECT_S: Final = 2.0


@dataclass
class Moment:
    """An actor's own time."""

    now_s: float
    _begun_s: float = 0.0

    def __post_init__(self) -> None:
        self._begun_s = self.now_s

    def __call__(self) -> float:
        """What its clock says."""
        return self.now_s

    def sleep(self, seconds: float) -> None:
        """It waits."""
        self._begun_s = self.now_s = self.now_s + seconds

    def call(self, seconds: float) -> float:
        """A call of so many seconds, side by side with those that began with it; when it began."""
        self.now_s = max(self.now_s, self._begun_s + seconds)
        return self._begun_s


def _answer(code: str, status: int) -> Exception:
    response: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(response, "PutTraceSegments")


THROTTLED: Final = _answer("ThrottledException", 429)
URL: Final = "https://xray"
FAULTS: Final[Sequence[tuple[float, Exception]]] = (
    (CALL_S, THROTTLED),
    (CALL_S, _answer("InternalServerError", 500)),
    (CALL_S, EndpointConnectionError(endpoint_url=URL)),
    (CONNECT_S, ConnectTimeoutError(endpoint_url=URL)),
)
"""One after the other, a quarter of the hour each."""


@dataclass
class XRay:
    """Away for an hour, and afterwards no quicker than its quota."""

    quota: int
    stored: Counter[str] = field(default_factory=Counter)
    """How often each id was."""
    taken: Counter[int] = field(default_factory=Counter)
    """Segments by second."""
    asked: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    """By who sent them, and second: also what was not taken."""

    def put(self, who: str, moment: Moment, texts: Sequence[str]) -> Mapping[str, Any]:
        """PutTraceSegments."""
        begun_s = moment.call(0.0)
        self.asked[who][int(begun_s)] += len(texts)
        if BEGIN_S <= begun_s < END_S:
            seconds, fault = FAULTS[int((begun_s - BEGIN_S) / HOUR_S * len(FAULTS))]
            moment.call(seconds)
            raise fault
        moment.call(CALL_S)
        if self.taken[int(begun_s)] + len(texts) > self.quota:
            raise THROTTLED
        self.taken[int(begun_s)] += len(texts)
        self.stored.update(json.loads(text)["id"] for text in texts)
        return {}


@dataclass
class World:
    """Its time, and whose turn it is."""

    xray: XRay
    clock: Clock = field(default_factory=Clock)
    moment: Moment = field(default_factory=lambda: Moment(0.0))
    """Of the actor whose turn it is."""
    random: Random = field(default_factory=lambda: Random("outage"))  # noqa: S311 - chance that can be repeated

    def now_s(self) -> float:
        """For whoever asks."""
        return self.moment()

    def now_ms(self) -> int:
        """The same."""
        return int(self.moment() * 1_000)

    def sleep(self, seconds: float) -> None:
        """Of the actor whose turn it is."""
        self.moment.sleep(seconds)

    def budget(self, seconds: float) -> Budget:
        """So many seconds of the actor's own time."""
        return Budget.of(seconds, clock=self.now_s, sleep=self.sleep, jitter=self.random.random)

    def put_of(self, who: str) -> Put:
        """X-Ray, as one of them reaches it."""
        return lambda texts: self.xray.put(who, self.moment, texts)

    def every(self, act: Callable[[], float], until_s: float) -> None:
        """Act again and again; it says after how many seconds of rest."""

        def turn() -> None:
            self.moment = Moment(self.clock.now)
            rest_s = act()
            next_s = self.moment() + rest_s
            if next_s < until_s:
                self.clock.after(next_s - self.clock.now, turn)

        self.clock.after(0.0, turn)
