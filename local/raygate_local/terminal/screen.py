"""The terminal: how wide it is, whether it takes colour, and which signs it can show.

Gives   `screen`: a console on standard output or error; `plain`: a text that cannot command the terminal; `Signs`.
Rules   Colour only on a terminal, and never with NO_COLOR; 80 columns where there is no terminal, so that output in a
        file is the same everywhere.
"""

import os
import sys
from dataclasses import dataclass
from typing import Final, TextIO

from rich.console import Console

COLUMNS: Final = 80
WIDEST: Final = 160
"""Beyond that the eye loses the line."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What bars and trees are drawn with."""

    bar: str
    gap: str
    last: str
    middle: str
    line: str
    ellipsis: str


UNICODE: Final = Signs(bar="█", gap="·", last="└ ", middle="├ ", line="│ ", ellipsis="…")
ASCII: Final = Signs(bar="#", gap=".", last="` ", middle="|-", line="| ", ellipsis="~")


def screen(stream: TextIO | None = None) -> Console:
    """A console; on standard output unless told otherwise."""
    stream = stream or sys.stdout
    is_terminal = stream.isatty()
    console = Console(
        file=stream,
        force_terminal=is_terminal,
        no_color=bool(os.environ.get("NO_COLOR")) or not is_terminal,
        highlight=False,
        markup=False,
        emoji=False,
    )
    console.width = min(console.width, WIDEST) if is_terminal else COLUMNS
    return console


def signs(console: Console) -> Signs:
    """Those that the console's encoding has."""
    return UNICODE if "utf" in console.encoding.lower() else ASCII


def plain(text: object) -> str:
    """Without anything that a terminal would obey: senders put whatever they like into names."""
    return "".join(sign if sign.isprintable() else "?" for sign in str("" if text is None else text))


def cut(text: str, width: int, ellipsis: str) -> str:
    """At most so many signs."""
    return text if len(text) <= width else text[: max(0, width - len(ellipsis))] + ellipsis


def duration(seconds: float) -> str:
    """`412 ms`, `1.20 s`."""
    if seconds < 0.001:
        return f"{seconds * 1_000_000:.0f} µs"
    if seconds < 0.01:
        return f"{seconds * 1000:.1f} ms"
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    return f"{seconds:.2f} s" if seconds < 60 else f"{seconds / 60:.1f} min"
