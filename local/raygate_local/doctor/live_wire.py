"""Requests to the endpoint as they are written here, byte for byte, and the answers as they came.

Takes   an `Endpoint`, and the environment (AWS_CA_BUNDLE names the authorities that are trusted, as for AWS's tools).
Gives   `Wire.ask`: an answer, with every header; `protocols`: what its TLS offers.
Note    One connection a request, no proxy in between, nothing tried again: what is asked is how the endpoint itself
        behaves. An endpoint that hangs up is an answer too: status 0, with what happened as its text.
"""

import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Final
from urllib.parse import urlsplit

from raygate_local.sending.endpoint import Endpoint

TIMEOUT_S: Final = 40
"""More than the 30 s after which API Gateway gives up."""
MOST_BODY: Final = 4_096
MOST_TEXT: Final = 120


@dataclass(frozen=True, slots=True)
class Seen:
    """What came back."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""

    def __str__(self) -> str:
        """In a sentence."""
        text = " ".join("".join(sign if sign.isprintable() else " " for sign in self.body).split())[:MOST_TEXT]
        return f"{self.status or 'no answer'} {text}".strip()


@dataclass(frozen=True, slots=True)
class Asking:
    """One request."""

    method: str = "POST"
    path: str = "/v1/traces"
    """Below the endpoint's own."""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    chunked: bool = False
    with_key: bool = True


class Wire:
    """The way to one endpoint."""

    def __init__(self, endpoint: Endpoint, environ: Mapping[str, str]) -> None:
        parts = urlsplit(endpoint.base)
        self.is_tls = parts.scheme == "https"
        self.host = parts.hostname or ""
        self._port = parts.port or (443 if self.is_tls else 80)
        self._below = parts.path.rstrip("/")
        self._key = endpoint.headers
        self._authorities = environ.get("AWS_CA_BUNDLE") or None

    def ask(self, asking: Asking) -> Seen:
        """Send it, and read what comes."""
        connection = self._connection()
        try:
            self._send(connection, asking)
            response = connection.getresponse()
            headers = {name.lower(): value for name, value in response.getheaders()}
            return Seen(response.status, headers, response.read(MOST_BODY).decode("utf-8", "replace"))
        except (OSError, HTTPException) as error:
            return Seen(0, body=f"{type(error).__name__}: {error}")
        finally:
            connection.close()

    def protocols(self) -> str:
        """What TLS agrees on when HTTP/2 is offered; `""` when nothing was chosen."""
        context = self._context()
        context.set_alpn_protocols(["h2", "http/1.1"])
        try:
            with (
                socket.create_connection((self.host, self._port), TIMEOUT_S) as plain,
                context.wrap_socket(plain, server_hostname=self.host) as secured,
            ):
                return secured.selected_alpn_protocol() or ""
        except OSError as error:
            return f"{type(error).__name__}: {error}"

    def _context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self._authorities)

    def _connection(self) -> HTTPConnection:
        if self.is_tls:
            return HTTPSConnection(self.host, self._port, timeout=TIMEOUT_S, context=self._context())
        return HTTPConnection(self.host, self._port, timeout=TIMEOUT_S)

    def _send(self, connection: HTTPConnection, asking: Asking) -> None:
        connection.putrequest(asking.method, self._below + asking.path, skip_accept_encoding=True)
        length = {"transfer-encoding": "chunked"} if asking.chunked else {"content-length": str(len(asking.body))}
        key = self._key if asking.with_key else {}
        for name, value in {**length, **asking.headers, **key}.items():
            connection.putheader(name, value)
        body = self._halves(asking.body) if asking.chunked else asking.body
        try:
            connection.endheaders(body or None, encode_chunked=asking.chunked)
        except (BrokenPipeError, ConnectionResetError):
            """It answers before all is there: the answer can still be read."""

    @staticmethod
    def _halves(body: bytes) -> Iterator[bytes]:
        middle = len(body) // 2
        yield from (part for part in (body[:middle], body[middle:]) if part)
