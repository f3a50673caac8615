"""Prices by region: data, with their date.

Takes   a region, an architecture, and a file of the same form as `prices.json` for other regions or better prices.
Gives   `Prices`: what a quantity costs, step by step where more is cheaper.
Raises  `PriceError`, one sentence.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from raygate_local.costing.formulas import ITEMS
from raygate_local.unreadable import UnreadableError

OURS: Final = Path(__file__).with_name("prices.json")
OF_ARCHITECTURE: Final = "lambda_gb_seconds"


class PriceError(UnreadableError):
    """There is no such price. The message says which there are."""


@dataclass(frozen=True, slots=True)
class Prices:
    """Of one region."""

    region: str
    date: str
    source: str
    steps: Mapping[str, Sequence[Sequence[float | None]]]
    """Up to how many, at how many dollars each; the last step has no end."""

    def dollars(self, price: str, quantity: float) -> float:
        """What so many cost."""
        dollars, below = 0.0, 0.0
        for end, each in self.steps[price]:
            upto = quantity if end is None else min(quantity, end)
            dollars += max(0.0, upto - below) * (each or 0.0)
            below = max(below, upto)
        return dollars


def prices_of(region: str, architecture: str, file: Path = OURS) -> Prices:
    """The prices of a region."""
    table = _table(file)
    known = table["regions"]
    named = table.get("same", {}).get(region, region)
    if named not in known:
        there = ", ".join(sorted([*known, *table.get("same", {})]))
        raise PriceError(
            f"there are no prices for {region!r}: known are {there}; bring a file of the same form with --prices"
        )
    steps = {OF_ARCHITECTURE: known[named].get(f"{OF_ARCHITECTURE}_{architecture}"), **known[named]}
    missing = sorted({item.price for item in ITEMS if not steps.get(item.price)})
    if missing:
        raise PriceError(f"{file.name} lacks prices for {region!r}: {', '.join(missing)}")
    return Prices(region, str(table.get("date", "?")), str(table.get("source", "?")), steps)


def _table(file: Path) -> dict[str, Any]:
    try:
        table = json.loads(file.read_text())
        if isinstance(table, dict) and isinstance(table.get("regions"), dict):
            return table
    except (OSError, ValueError) as error:
        raise PriceError(f"{file} cannot be read: {error}") from error
    raise PriceError(f"{file} is no table of prices: it needs `regions`, as the one in the package has")
