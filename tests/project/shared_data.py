"""Copies what the project shares with its neighbours into `tests/data/`: cases, examples, real requests, documents.

Takes   the folder `shared` beside the project, when there is one.
Gives   `stale()`, the copies that differ; run as a program (`make data`) it copies them again.
"""

import sys
from pathlib import Path
from shutil import copyfile
from typing import Final

PROJECT: Final = Path(__file__).parents[2]
SHARED: Final = PROJECT.parent / "shared"
DATA: Final = PROJECT / "tests" / "data"

COPIES: Final = {
    "spec/otlp-http-cases.json": "otlp-http-cases.json",
    "spec/xray-examples.json": "xray-examples.json",
    "corpus": "corpus",
    "golden": "golden",
}


def originals() -> dict[Path, Path]:
    """Each shared file, by the path of its copy."""
    pairs = {}
    for source, copy in COPIES.items():
        origin = SHARED / source
        for file in [origin] if origin.is_file() else sorted(path for path in origin.rglob("*") if path.is_file()):
            pairs[DATA / copy / file.relative_to(origin)] = file
    return pairs


def stale() -> list[str]:
    """The copies that are missing, different, or of something that is no longer there."""
    pairs = originals()
    there = {path for path in DATA.rglob("*") if path.is_file()}
    different = {copy for copy in there & pairs.keys() if copy.read_bytes() != pairs[copy].read_bytes()}
    return sorted(str(path.relative_to(DATA)) for path in different | (there ^ pairs.keys()))


def refresh() -> list[str]:
    """Make every copy equal to its original; give the names of those that were not."""
    names, pairs = stale(), originals()
    for name in names:
        copy = DATA / name
        if copy in pairs:
            copy.parent.mkdir(parents=True, exist_ok=True)
            copyfile(pairs[copy], copy)
        else:
            copy.unlink()
    return names


if __name__ == "__main__":
    if not SHARED.is_dir():
        sys.exit(f"nothing to copy from: there is no folder {SHARED}")
    sys.stdout.write("\n".join([*refresh(), "tests/data/ is up to date"]) + "\n")
