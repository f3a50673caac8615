"""Chance that can be repeated, and does not depend on which thread comes first."""

from collections.abc import Mapping
from random import Random


def chance(*parts: object) -> Random:
    """Of its own for these."""
    return Random("/".join(map(str, parts)))  # noqa: S311 - chance that can be repeated is what is wanted


def drawn(shares: Mapping[str, float], random: Random) -> str:
    """One of the names by its share; empty for what is left of 1."""
    at = random.random()
    for name, share in shares.items():
        at -= share
        if at < 0:
            return name
    return ""
