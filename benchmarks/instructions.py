"""How many instructions a span takes: the same number on a busy machine as on an idle one.

Takes   `--input`, `--mapping` (both more than once), `--steps`. Valgrind, a package of most systems.
Gives   a table: thousands of instructions a span, warm, in all and with `--steps` by step. Half a minute a line, with
        steps three.
Note    Instructions are no time. They tell two states of the code apart by a hundredth, where times do it by a tenth.
        Two processes make a few passes and some more: the difference is free of the start and of what is made once.
"""

import argparse
import gc
import os
import pickle
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final

from benchmarks.conversion import STEPS, end_to_end
from benchmarks.inputs import INPUTS, LIMITS, Input
from benchmarks.steps import MAPPINGS

FEW, MORE = 2, 4
"""Passes. After two of them what can be known is known."""
COUNTED: Final = re.compile(r"I\s+refs:\s+([\d,]+)")
VALGRIND: Final = ("valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null")


def convert(bodies: Path, name: str, mapping: str, passes: int, steps: int) -> None:
    """What is counted: so many passes, up to a step; with none named all of them as `pipeline` does them."""
    one, settings = INPUTS[name], replace(LIMITS, mapping=mapping)
    series = [[one.read(body) for body in bodies_of] for bodies_of in pickle.loads(bodies.read_bytes())]  # noqa: S301 - our own
    gc.collect()
    gc.freeze()
    for requests in series[:passes]:
        for request in requests:
            made: Any = request
            for step in STEPS[:steps]:
                made = step.run(made, settings)
            if not steps:
                end_to_end(request, settings)


def count(bodies: Path, name: str, mapping: str, steps: int) -> int:
    """Instructions of the passes after the first."""
    few, more = (_count(bodies, name, mapping, passes, steps) for passes in (FEW, MORE))
    return more - few


def _count(bodies: Path, *what: object) -> int:
    command = [*VALGRIND, sys.executable, "-m", "benchmarks.instructions", "--convert", bodies, *what]
    told = subprocess.run(  # noqa: S603 - ourselves, with words of our own
        [str(word) for word in command],
        env={**os.environ, "PYTHONHASHSEED": "0"},  # sets and dicts in the same order each time
        capture_output=True,
        text=True,
        check=True,
    )
    match = COUNTED.search(told.stderr)
    if match is None:
        raise SystemExit(f"valgrind did not say how many: {told.stderr[-300:]}")
    return int(match[1].replace(",", ""))


def rows(one: Input, mappings: Sequence[str], steps: int) -> Iterator[str]:
    """A line for each mapping, with so many steps beside the whole."""
    spans = sum(one.spans(number) for number in range(FEW, MORE))
    with NamedTemporaryFile() as file:
        bodies = Path(file.name)
        bodies.write_bytes(pickle.dumps([one.requests(number) for number in range(MORE)]))
        for mapping in mappings:
            sums = [count(bodies, one.name, mapping, upto) for upto in range(steps + 1)]
            whole, *sums_of_steps = (each / spans / 1_000 for each in sums)
            by_step = [now - before for before, now in pairwise((0.0, *sums_of_steps))]
            yield f"| {one.name} | {mapping} | {' | '.join(f'{each:.1f}' for each in (whole, *by_step))} |"


def main(arguments: Sequence[str] | None = None) -> None:
    """Count and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.instructions", description=__doc__.partition("\n")[0])
    parser.add_argument("--input", action="append", choices=INPUTS, dest="inputs")
    parser.add_argument("--mapping", action="append", choices=MAPPINGS, dest="mappings")
    parser.add_argument("--steps", action="store_true", help="each step too")
    parser.add_argument("--convert", nargs=5, help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.convert:
        bodies, name, mapping, passes, steps = asked.convert
        convert(Path(bodies), name, mapping, int(passes), int(steps))
        return
    if not shutil.which(VALGRIND[0]):
        raise SystemExit("valgrind is not there: install it (Debian: apt-get install valgrind)")
    names = [step.name for step in STEPS] if asked.steps else []
    print(f"| {' | '.join(('input', 'mapping', 'all', *names))} |")  # noqa: T201
    print("| --- " * (3 + len(names)) + "|")  # noqa: T201
    for name in asked.inputs or ("captures", "rich", "100", "1000"):
        for line in rows(INPUTS[name], asked.mappings or MAPPINGS, len(names)):
            print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
