"""The yardstick: a fixed piece of work, whose definition never changes, so that ratios to it can be compared.

Gives   `measure`: CPU microseconds for one unit. A unit is what a small program does with one record: inflate and
        parse its share, look a dozen keys up, put a dict of eight together, write it as JSON.
Note    What it does and how often is part of every recorded figure. Whoever wants another one makes a second.
"""

import time
import zlib
from random import Random
from typing import Final

import orjson

RECORDS: Final = 500
MEMBERS: Final = 12


def _records() -> bytes:
    random = Random(1)  # noqa: S311 - the same on every machine, on purpose
    rows = [{f"key.{n}": f"{random.getrandbits(64):x}" for n in range(MEMBERS)} for _ in range(RECORDS)]
    return zlib.compress(orjson.dumps(rows), 6)


PACKED: Final = _records()
WANTED: Final = tuple(f"key.{n}" for n in range(0, 2 * MEMBERS, 2))


def work() -> int:
    """All units once."""
    size = 0
    for row in orjson.loads(zlib.decompress(PACKED)):
        found = {}
        for key in WANTED:
            value = row.get(key)
            if value is not None:
                found[key] = value
        left = {key: value for key, value in row.items() if key not in found}
        document = {"id": row["key.0"][:16], "name": f"{row['key.1']}-{row['key.2']}", "found": found, "left": left}
        size += len(orjson.dumps(document).decode())
    return size


def measure(times: int = 4) -> float:
    """CPU microseconds for a unit, now."""
    started = time.process_time_ns()
    for _ in range(times):
        work()
    return (time.process_time_ns() - started) / 1_000 / (times * RECORDS)
