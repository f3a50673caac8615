"""Events → what is kept, sent to X-Ray again. Only wiring lives here; the work is in `raygate.replay`."""

import os

from raygate.replay.function import start
from raygate.replay.reporting import report

handler = start(os.environ, report)
