"""Where each span ended, counted once.

Takes   the documents' owners and fates, and the spans that never became a document.
Gives   the states of `Outcome`. A span is where the worst of its documents is: delivered when all of them are; queued
        or parked when the rest of it is delivered or kept; given back to the sender when one of them is nowhere, since
        the sender sends the whole request again; else it is rejected.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final, TypedDict

from raygate.deliver import Fate
from raygate.request import Rejection

BADNESS: Final = {"delivered": 0, "queued": 1, "parked": 2, "refused": 3, "throttled": 4, "unavailable": 5}


class States(TypedDict):
    """The part of `Outcome` that is counted here."""

    delivered: int
    queued: int
    parked: Counter[str]
    rejected: Counter[str]
    returned: int
    unavailable: str
    throttled: bool


def tally(owners: Sequence[int], fates: Sequence[Fate], rejections: Iterable[Rejection]) -> States:
    """Count the spans by state."""
    spans: dict[int, Fate] = {}
    for owner, fate in zip(owners, fates, strict=True):
        known = spans.get(owner)
        if known is None or BADNESS[fate.state] > BADNESS[known.state]:
            spans[owner] = fate
    others = [fate for fate in spans.values() if fate.state != "delivered"]  # nearly always none
    rejected = Counter(rejection.reason for rejection in rejections)
    rejected.update(f"X-Ray refused the document: {fate.reason}" for fate in others if fate.state == "refused")
    returned = [fate for fate in others if fate.state in {"throttled", "unavailable"}]
    return States(
        delivered=len(spans) - len(others),
        queued=sum(fate.state == "queued" for fate in others),
        parked=Counter(fate.reason for fate in others if fate.state == "parked"),
        rejected=rejected,
        returned=len(returned),
        unavailable=_why(returned),
        throttled=bool(returned) and all(fate.state == "throttled" for fate in returned),
    )


def _why(returned: Sequence[Fate]) -> str:
    if not returned:
        return ""
    worst = max(returned, key=lambda fate: BADNESS[fate.state])
    trouble = "is throttling" if worst.state == "throttled" else "cannot take spans now"
    return f"X-Ray {trouble} ({worst.reason})"
