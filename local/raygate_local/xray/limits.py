"""How much the local X-Ray keeps, and how much it has."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Bounds:
    """The oldest traces, by the last document that came, go when there is more than this."""

    max_bytes: int = 512 * 1024 * 1024
    """About the size of the file."""
    max_age_s: float = 30 * 86_400.0
    """As long as X-Ray keeps them."""


DEFAULT: Final = Bounds()
IN_MEMORY: Final = Bounds(max_bytes=128 * 1024 * 1024)


@dataclass(frozen=True, slots=True)
class Counts:
    """What is there, and what is not any more."""

    traces: int
    documents: int
    bytes: int
    evicted: int
    """Traces that went because of the bounds, ever."""
    oldest_s: float | None
    """When the last document of the trace that will go next came."""
    bounds: Bounds
