"""How long the built function takes to be there: INIT under the Lambda Runtime Interface Emulator.

Takes   `--rounds`; what `make build` made. `--imports` lists what the function's modules cost instead, `--count` counts
        instructions with valgrind: the same number on a busy machine.
Gives   a table. Each round starts every variant once: a handler that does nothing but import what such a function needs
        (`baseline_handler/app.py`) on the same packages as pip installs them, the same on our layer, and our function
        with keys in DynamoDB, which is the template's default, and open to anybody. Besides: the first request and the
        second after each start of the open function, since what is imported late is paid there; files and bytes.
Note    The time is the emulator's own, from `INIT REPORT`: the start of Python is in it, the download of code is not.
        All files are in the page cache; on Lambda they are not, which a smaller layer helps besides.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from compileall import compile_dir
from dataclasses import dataclass, field
from pathlib import Path
from py_compile import PycInvalidationMode
from tempfile import TemporaryDirectory
from typing import Final

import botocore

from benchmarks.exporter import PRETEND
from benchmarks.instructions import COUNTED, VALGRIND
from benchmarks.timing import Series, figure
from tests.built.artefact import FUNCTIONS, HERE, LAYERS, built
from tests.built.emulator import Place, lay_out, sink, started
from tests.project.make_events import EVENTS
from tests.project.test_template import environment

NAME: Final = "IngestFunction"
BASELINE: Final = Path(__file__).parent / "baseline_handler"
OPEN: Final = "ours, open"
INIT: Final = re.compile(r"INIT REPORT\(durationMs: ([\d.]+)\)")
INVOKED: Final = re.compile(r"INVOKE RTDONE\(status: success, produced bytes: \d+, duration: ([\d.]+)ms\)")
TOP: Final = 15
IMPORT: Final = "import awslambdaric.bootstrap, app"
"""What a start does, after the emulator's own part."""
END: Final = "; import os; os._exit(0)"
"""At once: to tidy up is no part of a start."""
FIRST: Final = "; import json, sys; assert app.handler(json.load(sys.stdin), None)['statusCode'] == 200"


@dataclass(slots=True)
class Variant:
    """One function, where it lies and what was measured."""

    place: Place
    variables: Mapping[str, str] = field(default_factory=dict)
    init_ms: Series = field(default_factory=Series)
    first_ms: Series = field(default_factory=Series)
    second_ms: Series = field(default_factory=Series)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--imports", action="store_true")
    parser.add_argument("--count", action="store_true")
    options = parser.parse_args(arguments)
    with TemporaryDirectory() as folder, sink() as xray:
        os.environ |= PRETEND | {"AWS_ENDPOINT_URL_XRAY": xray.address}
        made = variants(Path(folder))
        if options.imports:
            sys.stdout.write(imports(made[OPEN]) + "\n")
            return
        if options.count:
            sys.stdout.write(counts(made) + "\n")
            return
        for _ in range(options.rounds):
            for one in made.values():
                start(one)
        sys.stdout.write(table(made) + "\n")


def variants(folder: Path) -> dict[str, Variant]:
    """All that are measured, laid out; the first is what the others are compared with."""
    layers = [built(HERE, layer) for layer in LAYERS]
    own = environment(NAME)
    ours = lay_out(_made(folder / "ours"), built(HERE, NAME), layers)
    plain = plain_layer(folder / "plain", built(HERE, "DependenciesLayer"))
    return {
        "baseline, packages as they come": Variant(lay_out(_made(folder / "baseline"), BASELINE, [plain])),
        "baseline, our layer": Variant(lay_out(_made(folder / "slim"), BASELINE, layers)),
        "ours, keys": Variant(ours, own | {"RAYGATE_AUTH": "keys"}),
        OPEN: Variant(ours, own | {"RAYGATE_AUTH": "none"}),
    }


def plain_layer(folder: Path, slim: Path) -> Path:
    """What is in the layer, as pip has installed it here: whole, with the same kind of bytecode."""
    installed, target = Path(botocore.__file__).parent.parent, folder / "python"
    target.mkdir(parents=True)
    for path in (slim / "python").iterdir():
        source = installed / path.name
        if source.is_dir() and not path.name.startswith("__"):
            shutil.copytree(source, target / path.name, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.is_file():
            shutil.copy(source, target)
    compile_dir(target, quiet=1, force=True, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH)
    return folder


def start(one: Variant) -> None:
    """Start it, ask it twice, keep what the emulator says."""
    event = (EVENTS / "traces_protobuf.json").read_text()
    with started(one.place, FUNCTIONS[NAME]["Handler"], one.variables, "--log-level", "info") as emulated:
        for _ in range(2):
            emulated.invoke(event)
    log = emulated.log.read_text()
    (init,) = INIT.findall(log)
    first, second = INVOKED.findall(log)
    one.init_ms.add(float(init))
    one.first_ms.add(float(first))
    one.second_ms.add(float(second))


def table(made: Mapping[str, Variant]) -> str:
    """The rows of docs/performance.md."""
    baseline, on_our_layer, *_ = made.values()
    rows = [
        f"| {name} | {figure(one.init_ms, 0)} | {min(one.init_ms.values):.0f} | "
        f"{figure(one.init_ms.over(baseline.init_ms), 2)} | {figure(one.init_ms.over(on_our_layer.init_ms), 2)} |"
        for name, one in made.items()
    ]
    head = [
        "| function | INIT, ms | lowest | / baseline | / baseline on our layer |",
        "| --- | --- | --- | --- | --- |",
    ]
    requests = f"{figure(made[OPEN].first_ms)} ms, the second {figure(made[OPEN].second_ms)} ms"
    sizes = ", ".join(f"{name} {size(built(HERE, name))}" for name in LAYERS)
    plain = size(baseline.place.folder / "opt")
    layers = f"Layers: {sizes}; the packages as they come {plain}."
    return "\n".join([*head, *rows, "", f"The first request takes the open function {requests}.", layers])


def size(folder: Path) -> str:
    """`1,279 files, 19.2 MB`."""
    sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    return f"{len(sizes):,} files, {sum(sizes) / 1e6:.1f} MB"


def imports(one: Variant) -> str:
    """The modules that take the longest to import by themselves, in milliseconds."""
    rows = re.findall(r"import time: +(\d+) \| +(\d+) \| +(\S+)", _told(one, IMPORT, options=("-X", "importtime")))
    dearest = sorted(rows, key=lambda row: -int(row[0]))[:TOP]
    lines = [f"| `{name}` | {int(alone) / 1e3:.1f} | {int(within) / 1e3:.1f} |" for alone, within, name in dearest]
    total = sum(int(alone) for alone, _, _ in rows) / 1e3
    head = ["| module | itself, ms | with what it imports |", "| --- | --- | --- |"]
    return "\n".join([*head, *lines, f"| {len(rows)} modules | {total:.0f} | |"])


def counts(made: Mapping[str, Variant]) -> str:
    """Millions of instructions of a start, without the emulator; and of the first request."""
    counted = {name: _count(one, IMPORT + END) for name, one in made.items()}
    baseline = next(iter(counted.values()))
    rows = [f"| {name} | {count:.0f} | {count / baseline:.2f} |" for name, count in counted.items()]
    head = ["| function | million instructions | / baseline |", "| --- | --- | --- |"]
    first = _count(made[OPEN], IMPORT + FIRST + END) - counted[OPEN]
    return "\n".join([*head, *rows, "", f"The first request takes the open function {first:.0f} million more."])


def _count(one: Variant, program: str) -> float:
    told = _told(one, program, before=VALGRIND)
    (found,) = COUNTED.findall(told)
    return int(found.replace(",", "")) / 1e6


def _told(one: Variant, program: str, *, before: Sequence[str] = (), options: Sequence[str] = ()) -> str:
    """What the function's own interpreter, or what runs it, says on the error stream."""
    places = [one.place.task, one.place.folder / "opt" / "python", one.place.folder / "runtime"]
    ran: subprocess.CompletedProcess[str] = subprocess.run(  # noqa: S603 - the function's own interpreter
        [*before, sys._base_executable, "-S", *options, "-c", program],  # type: ignore[attr-defined] # noqa: SLF001
        env={**os.environ, **one.variables, "PYTHONPATH": os.pathsep.join(map(str, places)), "PYTHONHASHSEED": "0"},
        cwd=one.place.task,
        input=(EVENTS / "traces_protobuf.json").read_text(),
        capture_output=True,
        text=True,
        check=True,
    )
    return ran.stderr


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


if __name__ == "__main__":
    main()
