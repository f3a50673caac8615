"""Which documents of a call X-Ray refused, also when it does not say.

Takes   a `Batch` and X-Ray's answer to it.
Gives   settles fates, and returns the batches that have to be sent to know more.
Rules   A refusal for good is about the document, so that the same document is refused again: the count of refusals in
        one half tells of the other.
        A call that was refused as a whole stored nothing: both halves are sent. A call with refusals without an `Id`
        stored the rest: one half is sent again, which X-Ray overwrites, and the other half is known by subtraction.
        Where the count says it all, nothing is sent: no refusals left, or as many as documents.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from raygate.deliver.fate import DELIVERED, Fate, of_entry

Answer: TypeAlias = Mapping[str, Any] | Fate
"""X-Ray's response, or the fate of a call that failed as a whole."""


class Batch(NamedTuple):
    """Documents to be sent in one call, by position."""

    positions: Sequence[int]
    others: Sequence[int] = ()
    """The other half of a call that was sent before."""
    refusals: Sequence[Fate] = ()
    """What that call refused, somewhere in both halves."""


def settle(batch: Batch, answer: Answer, ids: Sequence[str], fates: list[Fate]) -> list[Batch]:
    """Write down what the answer tells, return what is to be sent at once."""
    if isinstance(answer, Fate):
        return _settle_call(batch, answer, fates)
    named, nameless = _refusals(batch, answer, ids)
    found = [*nameless, *(refusal for refusals in named.values() for refusal in refusals)]
    rest = [position for position in batch.positions if ids[position] not in named]
    again = _settle_part(rest, nameless, fates)
    again += _settle_part(batch.others, _subtract(batch.refusals, found), fates)
    for name, refusals in named.items():
        again += _settle_part([position for position in batch.positions if ids[position] == name], refusals, fates)
    return again


def refuse(batch: Batch, fates: list[Fate]) -> None:
    """Give up looking for the culprits: X-Ray refused something here, so nothing of it is called delivered."""
    _settle_all((*batch.positions, *batch.others), batch.refusals[0], fates)


def _settle_call(batch: Batch, fate: Fate, fates: list[Fate]) -> list[Batch]:
    if fate.state != "refused":
        _settle_all((*batch.positions, *batch.others), fate, fates)
        return []
    if len(batch.positions) == 1:
        _settle_all(batch.positions, fate, fates)
        parts = [batch.others]
    else:
        middle = len(batch.positions) // 2
        parts = [batch.positions[:middle], batch.positions[middle:], batch.others]
    return [Batch(part, refusals=[fate]) for part in parts if part]


def _settle_part(positions: Sequence[int], refusals: Sequence[Fate], fates: list[Fate]) -> list[Batch]:
    """So many refusals are somewhere among these documents."""
    passing = next((refusal for refusal in refusals if refusal.is_retryable), None)
    if passing or not refusals:
        _settle_all(positions, passing or DELIVERED, fates)
        return []
    if len(refusals) >= len(positions):
        for position, refusal in zip(positions, refusals, strict=False):
            fates[position] = refusal
        return []
    middle = len(positions) // 2
    return [Batch(positions[:middle], positions[middle:], refusals)]


def _settle_all(positions: Sequence[int], fate: Fate, fates: list[Fate]) -> None:
    for position in positions:
        fates[position] = fate


def _subtract(refusals: Sequence[Fate], found: Sequence[Fate]) -> Sequence[Fate]:
    """What is left for the other half; one passing fault makes the count worthless, and the other half passing too."""
    passing = [refusal for refusal in found if refusal.is_retryable]
    return passing or refusals[len(found) :]


def _refusals(batch: Batch, answer: Mapping[str, Any], ids: Sequence[str]) -> tuple[dict[str, list[Fate]], list[Fate]]:
    known = {ids[position] for position in batch.positions}
    named: dict[str, list[Fate]] = defaultdict(list)
    nameless: list[Fate] = []
    for entry in answer.get("UnprocessedTraceSegments") or ():
        refusals = named[entry["Id"]] if entry.get("Id") in known else nameless
        refusals.append(of_entry(entry))
    return named, nameless
