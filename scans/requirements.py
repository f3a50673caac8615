"""The requirements as `make lock` writes them: one version each, with its hashes and the marker, if there is one.

Takes   a file of `requirements/`.
Gives   `Pinned` rows, in the file's order.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
FOLDER: Final = ROOT / "requirements"
LINE: Final = re.compile(
    r"^([\w.-]+)==([\w.+!]+)(?: ; ([^\\\n]+?))? \\\n((?:\s+--hash=sha256:\w{64}(?: \\)?\n?)+)", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Pinned:
    """One package."""

    name: str
    version: str
    marker: str
    """Where it is installed, `""` for everywhere."""
    hashes: tuple[str, ...]
    """SHA-256 of its files."""


def normal(name: str) -> str:
    """A package's name as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned(file: Path) -> Iterator[Pinned]:
    """The packages of a file."""
    for name, version, marker, hashes in LINE.findall(file.read_text()):
        yield Pinned(normal(name), version, marker, tuple(re.findall(r"sha256:(\w{64})", hashes)))
