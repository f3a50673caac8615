"""Which documents of a call X-Ray refused, also when it does not say.

Takes   a `Batch` and X-Ray's answer to it.
Gives   settles fates, and returns the batches that have to be sent to know more.
Rules   Each answer speaks of its own call and of no other: a document is delivered when a call with it had no refusal
        that could be its own, and refused when a call had as many refusals as documents. Anything between is sent
        again in two halves. So it does not matter whether X-Ray says the same thing twice. What it stored already it
        overwrites.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

from raygate.deliver.fate import DELIVERED, Fate, of_entry

Answer: TypeAlias = Mapping[str, Any] | Fate
"""X-Ray's response, or the fate of a call that failed as a whole."""

Batch: TypeAlias = Sequence[int]
"""Documents to be sent in one call, by position."""

UNKNOWN: Final = Fate("unavailable", "too many refusals to tell apart")


def settle(batch: Batch, answer: Answer, ids: Sequence[str], fates: list[Fate]) -> list[Batch]:
    """Write down what the answer tells, return what is to be sent at once."""
    if isinstance(answer, Fate):
        if answer.state == "refused" and len(batch) > 1:
            return _halves(batch)  # nothing of it was stored
        _settle_all(batch, answer, fates)
        return []
    named, nameless = _refusals(batch, answer, ids)
    again = _settle_part([position for position in batch if ids[position] not in named], nameless, fates)
    for name, refusals in named.items():
        again += _settle_part([position for position in batch if ids[position] == name], refusals, fates)
    return again


def give_up(batch: Batch, fates: list[Fate]) -> None:
    """Look no further: X-Ray refused something here, so nothing of it is called delivered, and nothing refused."""
    _settle_all(batch, UNKNOWN, fates)


def _settle_part(positions: Batch, refusals: Sequence[Fate], fates: list[Fate]) -> list[Batch]:
    """So many refusals are somewhere among these documents."""
    passing = next((refusal for refusal in refusals if refusal.is_retryable), None)
    if passing or not refusals:
        _settle_all(positions, passing or DELIVERED, fates)
        return []
    if len(refusals) < len(positions):
        return _halves(positions)
    for position, refusal in zip(positions, refusals, strict=False):
        fates[position] = refusal
    return []


def _halves(positions: Batch) -> list[Batch]:
    middle = len(positions) // 2
    return [positions[:middle], positions[middle:]]


def _settle_all(positions: Batch, fate: Fate, fates: list[Fate]) -> None:
    for position in positions:
        fates[position] = fate


def _refusals(batch: Batch, answer: Mapping[str, Any], ids: Sequence[str]) -> tuple[dict[str, list[Fate]], list[Fate]]:
    known = {ids[position] for position in batch}
    named: dict[str, list[Fate]] = defaultdict(list)
    nameless: list[Fate] = []
    for entry in answer.get("UnprocessedTraceSegments") or ():
        refusals = named[entry["Id"]] if entry.get("Id") in known else nameless
        refusals.append(of_entry(entry))
    return named, nameless
