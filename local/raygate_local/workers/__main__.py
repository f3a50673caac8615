"""One process of a `Crew`: the endpoint on a socket that another process has bound.

Takes   the number of the socket, of a pipe for the status, and the data folder; the environment as `raygate serve` has
        prepared it.
Gives   lines on standard output, as the first process does; its counts to the pipe twice a second.
Note    Standard input is a pipe that nobody writes to: its end is the end of the first process.
"""

import logging
import os
import signal
import socket
import sys
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import orjson

from raygate.deliver.client import connect
from raygate.keys import guard_of
from raygate.settings import Settings
from raygate_local import listening
from raygate_local.endpoint import Endpoint
from raygate_local.handling import Handler
from raygate_local.kept.opening import stores_of
from raygate_local.listening import Site
from raygate_local.status import Status

EVERY_S: Final = 0.5


def main(arguments: list[str]) -> None:
    """Serve until a signal comes, or the first process is gone."""
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    number, pipe, folder = int(arguments[0]), int(arguments[1]), arguments[2]
    settings, region = Settings.from_environ(os.environ, has_stores=True, auth="none"), os.environ["AWS_REGION"]
    status, done = Status(settings), threading.Event()
    threading.Thread(target=_end_with_the_first, daemon=True).start()
    with ExitStack() as stack:
        stores = stores_of(Path(folder) if folder else None, settings, region, stack)
        app = Endpoint(Handler(settings, connect(region), guard_of(settings, region), stores=stores, status=status))
        telling = threading.Thread(target=_tell, args=(status, pipe, done))
        telling.start()
        listening.serve([Site(app, socket.socket(fileno=number))], listening.nothing)
        app.close()
        done.set()
        telling.join()


def _end_with_the_first() -> None:
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


def _tell(status: Status, pipe: int, done: threading.Event) -> None:
    """The counts, twice a second and once at the end."""
    with open(pipe, "wb", buffering=0) as told:
        ended = False
        while not ended:
            ended = done.wait(EVERY_S)
            try:
                told.write(orjson.dumps(status.as_json()) + b"\n")
            except OSError:
                return


if __name__ == "__main__":
    main(sys.argv[1:])
