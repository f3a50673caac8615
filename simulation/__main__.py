"""`python -m simulation [NAME …]`: the tables of docs/scaling.md. `--seed` gives another chance."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace

from simulation.counts import Counts
from simulation.run import run
from simulation.scenario import Scenario
from simulation.scenarios import SCENARIOS

HEAD = (
    "| scenario | spans sent | delivered | 429 | 500 | lost by senders | dead letters | answer p50, ms | p99 "
    "| instances | deepest queue | oldest message, s | all there after, s |"
)


def percentile(values: Sequence[float], part: float) -> float:
    """In milliseconds; 0 when there is none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] * 1000 if ordered else 0.0


def row(name: str, scenario: Scenario, counts: Counts) -> str:
    """A line of the table."""
    late_s = max(0.0, counts.last_delivery_s - scenario.seconds)
    cells = (
        f"{counts.offered:,}",
        f"{counts.delivered:,}",
        f"{counts.throttled:,}",
        f"{counts.failed:,}",
        f"{counts.lost:,}",
        f"{counts.dead:,}",
        f"{percentile(counts.answers_s, 0.5):,.0f}",
        f"{percentile(counts.answers_s, 0.99):,.0f}",
        f"{counts.instances}",
        f"{counts.deepest:,}",
        f"{counts.oldest_s:,.0f}",
        f"{late_s:,.0f}",
    )
    return f"| {name} | {' | '.join(cells)} |"


def table(name: str, seed: int) -> Iterator[str]:
    """All scenarios of that name."""
    yield HEAD
    yield "| --- " * (HEAD.count("|") - 1) + "|"
    for called, scenario in SCENARIOS[name].items():
        seeded = replace(scenario, seed=seed)
        yield row(called, seeded, run(seeded))


def main(arguments: Sequence[str] | None = None) -> None:
    """Print tables."""
    parser = argparse.ArgumentParser(prog="python -m simulation", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(SCENARIOS)}; all by default")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    for name in given.names:
        if name not in SCENARIOS:
            parser.error(f"{name!r} is none of {', '.join(SCENARIOS)}")
    for name in given.names or SCENARIOS:
        sys.stdout.write(f"{name}, seed {given.seed}\n\n")
        sys.stdout.writelines(f"{line}\n" for line in table(name, given.seed))
        sys.stdout.write("\n")


if __name__ == "__main__":
    main()
