"""A dry run: everything is read and converted, nothing is sent.

Gives   how many objects, requests, spans and documents there are, how many calls they make, and how long they take at
        the rate; of a run that had to stop, how many objects it did not get to.
"""

from math import ceil
from typing import Any, Final

from raygate.deliver.splitting import MOST_DOCUMENTS
from raygate.replay.checkpoint import Place
from raygate.replay.counts import Counts
from raygate.replay.loads import load
from raygate.replay.sending import NO_TIME, Limits
from raygate.replay.sources import Source
from raygate.settings import Settings

LOAD_S: Final = 60.0


def measure(source: Source, settings: Settings, rate: int, limits: Limits) -> dict[str, Any]:
    """What a replay would be."""
    counts, last, why = Counts(), "", ""
    try:
        for item in source.items(Place()):
            ready = None if limits.why() else load(item, settings, limits.budget(LOAD_S))
            if ready is None:
                why = limits.why() or NO_TIME
                break
            counts.read(item.key != last, ready.found, ready.problem)
            counts.reject(ready.rejected)
            counts.documents += sum(map(len, ready.spans))
            last = item.key
        left = source.left(last) if why else 0
    finally:
        source.close()
    told: dict[str, Any] = {
        "dry_run": True,
        "objects": counts.objects,
        "requests": counts.requests,
        "unreadable": counts.unreadable,
        "spans": counts.found,
        "rejected": counts.rejected,
        "documents": counts.documents,
        "calls": ceil(counts.documents / MOST_DOCUMENTS),
        "seconds": ceil(counts.documents / rate),
        "objects_left": left,
    }
    return told | ({"reasons": dict(counts.reasons)} if counts.reasons else {}) | ({"why": why} if why else {})
