"""A port that is nobody's until the test says so.

Gives   `reserved`: connections to it are refused, the system gives it to nobody who asks for any, and a server that is
        told of it can listen there.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def reserved() -> Iterator[int]:
    """One on 127.0.0.1: bound, and not listened on."""
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]
