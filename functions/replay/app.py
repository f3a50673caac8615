"""Events → what is kept, sent to X-Ray again. Only wiring lives here; the work is in `raygate.replay`."""

from raygate.quick_imports import import_quickly

import_quickly()

import os  # noqa: E402 - after the line above, as all that follows

from raygate.replay.function import start  # noqa: E402
from raygate.replay.reporting import report  # noqa: E402

handler = start(os.environ, report)
