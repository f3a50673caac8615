"""More processes that take requests on the endpoint's port: Python converts on one core a process."""

from raygate_local.workers.crew import Crew

__all__ = ["Crew"]
