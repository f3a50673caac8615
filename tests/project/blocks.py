"""Every fenced block of every page, and by its mark what becomes of it.

Takes   the words after a block's three backticks: a language, and at most one mark. Readers do not see the mark.
Gives   `BLOCKS`, and `commands`: what would be typed of one. A block that has no mark is run.
"""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tests.project.tree import PROJECT, everything

FENCED: Final = re.compile(r"^( *)```([^\n`]*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
PAGES: Final = [
    path for path in everything() if path.suffix == ".md" and PROJECT / "tests" / "data" not in path.parents
]
"""All but what others wrote."""
SHELLS: Final = ("sh", "console")

RUN: Final = frozenset({"sh", "python"})
"""Languages whose blocks are run as they stand, when they have no mark."""
OUTPUTS: Final = frozenset({"text output", "text served", "text tree"})
"""What the command before it prints; what `raygate serve` does; what is where. All are compared."""
READ: Final = {
    "aws": "needs an AWS account, or an endpoint there",
    "kept": "needs something that X-Ray refused or did not take",
    "stays": "runs until Ctrl-C",
    "long": "takes minutes, or is what runs the tests",
    "container": "needs a container engine; `tests/built` does it where one can be had",
    "figures": "prints the table below it, which a test of its own compares",
    "toolchain": "needs packages or a compiler of the reader's",
}
"""Why a block of commands is not run. Then each command exists, with its options."""
CODE: Final = frozenset(
    {"js toolchain", "properties toolchain", "go toolchain", "csharp toolchain", "ruby toolchain", "toml toolchain"}
    | {"rust toolchain", "yaml configuration"}
)
"""Excerpts of other languages: their section of the page says whether and when they were tried."""
TRIED: Final = re.compile(r"^(Tried here on \d{4}-\d\d-\d\d: .*\d+\.\d+.*\.|Could not be run here\..*)$", re.MULTILINE)
"""What such a section says."""


@dataclass(frozen=True, slots=True)
class Block:
    """One of them."""

    page: str
    line: int
    words: str
    """Language and mark."""
    text: str
    section: str
    """The text of its section, from its heading to the next one."""
    before: "Block | None" = None

    @property
    def language(self) -> str:
        """The first word."""
        return self.words.partition(" ")[0]

    @property
    def mark(self) -> str:
        """The second word, or nothing."""
        return self.words.partition(" ")[2]

    @property
    def is_run(self) -> bool:
        """Whether it is run as it stands."""
        return self.words in RUN

    @property
    def is_read(self) -> bool:
        """Whether its commands are looked up instead."""
        return self.language in SHELLS and self.mark in READ

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def _blocks() -> Iterator[Block]:
    for path in PAGES:
        page, before = path.read_text(), None
        starts = [0, *(found.start() for found in re.finditer(r"^## ", page, re.MULTILINE)), len(page)]
        for found in FENCED.finditer(page):
            at = max(index for index, start in enumerate(starts) if start <= found.start())
            text = re.sub(rf"^{found[1]}", "", found[3], flags=re.MULTILINE)
            line = page[: found.start()].count("\n") + 1
            section = page[starts[at] : starts[at + 1]]
            before = Block(str(path.relative_to(PROJECT)), line, found[2].strip(), text, section, before)
            yield before


def commands(block: Block) -> Iterator[str]:
    """What is typed: a line, or several where quotes or a backslash go on; neither a prompt nor what is printed."""
    lines = block.text.splitlines()
    if block.language == "console":
        lines = [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
    begun = ""
    for line in lines:
        begun += line
        if _is_whole(begun):
            yield from [begun] if begun.strip() else []
            begun = ""
        else:
            begun += "\n"
    assert not begun, f"{block}: a quote is open"


def _is_whole(text: str) -> bool:
    try:
        shlex.split(text, comments=True)
    except ValueError:
        return False
    return not text.endswith("\\")


BLOCKS: Final = tuple(_blocks())
