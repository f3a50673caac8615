"""Messages of the queue, or records of a stream → X-Ray. Only wiring lives here; the work is in `raygate.worker`."""

import os

from raygate.worker import start
from raygate.worker.reporting import report

handler = start(os.environ, report)
