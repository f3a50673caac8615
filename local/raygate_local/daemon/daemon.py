"""The daemon's place as `raygate serve` opens it: UDP and TCP on one port, and what is behind them.

Takes   host and port, where the documents go, where they are kept, the status.
Gives   `Daemon`: started and stopped with the server; `app` is for the TCP side.
Raises  `ListenError` or `ForwardError`, one sentence.
"""

import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from starlette.applications import Starlette

from raygate_local import listening
from raygate_local.daemon import sampling
from raygate_local.daemon.buffer import Buffer
from raygate_local.daemon.counts import Counts
from raygate_local.daemon.receiving import Receiving
from raygate_local.daemon.sending import Deliver, Sending

STOP_S: Final = 1.0
"""How long sending may go on at the end."""
TRIES: Final = 20
"""For a port that is free for UDP and for TCP, when any will do."""

Say = Callable[..., None]


@dataclass(slots=True)
class Daemon:
    """Both sides of the port."""

    tcp: socket.socket
    app: Starlette
    receiving: Receiving
    sending: Sending
    counts: Counts
    say: Say
    buffer: Buffer = field(repr=False)

    def start(self) -> None:
        """Take documents from now on."""
        self.sending.start()
        self.receiving.start()

    def stop(self) -> None:
        """Take no more, and send what is there."""
        self.receiving.stop()
        self.sending.stop(STOP_S)
        if (dropped := self.counts["dropped"]) == 1:
            self.say("1 document that came by UDP was dropped: nobody took it, and nothing kept it")
        elif dropped:
            self.say(f"{dropped:,} documents that came by UDP were dropped: nobody took them, and nothing kept them")
        if unread := self.counts["unread"]:
            self.say(f"Datagrams that the system dropped, since they came faster than they were read: {unread:,}")

    def as_json(self) -> dict[str, int]:
        """What came, and what waits in memory."""
        return self.counts.as_json() | {"waiting": len(self.buffer)}


def open_daemon(host: str, port: int, region: str, deliver: Deliver, say: Say) -> Daemon:
    """Bind both sockets; nothing is read before `start`."""
    tcp, udp = _bind(host, port)
    buffer, counts = Buffer(), Counts()
    receiving = Receiving(udp, buffer, counts, say)
    return Daemon(tcp, sampling.create(region), receiving, Sending(buffer, counts, deliver), counts, say, buffer)


def _bind(host: str, port: int) -> tuple[socket.socket, socket.socket]:
    for _ in range(TRIES):
        tcp = listening.bind(host, port, "--daemon-port")
        try:
            return tcp, listening.bind_udp(tcp, "--daemon-port")
        except listening.ListenError:
            tcp.close()
            if port:
                raise
    raise listening.ListenError(f"Cannot listen on {host}: no port is free for both UDP and TCP.")
