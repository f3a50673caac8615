"""`python -m simulation.paper`: what a load needs, on paper: a division for each limit of AWS; for docs/scaling.md.

Note    Requests of 500 spans, 150 bytes each on the wire, taken by the queue or a stream first. The limits are AWS's
        own for a new account in a region of the United States, unless they say `raised`.
"""

import sys
from collections.abc import Iterator
from math import ceil
from typing import Final

from raygate_local.costing import Load, estimate, prices_of
from raygate_local.costing.load import WIRE_BYTES_A_SPAN

LOADS: Final = (1_000, 10_000, 100_000, 1_000_000)
SPANS_A_REQUEST: Final = 500
QUOTA: Final = 2_600
RAISED: Final = 26_000
SHARD_BYTES: Final = 1_000_000
SHARD_RECORDS: Final = 1_000
FIREHOSE_BYTES: Final = 5_000_000

HEAD: Final = (
    "| spans/s | requests/s, of 10,000 | ingest instances, of 1,000 | worker instances | accounts of 2,600 "
    "| accounts of 26,000 | Kinesis shards | Firehose streams | MB/s | X-Ray, $ a month | all else, $ |"
)


def row(spans_per_second: int) -> str:
    """One load."""
    load = Load(
        spans_per_second,
        spans_per_request=SPANS_A_REQUEST,
        body_bytes=SPANS_A_REQUEST * WIRE_BYTES_A_SPAN,
        buffered=True,
    )
    bill = estimate(load, prices_of("us-east-1", "arm64"))
    requests = bill.quantities["requests_per_second"]
    of_bytes = spans_per_second * WIRE_BYTES_A_SPAN
    of_xray = sum(one.dollars for one in bill.costs if one.item.service == "X-Ray")
    workers = requests / bill.quantities["batch"] * bill.quantities["batch_ms"] / 1000
    cells = (
        spans_per_second,
        ceil(requests),
        int(bill.quantities["ingest_concurrency"]),
        ceil(workers),
        ceil(spans_per_second / QUOTA),
        ceil(spans_per_second / RAISED),
        max(ceil(of_bytes / SHARD_BYTES), ceil(requests / SHARD_RECORDS)),
        ceil(of_bytes / FIREHOSE_BYTES),
        round(of_bytes / 1e6, 2),
        round(of_xray),
        round(bill.dollars - of_xray),
    )
    return f"| {' | '.join(f'{cell:,}' for cell in cells)} |"


def table() -> Iterator[str]:
    """All loads."""
    yield HEAD
    yield "| --- " * (HEAD.count("|") - 1) + "|"
    yield from map(row, LOADS)


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in table())
