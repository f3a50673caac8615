"""Look for a span of which the released exporter and we make different documents: `make compare COUNT=20000`.

Takes   `--count` requests, each in all encodings and under one of the options; `--seed`, for others (the same seed
        makes the same requests); `--again NUMBER` for one of them with all that is known of it; `--record FILE`.
Gives   how many are the same, and status 1 with the first places where some are not.
Needs   Go, and the exporter's modules; says so where they are not to be had.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import exporter
from benchmarks.exporter import Converter, NoGoError
from compare.comparing import Comparison
from compare.recording import record

A_SEED = 1_000_000
"""Requests that one seed has."""


def say(text: str) -> None:
    """Print at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m compare", description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--again", type=int, metavar="NUMBER")
    parser.add_argument("--record", type=Path, metavar="FILE", help="keep the most telling ones with their documents")
    asked = parser.parse_args(arguments)
    with TemporaryDirectory() as folder:
        try:
            exporter.build(Path(folder), "converter")
        except NoGoError as error:
            say(f"{error}.")
            return 0
        with Converter(Path(folder) / "converter", Path(folder)) as converter:
            comparison = Comparison(converter, int(time.time()))
            first = asked.seed * A_SEED
            if asked.record:
                say(record(asked.record, comparison, range(first, first + asked.count)))
                return 0
            if asked.again is not None:
                say(comparison.told(asked.again))
                return 0
            comparison.look(range(first, first + asked.count))
            say(f"seed {asked.seed}, exporter {exporter.version()}: {comparison.summary()}")
            return int(bool(comparison.differing))


if __name__ == "__main__":
    sys.exit(main())
