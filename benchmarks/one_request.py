"""The function with one request, as a process: starts, reads the event as Lambda's runtime does, answers it, tells.

Takes   a file with the event.
Gives   a line of JSON: the highest mark of memory before and after in bytes, the status, the seconds.
Note    The kernel's `VmHWM` is read, which a process does not get from its parent as it does `ru_maxrss`. Linux only.
"""

import json
import sys
import time
from pathlib import Path

from benchmarks.status import in_bytes
from functions.ingest import app
from raygate.deliver import Budget

MOST_S = 600


def main() -> None:
    """Measure."""
    # Memory is measured: no request is given up for the time that it takes, and what botocore would write goes nowhere.
    app.handler.budget = lambda _: Budget.of(MOST_S)
    app.handler.put = lambda texts: {"bytes": len(json.dumps({"TraceSegmentDocuments": texts}).encode())}
    idle = in_bytes("VmHWM")
    event = json.loads(Path(sys.argv[1]).read_bytes())
    started = time.perf_counter()
    status = app.handler(event)["statusCode"]
    duration_s = time.perf_counter() - started
    told = {"idle": idle, "peak": in_bytes("VmHWM"), "status": status, "duration_s": duration_s}
    sys.stdout.write(f"\n{json.dumps(told)}\n")


if __name__ == "__main__":
    main()
