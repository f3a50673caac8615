"""Documents to X-Ray: each one's fate, by its position. What X-Ray does not take is for `keep`."""

from raygate.deliver.budget import Budget
from raygate.deliver.fate import Fate, Mend, Put
from raygate.deliver.xray import Delivery, deliver

__all__ = ["Budget", "Delivery", "Fate", "Mend", "Put", "deliver"]
