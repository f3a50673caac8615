"""Real requests, to be damaged.

Takes   the captured requests and the conformance cases of `tests/data/`.
Gives   `Sent`: headers and body as they go over the wire; `seeds`: all of them; `lines`, `event`: as
        the gateway gets one and hands it over.
"""

from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import orjson

from raygate_local import gateway
from tests.corpus import captured, case_body, http_cases

Headers = tuple[tuple[str, str], ...]

KEPT: Final = frozenset({"content-type", "content-encoding", "authorization", "x-api-key", "origin"})
"""The headers that decide something."""

LONGEST: Final = 40_000
"""Bytes of a body: more requests are worth more than larger ones."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A POST to the traces path."""

    headers: Headers
    body: bytes

    def header(self, name: str) -> str:
        """The header's last value; `""` when absent."""
        return dict(self.headers).get(name, "")

    def with_header(self, name: str, value: str) -> "Sent":
        """The same with this header, and with no other of that name."""
        others = tuple(pair for pair in self.headers if pair[0] != name)
        return Sent((*others, (name, value)) if value else others, self.body)

    def with_body(self, body: bytes) -> "Sent":
        """The same with this body."""
        return Sent(self.headers, body)

    def reproduced(self) -> str:
        """As text to be sent again: `python -m fuzz --again TEXT`."""
        return b64encode(orjson.dumps([self.headers, b64encode(self.body).decode()])).decode()


@cache
def seeds() -> tuple[Sent, ...]:
    """Every request that is not too long, each body once."""
    found = {one.body: one.headers for one in captured()}
    found |= {
        case_body(one): one["request"]["headers"] for one in http_cases() if "generate" not in one["request"]["body"]
    }
    return tuple(Sent(_kept(headers), body) for body, headers in found.items() if len(body) <= LONGEST)


def lines(sent: Sent) -> list[tuple[bytes, bytes]]:
    """The header lines as bytes."""
    return [(name.encode("latin-1", "replace"), value.encode("latin-1", "replace")) for name, value in sent.headers]


def event(sent: Sent) -> dict[str, Any]:
    """What the function is called with."""
    return gateway.event(gateway.Call("POST", b"/v1/traces", lines(sent), sent.body))


def _kept(headers: Any) -> Headers:
    return tuple((name.lower(), value) for name, value in headers if name.lower() in KEPT)
