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

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from raygate.deliver.budget import Budget
from raygate.deliver.fate import CALL_FAILED, LATE, Fate, Put, of_error
from raygate.deliver.halving import Answer, Batch, refuse, settle

MOST_DOCUMENTS: Final = 50
SIDE_BY_SIDE: Final = 8
MOST_HALVES: Final = 200
"""Calls that one request may spend on finding culprits."""

PAUSES_S: Final = (0.0, 0.2, 0.4, 0.8, 1.6)
"""The longest pause before each try; a random part of it is taken, so that throttled callers spread."""


@dataclass(frozen=True, slots=True)
class Delivery:
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
        with _side_by_side(len(work)) as pool:
            while work and budget.left_s():
                calls += len(work)
                answers = _send(work, texts, put, pool, budget)
                found = [half for batch, answer in answers for half in settle(batch, answer, ids, fates)]
                work, rest = found[:halves], found[halves:]
                halves -= len(work)
                for batch in rest:
                    refuse(batch, fates)
    return Delivery(fates, calls)


def _cut(positions: Sequence[int]) -> list[Batch]:
    starts = range(0, len(positions), MOST_DOCUMENTS)
    return [Batch(positions[start : start + MOST_DOCUMENTS]) for start in starts]


@contextmanager
def _side_by_side(calls: int) -> Iterator[ThreadPoolExecutor]:
    """Threads for the calls of one try; at its end nobody waits for those that hang."""
    pool = ThreadPoolExecutor(min(SIDE_BY_SIDE, calls), thread_name_prefix="put")
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _send(
    work: Sequence[Batch], texts: Sequence[str], put: Put, pool: ThreadPoolExecutor, budget: Budget
) -> list[tuple[Batch, Answer]]:
    futures = [pool.submit(put, [texts[position] for position in batch.positions]) for batch in work]
    wait(futures, timeout=budget.left_s())
    return [(batch, _answer(future)) for batch, future in zip(work, futures, strict=True)]


def _answer(future: Future[Mapping[str, Any]]) -> Answer:
    if not future.done():
        future.cancel()
        return LATE
    try:
        return future.result()
    except CALL_FAILED as error:
        return of_error(error)
