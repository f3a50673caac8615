"""POST /v1/traces. Only wiring lives here; the work is in `raygate`."""

import os

from raygate.ingest import start
from raygate.reporting import report

handler = start(os.environ, report)
