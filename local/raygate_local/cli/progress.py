"""A bar for work that takes a while: on standard error, where that is a terminal."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

import click

Item = TypeVar("Item")


@contextmanager
def progress(items: Sequence[Item], label: str, fewest: int) -> Iterator[Iterable[Item]]:
    """The items, counted as they are taken, when there are so many of them."""
    if len(items) < fewest or not sys.stderr.isatty():
        yield items
        return
    with click.progressbar(items, label=label, file=sys.stderr) as bar:
        yield bar
