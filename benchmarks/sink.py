"""An X-Ray that takes everything: it answers PutTraceSegments, at once or after a while, and counts.

Takes   the milliseconds that an answer takes, as the one argument.
Gives   its address, printed; `GET /` answers with how many calls and documents came.
Note    Its own work is as little as can be, since it shares the machine with what is measured.
"""

import asyncio
import json
import sys
from contextlib import suppress
from typing import Final

ANSWER: Final = b'{"UnprocessedTraceSegments":[]}'
HEAD: Final = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
TRACE_ID: Final = b'\\"trace_id\\":\\"1-'
"""Once in each document, which is a string in the body; in each link as well."""


class Sink(asyncio.Protocol):
    """One connection; requests come one after the other."""

    calls = 0
    documents = 0
    delay_s = 0.0

    def __init__(self) -> None:
        self._received = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep it."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer what is complete."""
        self._received += data
        while (end := self._received.find(b"\r\n\r\n")) >= 0:
            head = bytes(self._received[:end])
            size = end + 4 + _length(head)
            if len(self._received) < size:
                return
            body = bytes(self._received[end + 4 : size])
            del self._received[:size]
            self._take(head, body)

    def _take(self, head: bytes, body: bytes) -> None:
        if head.startswith(b"GET"):
            self._answer(json.dumps({"calls": Sink.calls, "documents": Sink.documents}).encode())
            return
        Sink.calls += 1
        Sink.documents += body.count(TRACE_ID)
        if Sink.delay_s:
            asyncio.get_running_loop().call_later(Sink.delay_s, self._answer, ANSWER)
        else:
            self._answer(ANSWER)

    def _answer(self, body: bytes) -> None:
        if isinstance(self._transport, asyncio.WriteTransport):
            self._transport.write(HEAD % len(body) + body)


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        if line[:15].lower() == b"content-length:":
            return int(line[15:])
    return 0


async def serve() -> None:
    """Until it is ended."""
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    sys.stdout.write(f"http://{host}:{port}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    Sink.delay_s = int(sys.argv[1]) / 1_000
    with suppress(KeyboardInterrupt):
        asyncio.run(serve())
