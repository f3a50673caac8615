"""PutTraceSegments: as few calls as possible, side by side, and each document's fate known by its position.

Takes   documents as JSON texts with their ids, `put`, and the time there is.
Gives   `Delivery`: one `Fate` a document, and how many calls it took.
Rules   A try sends whatever is not settled, 50 documents a call; then comes a pause and the next try, while there is
        time. What X-Ray took is settled and not sent again. X-Ray tells by `Id` which documents it refused; where it
        does not, the culprit is found by halves (`halving.py`). Whatever is not settled at the end is unavailable.
        A call that hangs or drips is left behind when time is up: only then is an answer in time certain. Should it
        reach X-Ray after all, the sender's next try has the same ids and overwrites it.
Source  X-Ray API reference, PutTraceSegments: 50 documents a call, `UnprocessedTraceSegments`.
"""

from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from functools import cache
from typing import Final, NamedTuple

from raygate.deliver.budget import Budget
from raygate.deliver.fate import CALL_FAILED, LATE, Fate, Put, of_error
from raygate.deliver.halving import Answer, Batch, refuse, settle

MOST_DOCUMENTS: Final = 50
SIDE_BY_SIDE: Final = 8
MOST_THREADS: Final = 64
"""For all requests together, calls that hang among them."""
MOST_HALVES: Final = 200
"""Calls that one request may spend on finding culprits."""

PAUSES_S: Final = (0.0, 0.2, 0.4, 0.8, 1.6)
"""The longest pause before each try; a random part of it is taken, so that throttled callers spread."""


class Delivery(NamedTuple):
    """What became of the documents, by position."""

    fates: list[Fate]
    calls: int


def deliver(texts: Sequence[str], ids: Sequence[str], put: Put, budget: Budget) -> Delivery:
    """Send the documents until each is settled or time is up."""
    fates = [LATE] * len(texts)
    calls = 0
    for pause_s in PAUSES_S:
        work = _cut([position for position, fate in enumerate(fates) if fate.is_retryable])
        if not work or not budget.pause(pause_s):
            break
        halves = MOST_HALVES
        while work and budget.left_s():
            calls += len(work)
            answers = _send(work, texts, put, budget)
            found = [half for batch, answer in answers for half in settle(batch, answer, ids, fates)]
            work, rest = found[:halves], found[halves:]
            halves -= len(work)
            for batch in rest:
                refuse(batch, fates)
    return Delivery(fates, calls)


def _cut(positions: Sequence[int]) -> list[Batch]:
    starts = range(0, len(positions), MOST_DOCUMENTS)
    return [Batch(positions[start : start + MOST_DOCUMENTS]) for start in starts]


@cache
def _threads() -> ThreadPoolExecutor:
    """Threads that stay for the next request: starting one costs more than converting a span does."""
    return ThreadPoolExecutor(MOST_THREADS, thread_name_prefix="put")


def _send(work: Sequence[Batch], texts: Sequence[str], put: Put, budget: Budget) -> list[tuple[Batch, Answer]]:
    """Make the calls side by side, in as many lanes as there may be; what has no answer in time is late."""
    waiting = deque(enumerate(work))
    answers: list[Answer] = [LATE] * len(work)

    def lane() -> None:
        while waiting:
            try:
                index, batch = waiting.popleft()
            except IndexError:
                return  # another lane was quicker
            answers[index] = _answer(put, [texts[position] for position in batch.positions])

    lanes = [_threads().submit(lane) for _ in range(min(SIDE_BY_SIDE, len(work)))]
    done, late = wait(lanes, timeout=budget.left_s())
    waiting.clear()
    for one in late:
        one.cancel()
    for one in done:
        one.result()  # raises what nobody foresaw
    return list(zip(work, tuple(answers), strict=True))


def _answer(put: Put, texts: list[str]) -> Answer:
    try:
        return put(texts)
    except CALL_FAILED as error:
        return of_error(error)
