"""What this process has done since it started, on a page of its own."""

from raygate_local.status.counts import Status
from raygate_local.status.page import create

__all__ = ["Status", "create"]
