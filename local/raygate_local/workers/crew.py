"""The processes beside the first one: started, watched, stopped.

Takes   the socket that the endpoint listens on, how many, and the data folder.
Gives   `Crew`: `start`, `stop`, and `told`, the last status of each process.
Rules   All accept on one socket, so that the kernel shares connections out among those who are free. A process that
        ends by itself is started again after a second. When this one is killed they end too: they see it at the pipe.
Why     processes and not threads: with the interpreter's lock all threads together convert on one core, and a Python
        without it is not what the function runs on. They share nothing but the socket and the data folder.
"""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any, Final

import orjson

AGAIN_S: Final = 1.0
PATIENCE_S: Final = 5.0
"""How long a process may take to end after a signal."""

Say = Callable[[str], None]


class Crew:
    """So many processes."""

    def __init__(self, listening: socket.socket, count: int, folder: str, say: Say) -> None:
        self._listening = listening
        self._folder = folder
        self._say = say
        self._stopping = threading.Event()
        self._told: list[dict[str, Any]] = [{} for _ in range(count)]
        self._gone: list[dict[str, Any]] = []
        self._processes: list[subprocess.Popen[bytes] | None] = [None] * count
        self._threads = [threading.Thread(target=self._keep, args=(at,), daemon=True) for at in range(count)]

    def start(self) -> None:
        """Start them."""
        for thread in self._threads:
            thread.start()

    def told(self) -> list[dict[str, Any]]:
        """What each has done so far, and those have that are gone."""
        return [one for one in (*self._gone, *self._told) if one]

    def stop(self) -> None:
        """Let them finish what they are at."""
        self._stopping.set()
        for process in filter(None, self._processes):
            process.terminate()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(PATIENCE_S)
        for process in filter(None, self._processes):
            if process.poll() is None:
                process.kill()

    def _keep(self, at: int) -> None:
        while not self._stopping.is_set():
            status = self._run(at)
            if not self._stopping.is_set():
                self._say(f"A process that takes requests has ended (status {status}); another one is started.")
                self._stopping.wait(AGAIN_S)

    def _run(self, at: int) -> int:
        """One process, until it ends."""
        ours, theirs = os.pipe()
        number = self._listening.fileno()
        command = [sys.executable, "-m", "raygate_local.workers", str(number), str(theirs), self._folder]
        with open(ours, "rb") as lines:  # noqa: PTH123 - it has no path
            process = subprocess.Popen(command, stdin=subprocess.PIPE, pass_fds=(number, theirs))  # noqa: S603
            os.close(theirs)
            self._processes[at] = process
            if self._stopping.is_set():
                process.terminate()
            for line in lines:
                self._told[at] = orjson.loads(line)
        process.wait()
        if process.stdin:
            process.stdin.close()
        self._gone.append(self._told[at])
        self._told[at] = {}
        return process.returncode
