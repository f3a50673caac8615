"""Each step and end to end: CPU microseconds a span, and as a ratio to the yardstick.

Takes   `--mapping`, `--input` (both more than once), `--rounds`, `--json FILE`.
Gives   a table. Each round measures the yardstick, then every input in every mapping, with what earlier rounds left in
        the memory of attributes (warm) and with none for each request (cold).
Note    Medians over the rounds, with the middle half of the values as spread.
"""

import argparse
import gc
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import orjson

from benchmarks import passes, yardstick
from benchmarks.conversion import STEPS
from benchmarks.inputs import INPUTS, LIMITS, Input
from benchmarks.timing import Series, figure

MAPPINGS: Final = ("adot", "extended")
PASSES: Final = 4
"""So many different passes there are of an input; then they come again."""

Results = dict[tuple[str, str], dict[str, Series]]
"""By input and mapping, then by what was measured: `warm`, `cold`, the steps, `yardstick`."""


def measure(inputs: Sequence[Input], mappings: Sequence[str], rounds: int) -> Results:
    """All rounds, interleaved. Each pass follows another one of the same input, so that it finds a warm memory."""
    settings = {mapping: replace(LIMITS, mapping=mapping) for mapping in mappings}
    sizes = {(one.name, number): one.spans(number) for one in inputs for number in range(PASSES)}
    gc.collect()
    gc.freeze()  # what the inputs hold is not searched again and again
    results: Results = defaultdict(lambda: defaultdict(Series))
    for number in range(rounds):
        for one in inputs:
            for mapping, setting in settings.items():
                row, at = results[one.name, mapping], number % PASSES
                row["yardstick"].add(yardstick.measure())
                spans, requests = sizes[one.name, at], one.read_all(at)
                row["cold"].add(passes.cold(requests, setting) / spans)
                passes.warm(one.read_all((at + 1) % PASSES), setting)
                row["warm"].add(passes.warm(requests, setting) / spans)
                passes.warm(one.read_all((at + 2) % PASSES), setting)
                for name, spent in passes.by_steps(requests, setting).items():
                    row[name].add(spent / spans)
    gc.unfreeze()
    return results


def table(results: Results) -> str:
    """Markdown."""
    names = [step.name for step in STEPS]
    lines = [f"| input | mapping | warm, µs a span | cold | warm / yardstick | {' | '.join(names)} |"]
    lines.append("| --- " * (5 + len(names)) + "|")
    for (name, mapping), row in results.items():
        ratio = row["warm"].over(row["yardstick"])
        steps = " | ".join(f"{row[step].median:.1f}" for step in names)
        lines.append(
            f"| {name} | {mapping} | {figure(row['warm'])} | {figure(row['cold'])} | {figure(ratio, 2)} | {steps} |"
        )
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.steps", description=__doc__.partition("\n")[0])
    parser.add_argument("--input", action="append", choices=INPUTS, dest="inputs")
    parser.add_argument("--mapping", action="append", choices=MAPPINGS, dest="mappings")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path, help="also write all values there")
    asked = parser.parse_args(arguments)
    inputs = [INPUTS[name] for name in asked.inputs or INPUTS]
    results = measure(inputs, asked.mappings or MAPPINGS, asked.rounds)
    yards = Series([value for row in results.values() for value in row["yardstick"].values])
    print(f"yardstick: {figure(yards, 2)} µs a unit; {asked.rounds} rounds; {sys.version.split()[0]}\n")  # noqa: T201
    print(table(results))  # noqa: T201
    if asked.json:
        asked.json.write_bytes(orjson.dumps(_values(results)))


def _values(results: Results) -> dict[str, dict[str, list[float]]]:
    return {" ".join(at): {name: series.values for name, series in row.items()} for at, row in results.items()}


if __name__ == "__main__":
    main()
