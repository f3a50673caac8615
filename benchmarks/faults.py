"""What happens to spans when X-Ray, the queue or the bucket fail: a day for each scenario, with many requests.

Run     `python -m benchmarks.faults`, with `--requests N`, `--ways direct,buffered,serve`, `--only NAME …`
Gives   a table in Markdown, and below it why documents were stored twice. It ends with an error when something that
        was acknowledged is missing, when a document was refused without need, or when a count does not add up.
Note    The scenarios and what is asserted are those of `tests/faults`; the suite runs them with fewer requests.
"""

import argparse
import logging
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.faults.aws import Aws, aws_there
from tests.faults.days import Day, Way, environ, live
from tests.faults.load import generated
from tests.faults.scenarios import SCENARIOS, Scenario
from tests.faults.served import live_served
from tests.faults.xray import XRay, xray_there

WAYS: Final[tuple[Way, ...]] = ("direct", "buffered", "serve")
COLUMNS: Final = (
    *("scenario", "way", "requests", "spans", "acknowledged", "missing", "twice"),
    *("queued", "parked", "dead", "refused at the end"),
)
PRETEND: Final = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": "eu-west-1"}


def row(day: Day) -> tuple[object, ...]:
    """One line of the table. Acknowledged and what follows are documents."""
    sent = (len(day.ledger.exports), f"{day.ledger.spans:,}", f"{day.acknowledged:,}")
    places = (day.queued, day.parked, day.dead, day.refused)
    return (day.name, day.way, *sent, day.missing, day.twice, *places)


def line(values: Sequence[object]) -> str:
    """Markdown."""
    return f"| {' | '.join(map(str, values))} |"


def days(ways: Sequence[Way], names: Sequence[str], requests: int, xray: XRay, aws: Aws) -> Iterator[Day]:
    """One after the other."""
    for name in names:
        scenario = SCENARIOS[name]
        for way in ways:
            exports = [*generated(f"{name}, at length", requests)]
            if way != "serve":
                yield live(name, way, exports, xray, aws)
            elif scenario.calls or scenario.passing or scenario.final:
                with TemporaryDirectory() as folder:
                    yield live_served(name, exports, xray, Path(folder))


def main() -> None:
    """Print the table, line by line."""
    parser = argparse.ArgumentParser(description="What happens to spans under each fault.")
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--ways", default=",".join(WAYS))
    parser.add_argument("--only", nargs="*", default=[*SCENARIOS])
    asked = parser.parse_args()
    os.environ.update(PRETEND)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    causes: dict[str, Counter[str]] = {}
    begun_s = time.monotonic()
    say(line(COLUMNS), line(["---"] * len(COLUMNS)))
    with xray_there() as xray, aws_there() as aws:
        os.environ.update(environ(Scenario(), "direct", xray, aws))
        for day in days(asked.ways.split(","), asked.only, asked.requests, xray, aws):
            say(line(row(day)))
            causes.setdefault(day.way, Counter()).update(day.causes)
    for way, counted in causes.items():
        say("", f"Twice, {way}:", *(f"* {count:,}: {cause}" for cause, count in counted.most_common()))
    say("", f"{time.monotonic() - begun_s:.0f} s")


def say(*lines: str) -> None:
    """At once."""
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
