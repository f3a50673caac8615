"""Where the time goes: by function and by line, sampled.

Takes   `--input`, `--mapping`, `--seconds`, `--cold`, `--lines`; `--calls` counts calls as well (cProfile).
Gives   the share of CPU time of each function itself, of it with what it calls, and of its hottest lines.
Note    A sample is taken every millisecond of CPU time, between two steps of the interpreter: what a line asks of C
        code counts for the line. cProfile makes small functions look dearer than they are; its counts are exact.
"""

import argparse
import cProfile
import pstats
import signal
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import FrameType
from typing import Final

from benchmarks import passes
from benchmarks.inputs import INPUTS, LIMITS
from benchmarks.steps import MAPPINGS, PASSES

EVERY_S: Final = 0.001


@dataclass(slots=True)
class Samples:
    """What was seen."""

    own: Counter[str] = field(default_factory=Counter)
    whole: Counter[str] = field(default_factory=Counter)
    lines: Counter[str] = field(default_factory=Counter)
    total: int = 0

    def take(self, _number: int, frame: FrameType | None) -> None:
        """One sample: this frame, and those that called it."""
        self.total += 1
        if frame:
            self.own[_name(frame)] += 1
            self.lines[f"{_name(frame)}:{frame.f_lineno}"] += 1
        seen = set()
        while frame:
            seen.add(_name(frame))
            frame = frame.f_back
        self.whole.update(seen)


def _name(frame: FrameType) -> str:
    path = Path(frame.f_code.co_filename)
    return f"{path.parent.name}/{path.name} {frame.f_code.co_qualname}"


def sample(name: str, mapping: str, seconds: float, *, cold: bool) -> Samples:
    """Convert that input over and over."""
    one, settings, samples = INPUTS[name], replace(LIMITS, mapping=mapping), Samples()
    work = passes.cold if cold else passes.warm
    requests = [one.read_all(number) for number in range(PASSES)]
    work(requests[0], settings)
    signal.signal(signal.SIGPROF, samples.take)
    signal.setitimer(signal.ITIMER_PROF, EVERY_S, EVERY_S)
    until, number = time.process_time() + seconds, 0
    while time.process_time() < until:
        work(requests[number % PASSES], settings)
        number += 1
    signal.setitimer(signal.ITIMER_PROF, 0)
    return samples


def shares(counts: Counter[str], total: int, most: int) -> str:
    """The largest, in per cent."""
    return "\n".join(f"{100 * count / total:5.1f} %  {name}" for name, count in counts.most_common(most))


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.where", description=__doc__.partition("\n")[0])
    parser.add_argument("--input", choices=INPUTS, default="rich", dest="name")
    parser.add_argument("--mapping", choices=MAPPINGS, default="extended")
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--cold", action="store_true", help="each request the first one")
    parser.add_argument("--most", type=int, default=30, help="rows of each list")
    parser.add_argument("--calls", action="store_true", help="count calls too")
    asked = parser.parse_args(arguments)
    samples = sample(asked.name, asked.mapping, asked.seconds, cold=asked.cold)
    for title, counts in {"itself": samples.own, "with what it calls": samples.whole, "line": samples.lines}.items():
        print(f"{asked.name}, {asked.mapping}: {title}\n{shares(counts, samples.total, asked.most)}\n")  # noqa: T201
    if asked.calls:
        with cProfile.Profile() as profile:
            passes.warm(INPUTS[asked.name].read_all(1), replace(LIMITS, mapping=asked.mapping))
        pstats.Stats(profile).sort_stats("tottime").print_stats(asked.most)


if __name__ == "__main__":
    main()
