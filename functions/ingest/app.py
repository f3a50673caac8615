"""POST /v1/traces. Only wiring lives here; the work is in `raygate`.

Why     what is made at the start stays until the end. To look for garbage in it takes a cold start 15 ms, so that
        begins afterwards, and passes over what is there by then. A snapshot may be taken of it all: nothing here has
        opened a connection or read a clock.
"""

import gc

gc.disable()

from raygate.quick_imports import import_quickly  # noqa: E402 - after the line above, as all that follows

import_quickly()

import os  # noqa: E402

from raygate.ingest import start  # noqa: E402
from raygate.reporting import report  # noqa: E402

handler = start(os.environ, report)

gc.freeze()
gc.enable()
