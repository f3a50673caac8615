"""How the requests a second that a rule samples in any case are divided among those who apply the rule.

Takes   the size of the reservoir, who took part of it until when, and how many requests each sees in a second.
Gives   `shares`: everyone's part. `grant`: what one who reports may take now.
Rules   What is granted and not yet over never adds up to more than the size: one who is new gets what is left, and the
        rest when the others report again or their parts expire. Who sees few requests gets what it needs, the others
        the same each; what is left over is divided alike, for bursts. What does not fit in is sampled by the rate.
Source  X-Ray API reference, GetSamplingTargets; X-Ray developer guide, "Using sampling rules with the X-Ray API".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Final

INTERVAL_S: Final = 10
"""How long to wait before reporting again."""
TTL_S: Final = 3 * INTERVAL_S
"""How long a part counts; who does not report any more leaves its part to the others after that."""


@dataclass(frozen=True, slots=True)
class Client:
    """One who applies the rule."""

    quota: int
    until_s: int
    """To the end of this second."""
    demand: float
    """Requests a second that match the rule."""
    seen_s: float


def shares(size: int, demands: Mapping[str, float]) -> dict[str, int]:
    """Everyone's part; together they are the size."""
    by_need = sorted(demands, key=lambda one: (demands[one], one))
    parts: dict[str, int] = {}
    left = size
    for place, one in enumerate(by_need):
        parts[one] = min(max(1, ceil(demands[one])), left // (len(by_need) - place))
        left -= parts[one]
    for place, one in enumerate(reversed(by_need)):
        parts[one] += left // len(by_need) + (place < left % len(by_need))
    return parts


def grant(size: int, clients: Mapping[str, Client], name: str, requests: int, now_s: float) -> dict[str, Client]:
    """All who hold a part now, with that of the one who reports renewed."""
    held = {one: client for one, client in clients.items() if client.until_s >= int(now_s)}
    before = clients.get(name)
    elapsed_s = max(1.0, now_s - before.seen_s) if before else INTERVAL_S
    demand = requests / elapsed_s
    others = {one: client for one, client in held.items() if one != name}
    part = shares(size, {one: client.demand for one, client in others.items()} | {name: demand})[name]
    free = max(0, size - sum(client.quota for client in others.values()))
    return others | {name: Client(min(part, free), int(now_s) + TTL_S, demand, now_s)}
