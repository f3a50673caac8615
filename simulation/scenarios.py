"""The situations of docs/scaling.md, by name: each is a table there, a row for each of its scenarios."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from simulation.scenario import Scenario

SPIKE: Final = Scenario(500, spike=(60, 120), spike_factor=8)
OUTAGE: Final = Scenario(1_000, seconds=900, outage=(60, 660))
FLOOD: Final = Scenario(1_000, spike=(60, 180), spike_factor=20, seconds=240)
BATCHES: Final = Scenario(1_500, 500, seconds=900, outage=(60, 660), delivery="buffered")
SHARD: Final = Scenario(20_000, 500, 120, "buffered", quota=26_000)

SCENARIOS: Final[Mapping[str, Mapping[str, Scenario]]] = {
    "quota": {
        f"{rate:,} spans/s, {delivery}": Scenario(rate, delivery=delivery, seconds=180)
        for rate in (1_300, 2_340, 3_900)
        for delivery in ("direct", "buffered")
    },
    "spike": {"direct": SPIKE, "buffered": replace(SPIKE, delivery="buffered")},
    "outage": {
        "direct": OUTAGE,
        "buffered": replace(OUTAGE, delivery="buffered"),
        "direct, 2 receives": replace(OUTAGE, max_receives=2),
    },
    "batches": {f"{size} messages a batch": replace(BATCHES, batch_size=size) for size in (50, 10, 5)},
    "flood": {
        "direct": FLOOD,
        "buffered": replace(FLOOD, delivery="buffered"),
        "direct, throttle 1,000, 100 instances": replace(
            FLOOD, api_rate=1_000, api_burst=2_000, ingest_concurrency=100
        ),
    },
    "workers": {
        f"{workers} workers": replace(SHARD, deliver_concurrency=workers, batch_size=5) for workers in (2, 3, 4, 8)
    },
}
