"""Ours and the released exporter, side by side on the same requests: CPU microseconds a span, and the ratio.

Takes   `--input` (more than once), `--rounds`, `--mapping`, `--json FILE`.
Gives   a table. In each round each input is converted by the exporter, by us with a warm memory, and by us with a cold
        one; the ratio is that of one round. `lowest` is warm over exporter by the lowest value of each, which others on
        the machine disturb least. First it is checked that both make as many documents of the same spans.
Note    Go runs on one thread (GOMAXPROCS=1), its garbage collector included; how the exporter is measured without a
        network is told in peer/converter/main.go. Python's side is `benchmarks.conversion`.
"""

import argparse
import gc
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import orjson

from benchmarks import exporter, passes, yardstick
from benchmarks.conversion import STEPS
from benchmarks.exporter import Converter, NoGoError
from benchmarks.inputs import INPUTS, LIMITS, Input
from benchmarks.steps import MAPPINGS, PASSES, Results
from benchmarks.timing import Series, figure
from raygate.settings import Settings

ADOT: Final = replace(LIMITS, mapping="adot")


class UnequalError(Exception):
    """The two do not do the same work."""


def measure(inputs: Sequence[Input], mappings: Sequence[str], rounds: int, peer: Converter) -> Results:
    """All rounds, interleaved."""
    settings = {mapping: replace(LIMITS, mapping=mapping) for mapping in mappings}
    sizes = {(one.name, number): _load(one, number, peer) for one in inputs for number in range(PASSES)}
    gc.collect()
    gc.freeze()
    results: Results = defaultdict(lambda: defaultdict(Series))
    for number in range(rounds):
        at = number % PASSES
        for one in inputs:
            for mapping, setting in settings.items():
                _round(results[one.name, mapping], _Pass(one, at, sizes[one.name, at]), setting, peer)
    gc.unfreeze()
    return results


@dataclass(frozen=True, slots=True)
class _Pass:
    input: Input
    number: int
    spans: int


def _round(row: dict[str, Series], one: _Pass, settings: Settings, peer: Converter) -> None:
    requests = one.input.read_all(one.number)
    row["yardstick"].add(yardstick.measure())
    row["cold"].add(passes.cold(requests, settings) / one.spans)
    row["exporter"].add(peer.measure(_name(one.input, one.number)) / one.spans)
    passes.warm(one.input.read_all((one.number + 1) % PASSES), settings)
    row["warm"].add(passes.warm(requests, settings) / one.spans)


def _name(one: Input, number: int) -> str:
    return f"{one.name}-{number}"


def _load(one: Input, number: int, peer: Converter) -> int:
    told = peer.load(_name(one, number), one.requests(number), one.encoding)
    ours = _documents(one, number)
    if told["documents"] != ours:
        raise UnequalError(f"{one.name}: the exporter makes {told['documents']} documents, we make {ours}")
    spans: int = told["spans"]
    return spans


def _documents(one: Input, number: int) -> int:
    count = 0
    for request in one.read_all(number):
        made: Any = request
        for step in STEPS[:-1]:
            made = step.run(made, ADOT)
        count += len(made)
    return count


def table(results: Results) -> str:
    """Markdown."""
    columns = ["input", "mapping", "exporter, µs a span", "ours, warm", "ours, cold", "warm / exporter"]
    columns += ["cold / exporter", "lowest"]
    lines = [f"| {' | '.join(columns)} |", "| --- " * len(columns) + "|"]
    for (name, mapping), row in results.items():
        times = [figure(row[which]) for which in ("exporter", "warm", "cold")]
        ratios = [figure(row[which].over(row["exporter"]), 2) for which in ("warm", "cold")]
        lowest = f"{min(row['warm'].values) / min(row['exporter'].values):.2f}"
        lines.append(f"| {' | '.join([name, mapping, *times, *ratios, lowest])} |")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peer", description=__doc__.partition("\n")[0])
    parser.add_argument("--input", action="append", choices=INPUTS, dest="inputs")
    parser.add_argument("--mapping", action="append", choices=MAPPINGS, dest="mappings")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", type=Path, help="also write all values there")
    asked = parser.parse_args(arguments)
    inputs = [INPUTS[name] for name in asked.inputs or INPUTS]
    with TemporaryDirectory() as folder:
        try:
            exporter.build(Path(folder))
        except NoGoError as error:
            print(f"{error}.")  # noqa: T201
            return
        with Converter(Path(folder) / "converter", Path(folder)) as peer:
            results = measure(inputs, asked.mappings or MAPPINGS, asked.rounds, peer)
    print(f"exporter {exporter.version()}; {asked.rounds} rounds; Python {sys.version.split()[0]}\n")  # noqa: T201
    print(table(results))  # noqa: T201
    if asked.json:
        values = {" ".join(at): {key: one.values for key, one in row.items()} for at, row in results.items()}
        asked.json.write_bytes(orjson.dumps(values))


if __name__ == "__main__":
    main()
