"""The UDP port: datagrams in, documents into the buffer.

Takes   a bound socket, the buffer, the counts, and how to say something.
Gives   `Receiving`: a thread between `start` and `stop`. What has come until `stop` is still read.
Rules   Nothing that comes ends it. What is wrong is counted, and said the first time.
"""

import socket
import sys
import threading
from collections.abc import Callable
from typing import Final

from raygate_local.daemon.buffer import Buffer
from raygate_local.daemon.counts import Counts
from raygate_local.daemon.datagram import MOST_BYTES, DatagramError, document_of

LOOK_S: Final = 0.2
"""How often it looks whether it is to stop."""
KERNEL_BYTES: Final = 4 * 1024 * 1024
"""What the system may hold for us, as far as it allows."""
UNREAD: Final = 40
"""Linux's SO_RXQ_OVFL: each datagram then says how many before it the system had no room for."""
MOST_LEFT: Final = 10_000
"""Datagrams that are still read at the end."""


class Receiving:
    """One socket."""

    def __init__(self, udp: socket.socket, buffer: Buffer, counts: Counts, say: Callable[[str], None]) -> None:
        self._socket, self._buffer, self._counts, self._say = udp, buffer, counts, say
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="daemon-udp", daemon=True)
        udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, KERNEL_BYTES)
        udp.settimeout(LOOK_S)
        if sys.platform == "linux":
            udp.setsockopt(socket.SOL_SOCKET, UNREAD, 1)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def stop(self) -> None:
        """Read what is there, and end."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()
        self._socket.close()

    def _loop(self) -> None:
        while not self._stopping.is_set():
            self._read()
        self._socket.settimeout(0.0)
        for _ in range(MOST_LEFT):
            if not self._read():
                return

    def _read(self) -> bool:
        try:
            datagram, said, *_ = self._socket.recvmsg(MOST_BYTES, socket.CMSG_SPACE(4))
        except OSError:  # nothing came in time
            return False
        for level, kind, value in said:
            if (level, kind) == (socket.SOL_SOCKET, UNREAD):
                self._counts.reach("unread", int.from_bytes(value[:4], sys.byteorder))
        self._take(datagram)
        return True

    def _take(self, datagram: bytes) -> None:
        try:
            text = document_of(datagram)
        except DatagramError as error:
            if self._counts.add("unreadable") == 1:
                self._say(f"A datagram was passed over: {error}. Others are only counted.")
            return
        if self._buffer.put(text):
            self._counts.add("documents")
        elif self._counts.add("dropped") == 1:
            self._say("Too many documents wait for X-Ray: those that come by UDP are dropped until there is room.")
