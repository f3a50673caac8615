"""worker: messages of a queue or a stream → X-Ray, those of a batch together.

Why our own batch processing and not Powertools': that one hands on one message at a time, and documents of several
messages are to share calls; it knows no Firehose, and makes a batch whose every message failed an error.
"""

from raygate.worker.carriers import EventError
from raygate.worker.report import Report, Reporter
from raygate.worker.worker import Worker, start

__all__ = ["EventError", "Report", "Reporter", "Worker", "start"]
