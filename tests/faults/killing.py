"""Functions as processes of their own, which may be killed by the servers that they talk to.

Gives   `Zygote`: `run`, one event in a new process; its result, or None when it was killed before it had one.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from tests.faults.killer import Killer
from tests.process.serving import ENVIRONMENT, ROOT

Function: TypeAlias = Literal["ingest", "deliver", "replay"]

PRETEND: Final = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
NAME: Final = "run-1"
"""Lambda's request id: an event that comes again has the same."""


@dataclass(frozen=True, slots=True)
class Invocation:
    """What a function is called with."""

    function: Function
    event: Mapping[str, Any]
    environ: Mapping[str, str]
    seconds: float = 30.0


class Zygote:
    """The process that becomes functions."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def run(self, invocation: Invocation, killer: Killer) -> Any:
        """One event."""
        asked = {
            "function": invocation.function,
            "event": invocation.event,
            "environ": dict(invocation.environ),
            "seconds": invocation.seconds,
            "name": NAME,
        }
        self._tell(asked)
        killer.pid = int(self._told())
        self._tell("go")
        result = self._told()
        killer.pid = 0
        return result

    def _tell(self, value: Any) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(value) + "\n")
        self._process.stdin.flush()

    def _told(self) -> Any:
        assert self._process.stdout
        return json.loads(self._process.stdout.readline())


@contextmanager
def zygote_there() -> Iterator[Zygote]:
    """For a while."""
    command = [sys.executable, str(Path(__file__).with_name("zygote.py"))]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=ENVIRONMENT | PRETEND, cwd=ROOT) as process:
        yield Zygote(process)
        assert process.stdin
        process.stdin.close()
