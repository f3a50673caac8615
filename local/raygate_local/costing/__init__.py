"""What a month costs: a load, the formulas, the prices.

Takes   a `Load` and the `Prices` of a region.
Gives   `estimate`: an `Estimate`, each quantity by its name and each item with what it costs.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from raygate_local.costing.arithmetic import value
from raygate_local.costing.figures import FIGURES
from raygate_local.costing.formulas import ITEMS, QUANTITIES, Item
from raygate_local.costing.load import Load, LoadError
from raygate_local.costing.prices import PriceError, Prices, prices_of

__all__ = ["Estimate", "Load", "LoadError", "PriceError", "Prices", "estimate", "prices_of"]


@dataclass(frozen=True, slots=True)
class Cost:
    """One item of the bill."""

    item: Item
    quantity: float
    dollars: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """A month's bill."""

    quantities: Mapping[str, float]
    costs: tuple[Cost, ...]
    prices: Prices

    @property
    def dollars(self) -> float:
        """All of it."""
        return sum(one.dollars for one in self.costs)

    @property
    def dollars_a_million_spans(self) -> float:
        """To compare loads."""
        return self.dollars / self.quantities["spans"] * 1e6

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        rows = [
            {"service": one.item.service, "what": one.item.what, "quantity": one.quantity, "dollars": one.dollars}
            for one in self.costs
        ]
        return {
            "region": self.prices.region,
            "prices_of": self.prices.date,
            "dollars": self.dollars,
            "dollars_a_million_spans": self.dollars_a_million_spans,
            "items": rows,
            "quantities": dict(self.quantities),
        }


def estimate(load: Load, prices: Prices) -> Estimate:
    """Work out the bill."""
    known: dict[str, float] = {**FIGURES, **{name: float(one) for name, one in asdict(load).items()}}
    for name, formula in QUANTITIES.items():
        known[name] = value(formula, known)
    costs = []
    for item in ITEMS:
        quantity = value(item.quantity, known)
        costs.append(Cost(item, quantity, prices.dollars(item.price, quantity)))
    return Estimate({name: known[name] for name in QUANTITIES}, tuple(costs), prices)
