"""Messages of the queue, or records of a stream → X-Ray. Only wiring lives here; the work is in `raygate.worker`."""

from raygate.quick_imports import import_quickly

import_quickly()

import os  # noqa: E402 - after the line above, as all that follows

from raygate.worker import start  # noqa: E402
from raygate.worker.reporting import report  # noqa: E402

handler = start(os.environ, report)
