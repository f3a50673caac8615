"""PutTraceSegments: as few calls as possible, side by side, and each document's fate known by its position.

Takes   documents as JSON texts with their ids, `put`, the time there is, and who can mend a refused document.
Gives   `Delivery`: one `Fate` a document, the texts as they were sent last, and how many calls it took.
Rules   A try sends whatever is not settled, 50 documents a call; then comes a pause and the next try, while there is
        time. What X-Ray took is settled and not sent again. X-Ray tells by `Id` which documents it refused; where it
        does not, the culprit is found in smaller groups (`splitting.py`). A refused document is mended once, if it can
        be, and sent again. Whatever is not settled at the end is unavailable.
        A call that hangs or drips is left behind when time is up: only then is an answer in time certain. Should it
        reach X-Ray after all, the next try has the same ids and overwrites it.
Source  X-Ray API reference, PutTraceSegments: 50 documents a call, `UnprocessedTraceSegments`.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, NamedTuple

from raygate.deliver.budget import Budget
from raygate.deliver.fate import CALL_FAILED, LATE, MENDED, Fate, Mend, Put, of_error
from raygate.deliver.splitting import Answer, Batch, Splitting, full_calls
from raygate.lanes import Lanes

MOST_MORE: Final = 200
"""Calls that one request may spend on finding culprits."""

PAUSES_S: Final = (0.0, 0.2, 0.4, 0.8, 1.6)
"""The longest pause before each try; a random part of it is taken, so that throttled callers spread."""

_LANES: Final = Lanes("put")


class Delivery(NamedTuple):
    """What became of the documents, by position."""

    fates: list[Fate]
    calls: int
    texts: Sequence[str] = ()
    """The documents as they were sent last."""
    mended: int = 0
    """Documents that X-Ray refused and that were changed for it."""


def beyond_repair(_text: str, _code: str) -> None:
    """Mend nothing."""


def deliver(texts: Sequence[str], ids: Sequence[str], put: Put, budget: Budget, mend: Mend = beyond_repair) -> Delivery:
    """Send the documents until each is settled or time is up."""
    delivering = _Delivering(list(texts), ids, put, budget, mend)
    for pause_s in PAUSES_S:
        work = delivering.work()
        if not work or not budget.pause(pause_s):
            break
        delivering.send_until_told(work)
        delivering.mend_refused()
    return Delivery(delivering.fates, delivering.calls, delivering.texts, len(delivering.mended))


class _Delivering:
    """One delivery while it lasts."""

    def __init__(self, texts: list[str], ids: Sequence[str], put: Put, budget: Budget, mend: Mend) -> None:
        self.texts = texts
        self.fates = [LATE] * len(texts)
        self.calls = 0
        self.mended: set[int] = set()
        self._splitting = Splitting(ids, self.fates)
        self._put = put
        self._budget = budget
        self._mend = mend
        self._more = MOST_MORE

    def work(self) -> list[Batch]:
        """What another try would send."""
        work = self._splitting.cut(self._more)
        self._more -= len(work) - full_calls(sum(map(len, work)))
        return work

    def send_until_told(self, work: list[Batch]) -> None:
        """Send the batches, and groups of them for as long as X-Ray does not say whom it refused."""
        while work and self._budget.left_s():
            self.calls += len(work)
            answers = self._send(work)
            found = [group for batch, answer in answers for group in self._splitting.settle(batch, answer)]
            work, rest = found[: self._more], found[self._more :]
            self._more -= len(work)
            for batch in rest:
                self._splitting.give_up(batch)

    def mend_refused(self) -> None:
        """Each refused document has one chance: then it is sent again."""
        for position, fate in enumerate(self.fates):
            if fate.state == "refused" and position not in self.mended:
                text = self._mend(self.texts[position], fate.reason)
                if text is not None:
                    self.mended.add(position)
                    self.texts[position], self.fates[position] = text, MENDED

    def _send(self, work: Sequence[Batch]) -> list[tuple[Batch, Answer]]:
        calls: list[Callable[[], Answer]] = [
            partial(_answer, self._put, [self.texts[position] for position in batch]) for batch in work
        ]
        late: Answer = LATE
        answers = _LANES.run(calls, late, self._budget.left_s())
        return list(zip(work, answers, strict=True))


def _answer(put: Put, texts: list[str]) -> Answer:
    try:
        return put(texts)
    except CALL_FAILED as error:
        return of_error(error)
