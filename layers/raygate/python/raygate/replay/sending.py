"""A group of documents to X-Ray, again and again until each is settled or there is no use in going on.

Takes   documents, and `Limits`: how long there is, and whether somebody wants it to stop.
Gives   for each document its `Fate`, and the text that was sent last. A fate that is neither delivered nor refused
        means: it stays where it is kept.
Rules   No more than a part of a second's worth at once, and each try is the pace's to allow: `deliver` makes none of
        its own. What X-Ray took is not sent again. The rest is tried until nothing at all got through for `PATIENCE_S`;
        with wrong credentials once.
"""

from collections.abc import Callable, Sequence
from typing import Final

from raygate.deliver import Budget, Fate, deliver
from raygate.deliver.fate import LATE
from raygate.deliver.pace import Pace
from raygate.records import dataclass
from raygate.replay.loads import Document
from raygate.segment.refit import refit

PATIENCE_S: Final = 120.0
GLANCE_S: Final = 0.5
NO_TIME: Final = "its time was up"
STOPPED: Final = "it was stopped"
"""By a person, who does not want it to go on by itself."""
TRY_S: Final = 8.0
"""For the calls of one try."""
NEVER: Final = 1e9


@dataclass(frozen=True, slots=True)
class Limits:
    """What ends a run early."""

    left_s: Callable[[], float]
    """Seconds until it has to be over."""
    clock: Callable[[], float]
    sleep: Callable[[float], None]
    is_stopped: Callable[[], bool] = lambda: False
    """Whether somebody wants it to stop."""

    def budget(self, seconds: float = TRY_S) -> Budget:
        """For one step, with one try: the pause before another would be longer than the time there is."""
        return Budget.of(min(seconds, self.left_s()), clock=self.clock, sleep=self.sleep, jitter=lambda: NEVER)

    def why(self) -> str:
        """Why it has to stop now; empty while it may go on."""
        if self.is_stopped():
            return STOPPED
        return "" if self.left_s() > 0 else NO_TIME


@dataclass(slots=True)
class Sent:
    """What became of a group."""

    fates: list[Fate]
    texts: list[str]
    calls: int = 0
    why: str = ""
    """Why something of it is not settled."""


def is_settled(fate: Fate) -> bool:
    """Whether X-Ray has said its last word."""
    return fate.state in {"delivered", "refused"}


def send(documents: Sequence[Document], pace: Pace, limits: Limits) -> Sent:
    """Send until all are settled, or tell why not."""
    sent = Sent([LATE] * len(documents), [document.text for document in documents])
    tries = [0] * len(documents)
    since_s = limits.clock()
    while waiting := [at for at, fate in enumerate(sent.fates) if not is_settled(fate)]:
        sent.why = _why(sent, waiting, limits, since_s) or _wait(pace, limits)
        if sent.why:
            break
        now = sorted(waiting, key=tries.__getitem__)[: pace.most_at_once]
        for at in now:
            tries[at] += 1
        if _once(sent, now, documents, pace, limits):
            since_s = limits.clock()
    return sent


def _why(sent: Sent, waiting: Sequence[int], limits: Limits, since_s: float) -> str:
    if limits.why():
        return limits.why()
    hopeless = next((fate for at in waiting if not (fate := sent.fates[at]).is_retryable), None)
    if hopeless:
        return f"X-Ray cannot take spans now ({hopeless.reason})"
    if limits.clock() - since_s >= PATIENCE_S:
        return f"X-Ray took nothing for {PATIENCE_S:.0f} s ({sent.fates[waiting[0]].reason})"
    return ""


def _wait(pace: Pace, limits: Limits) -> str:
    """Wait for the pace's next turn, with an eye on who wants it to stop; tells why there is none."""
    while due_s := pace.due_s():
        if due_s >= limits.left_s():
            return NO_TIME
        limits.sleep(min(due_s, GLANCE_S))
        if limits.why():
            return limits.why()
    return ""


def _once(sent: Sent, now: Sequence[int], documents: Sequence[Document], pace: Pace, limits: Limits) -> bool:
    """One try; whether anything got through."""
    texts, ids = [sent.texts[at] for at in now], [documents[at].id for at in now]
    delivery = deliver(texts, ids, pace.put, limits.budget(), refit)
    sent.calls += delivery.calls
    for at, fate, text in zip(now, delivery.fates, delivery.texts, strict=True):
        sent.fates[at], sent.texts[at] = fate, text
    got_through = any(map(is_settled, delivery.fates))
    pace.learn(is_stuck=not got_through)
    return got_through
