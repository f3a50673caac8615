"""What happens to spans when X-Ray, the queue or the bucket fail: a day for each scenario, with many requests.

Run     `python -m benchmarks.faults`, with `--requests N`, `--ways direct,buffered,serve,collector,collector-batch`,
        `--only NAME …`
Gives   a table in Markdown, and below it why documents were stored twice. It ends with an error when something that
        was acknowledged is missing, when a document was refused without need, or when a count does not add up: with
        us. What the released collector leaves undone, without and with its batch processor, is only told.
Note    The scenarios and what is asserted are those of `tests/faults`; the suite runs them with fewer requests. The
        collector has no stores that could fail, and is left out where only these do; it needs Go.
"""

import argparse
import logging
import os
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks import exporter
from benchmarks.collector import live_collector
from benchmarks.exporter import NoGoError
from tests.faults.aws import Aws, aws_there
from tests.faults.days import Day, Way, environ, live
from tests.faults.load import generated
from tests.faults.scenarios import SCENARIOS, Scenario
from tests.faults.served import live_served
from tests.faults.xray import XRay, xray_there

FUNCTIONS: Final[Mapping[str, Way]] = {"direct": "direct", "buffered": "buffered"}
OURS: Final = (*FUNCTIONS, "serve")
THEIRS: Final = ("collector", "collector-batch")
COLUMNS: Final = (
    *("scenario", "way", "requests", "spans", "acknowledged", "given up", "missing", "twice"),
    *("queued", "parked", "dead", "refused at the end"),
)
CALM: Final = "nothing fails"
PRETEND: Final = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": "eu-west-1"}


def row(day: Day) -> tuple[object, ...]:
    """One line of the table. Acknowledged and what follows are documents."""
    sent = (len(day.ledger.exports), f"{day.ledger.spans:,}", f"{day.acknowledged:,}", day.given_up)
    places = (day.queued, day.parked, day.dead, day.refused)
    return (day.name, day.way, *sent, day.missing, day.twice, *places)


def line(values: Sequence[object]) -> str:
    """Markdown."""
    return f"| {' | '.join(map(str, values))} |"


@dataclass(frozen=True, slots=True)
class Stage:
    """What the days are played with."""

    xray: XRay
    aws: Aws
    program: Path | None
    """The collector; None where it could not be built."""

    def day(self, name: str, way: str, requests: int) -> Day | None:
        """One; None when there is nothing to be seen."""
        exports, scenario = [*generated(f"{name}, at length", requests)], SCENARIOS[name]
        if function := FUNCTIONS.get(way):
            return live(name, function, exports, self.xray, self.aws)
        if name != CALM and not (scenario.calls or scenario.passing or scenario.final):
            return None
        if way == "serve":
            with TemporaryDirectory() as folder:
                return live_served(name, exports, self.xray, Path(folder))
        return live_collector(name, way, exports, self.xray, self.program) if self.program else None


def built(folder: str) -> Path | None:
    """The collector; where it cannot be had, that is said."""
    try:
        exporter.build(Path(folder))
    except NoGoError as error:
        say(f"{error}.", "")
        return None
    say(f"The collector's exporter is {exporter.version()}.", "")
    return Path(folder) / "collector"


def main() -> None:
    """Print the table, line by line."""
    parser = argparse.ArgumentParser(description="What happens to spans under each fault.")
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--ways", default=",".join(OURS), help=f"of {', '.join((*OURS, *THEIRS))}")
    parser.add_argument("--only", nargs="*", default=[*SCENARIOS])
    asked = parser.parse_args()
    ways = asked.ways.split(",")
    if unknown := {*ways} - {*OURS, *THEIRS}:
        parser.error(f"there is no way {', '.join(sorted(unknown))}; the ways are {', '.join((*OURS, *THEIRS))}")
    os.environ.update(PRETEND)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    causes: dict[str, Counter[str]] = {}
    begun_s = time.monotonic()
    with xray_there() as xray, aws_there() as aws, TemporaryDirectory() as folder:
        stage = Stage(xray, aws, built(folder) if {*ways} & {*THEIRS} else None)
        say(line(COLUMNS), line(["---"] * len(COLUMNS)))
        os.environ.update(environ(Scenario(), "direct", xray, aws))
        for day in (stage.day(name, way, asked.requests) for name in asked.only for way in ways):
            if day:
                say(line(row(day)))
                causes.setdefault(day.way, Counter()).update(day.causes)
    for way, counted in ((way, counted) for way, counted in causes.items() if counted):
        say("", f"Twice, {way}:", *(f"* {count:,}: {cause}" for cause, count in counted.most_common()))
    say("", f"{time.monotonic() - begun_s:.0f} s")


def say(*lines: str) -> None:
    """At once."""
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
