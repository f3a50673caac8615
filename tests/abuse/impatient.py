"""The local endpoint with little patience, as a process: `python -m tests.abuse.impatient` prints where it listens."""

import sys
from typing import Any

from raygate_local import listening
from raygate_local.endpoint import Endpoint

PATIENCE_S = 0.5


def taken(_event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """What is tested ends before the handler."""
    return {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": "{}", "isBase64Encoded": False}


def main() -> None:
    """Serve until a signal comes."""
    listening.HEAD_TIMEOUT_S = PATIENCE_S
    socket = listening.bind("127.0.0.1", 0, "--port")
    sys.stdout.write(f"{listening.url(socket)}\n")
    listening.serve([listening.Site(Endpoint(taken, timeout_s=PATIENCE_S), socket)], sys.stdout.flush)


if __name__ == "__main__":
    main()
