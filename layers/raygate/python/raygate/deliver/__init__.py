"""Documents to X-Ray: the only package that talks to AWS."""

from raygate.deliver.budget import Budget
from raygate.deliver.fate import Fate, Put
from raygate.deliver.xray import Delivery, deliver

__all__ = ["Budget", "Delivery", "Fate", "Put", "deliver"]
