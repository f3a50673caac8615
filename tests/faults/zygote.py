"""A process that has everything imported, and becomes a function as often as it is told: each time as a child.

Reads   JSON lines: `{"function": …, "environ": …, "event": …, "seconds": …}`, then `"go"` when somebody knows its id.
Writes  JSON lines: the child's id; then the result, or None for one that was killed or failed.
Why     starting Python takes a second, and there are a hundred children.
"""

import json
import os
import sys
import time
from typing import Any

import raygate.replay.function as replaying
from raygate import ingest, worker


class Context:
    """Lambda's."""

    def __init__(self, seconds: float, name: str) -> None:
        self.until_s, self.aws_request_id = time.monotonic() + seconds, name

    def get_remaining_time_in_millis(self) -> int:
        """Until the function's limit."""
        return int((self.until_s - time.monotonic()) * 1_000)


def silent(*_: Any) -> None:
    """Report to nobody."""


def handler(function: str, environ: dict[str, str]) -> Any:
    """The function's handler, made as `functions/*/app.py` make it."""
    os.environ.update(environ)
    if function == "ingest":
        made = ingest.start(os.environ, silent)
        assert not made.problem, made.problem
        return made
    return (worker if function == "deliver" else replaying).start(os.environ, silent)


def child(asked: dict[str, Any], go: int, result: int) -> None:
    """Wait, handle the event, tell the result."""
    os.read(go, 1)
    done = handler(asked["function"], asked["environ"])(asked["event"], Context(asked["seconds"], asked["name"]))
    os.write(result, json.dumps(done).encode())


def run(asked: dict[str, Any]) -> None:
    """One child, from its birth to its end."""
    (go_read, go_write), (result_read, result_write) = os.pipe(), os.pipe()
    pid = os.fork()
    if not pid:
        status = 1
        try:
            child(asked, go_read, result_write)
            status = 0
        finally:
            sys.stderr.flush()
            os._exit(status)
    os.close(go_read)
    os.close(result_write)
    tell(pid)
    sys.stdin.readline()
    os.write(go_write, b"!")
    os.close(go_write)
    with os.fdopen(result_read, "rb") as stream:
        text = stream.read()
    os.waitpid(pid, 0)
    tell(json.loads(text) if text else None)


def tell(value: Any) -> None:
    """One line."""
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    for line in sys.stdin:
        run(json.loads(line))
