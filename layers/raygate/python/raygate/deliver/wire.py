"""A POST over a connection that botocore has made and keeps: written at once, and its answer read at once.

Takes   botocore's HTTP session and an address; requests for it, signed.
Gives   `Wire.post`: the answer as botocore's parsers take it. None where no connection is kept at the moment: then it
        has to go botocore's whole way, which makes one. `wire_of` is None where a proxy is in between.
Raises  botocore's errors of a connection.
Why     urllib3 and http.client take twelve times as long for a call as the socket does.
Rules   What is read here is an answer whose length is said and whose connection stays. Any other is read by
        http.client, and its connection closed.
"""

import re
from collections.abc import Mapping
from http.client import HTTPException, HTTPResponse, IncompleteRead
from io import BufferedReader, RawIOBase
from socket import socket
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from botocore.exceptions import ConnectionClosedError, HTTPClientError, ReadTimeoutError

READ: Final = 64 * 1024
"""Bytes at a time; an answer of X-Ray has some hundred."""

HEAD: Final = re.compile(rb"HTTP/1\.1 (?!204|304)([2-5][0-9]{2})(?: [^\r\n]*+)?+\r\n((?:[^\s:]++:[^\r\n]*+\r\n)*+)\r\n")
"""Of an answer that has a body; without lines that are folded."""
LENGTH: Final = re.compile(r"[0-9]{1,9}")
KEPT: Final = "keep-alive"
DEFAULT_PORTS: Final = {"http": ":80", "https": ":443"}


def wire_of(session: Any, url: str) -> "Wire | None":
    """To this address."""
    # Neither name is public. They are how the session chooses the pool, which is why it is the same one.
    if session._proxy_config.proxy_url_for(url):  # noqa: SLF001
        return None
    parts = urlsplit(url)
    host = parts.netloc.lower().removesuffix(DEFAULT_PORTS[parts.scheme])  # as it is signed
    start = f"POST {parts.path or '/'} HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: identity\r\n"
    return Wire(session._manager.connection_from_url(url), start.encode("ascii"))  # noqa: SLF001


class Wire(NamedTuple):
    """The way to one address."""

    pool: Any
    """urllib3's, with the connections: certificates and time limits are in them."""
    start: bytes
    """The first lines of each request."""

    def post(self, request: Any) -> dict[str, Any] | None:
        """Send a prepared request."""
        # Not public either: how urllib3 itself takes a connection, once it has seen that it is still there.
        connection = self.pool._get_conn()  # noqa: SLF001
        is_kept = connection.is_closed  # for botocore's whole way, which connects it
        try:
            if is_kept:
                return None
            answer, is_kept = self._exchange(connection.sock, request)
        except TimeoutError as error:
            raise ReadTimeoutError(endpoint_url=request.url, error=error) from error
        except (OSError, HTTPException) as error:
            raise ConnectionClosedError(endpoint_url=request.url, request=request, error=error) from error
        except Exception as error:  # as botocore does
            raise HTTPClientError(error=error) from error
        finally:
            if not is_kept:
                connection.close()
            self.pool._put_conn(connection)  # noqa: SLF001
        return answer

    def _exchange(self, sock: socket, request: Any) -> tuple[dict[str, Any], bool]:
        """The answer, and whether the connection can be used again."""
        lines = [f"{name}: {_text(value)}\r\n" for name, value in request.headers.items()]
        sock.sendall(b"%b%b\r\n%b" % (self.start, "".join(lines).encode("latin-1"), request.body))
        first = sock.recv(READ)
        if (head := HEAD.match(first)) and (length := _length(headers := _headers(head[2]))) is not None:
            body = _rest(sock, first[head.end() :], length)
            return _answer(int(head[1]), headers, body[:length]), len(body) == length
        response = HTTPResponse(_Again(first, sock), method="POST")  # type: ignore[arg-type] # all it wants is `makefile`
        response.begin()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return _answer(response.status, headers, response.read()), False


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("latin-1")


def _headers(lines: bytes) -> dict[str, str]:
    """By their names in lower case; of those that are there twice no length can be told."""
    pairs = [line.partition(":") for line in lines.decode("latin-1").split("\r\n")[:-1]]
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    return headers if len(headers) == len(pairs) else {}


def _length(headers: Mapping[str, str]) -> int | None:
    """Of the body, where nothing else says where it ends."""
    length = headers.get("content-length", "")
    is_plain = "transfer-encoding" not in headers and headers.get("connection", KEPT).lower() == KEPT
    return int(length) if is_plain and LENGTH.fullmatch(length) else None


def _rest(sock: socket, begun: bytes, length: int) -> bytes:
    """The whole body, and whatever more came with it."""
    body = bytearray(begun)
    while len(body) < length:
        more = sock.recv(READ)
        if not more:
            raise IncompleteRead(bytes(body), length - len(body))
        body += more
    return bytes(body)


def _answer(status: int, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    return {"status_code": status, "headers": headers, "body": body}


class _Again(RawIOBase):
    """A socket that gives once more what was read of it already."""

    def __init__(self, begun: bytes, sock: socket) -> None:
        super().__init__()
        self._begun, self._sock = begun, sock

    def makefile(self, _mode: str) -> BufferedReader:
        """As http.client asks for it."""
        return BufferedReader(self)

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Of what was read, and then of the socket."""
        if not self._begun:
            return self._sock.recv_into(buffer)
        count = min(len(buffer), len(self._begun))
        buffer[:count], self._begun = self._begun[:count], self._begun[count:]
        return count
