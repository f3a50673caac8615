"""Look for a request that breaks something, for so many seconds: `make fuzz SECONDS=600`.

Takes   `--seconds`, `--seed` (the same seed looks at the same requests), `--again TEXT` for one request.
Gives   how many requests were looked at and how memory went; status 1 with the smallest request that breaks something,
        as text for `--again`.
Note    Hypothesis chooses the damages, so that it can take them back one by one until only the necessary ones are left.
"""

import argparse
import gc
import os
import random
import sys
import time
from base64 import b64decode
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import orjson
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from fuzz.mutation import mutated
from fuzz.requests import Sent, seeds
from fuzz.targets import check

BATCH: Final = 200
"""Requests between two looks at the clock and at memory."""

WARM: Final = 10
"""Batches after which whatever is remembered has been seen."""

MOST_GROWTH_MB: Final = 64
"""Over any number of batches after those."""


class BrokenError(Exception):
    """A request broke something; the message reproduces it."""


def look(number: int) -> None:
    """One batch."""

    @seed(number)
    @settings(
        max_examples=BATCH,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(st.randoms(use_true_random=False))
    def batch(chance: random.Random) -> None:
        sent = mutated(chance, seeds())
        try:
            check(chance, sent)
        except BaseException as error:
            raise BrokenError(f"{type(error).__name__}: {error}\nagain: {sent.reproduced()}") from error

    batch()


def memory_mb() -> int:
    """What this process has in memory."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 2**20


def run(seconds: float, first: int) -> int:
    """Batch after batch; an exit status."""
    until, number, warm_mb = time.monotonic() + seconds, 0, 0
    while time.monotonic() < until:
        try:
            look(first + number)
        except BrokenError as error:
            say(
                f"seed {first + number} found a request that breaks something:\n{error}\nbecause of {error.__cause__!r}"
            )
            return 1
        number += 1
        if number == WARM:
            warm_mb = memory_mb()
    now_mb = memory_mb()
    say(f"{number * BATCH} requests from seed {first}, nothing broke; {now_mb} MB in memory, {warm_mb} MB when warm")
    return int(number > WARM and now_mb > warm_mb + MOST_GROWTH_MB)


def again(text: str) -> None:
    """One request, as it was printed. What is wrong with it is raised."""
    headers, body = orjson.loads(b64decode(text))
    check(random.Random(0), Sent(tuple((name, value) for name, value in headers), b64decode(body)))


def say(text: str) -> None:
    """Print at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--again", metavar="TEXT")
    asked = parser.parse_args(arguments)
    if asked.again:
        again(asked.again)
        return 0
    return run(asked.seconds, asked.seed)


if __name__ == "__main__":
    sys.exit(main())
