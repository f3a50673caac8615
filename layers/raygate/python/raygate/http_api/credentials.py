"""The credentials of a request, under all the names that exporters are set up with.

Takes   a `Call`.
Gives   `Presented`: each token once, the page's origin, what an authorizer found out. What is there and cannot be read
        is `None`, and not left out: every credential that is present has to be right.
Note    The gateway joins repeated header lines by commas, so each part is a credential of its own. A token with a
        comma in it can come as Basic's password, which is in base64. Nothing is percent-decoded.
Source  RFC 6750 (Bearer), RFC 7617 (Basic), RFC 9110 11.1: the scheme's case does not matter.
"""

from base64 import b64decode
from collections.abc import Callable, Iterator
from typing import Final

from raygate.http_api.event import Call
from raygate.keys.presented import Presented

HEADERS: Final = ("x-api-key", "api-key", "x-honeycomb-team", "dd-api-key", "lightstep-access-token")
"""Headers that hold a token and nothing else; all but the first are other backends' names."""


def presented(call: Call) -> Presented:
    """Collect what the headers hold."""
    tokens = [*_authorization(call), *_plain(call)]
    return Presented(tuple(dict.fromkeys(tokens)), call.header("origin"), call.authorizer)


def _authorization(call: Call) -> Iterator[str | None]:
    for part in _parts(call.header("authorization")):
        scheme, *rest = part.split(maxsplit=1)
        read = _SCHEMES.get(scheme.lower(), _unreadable)
        yield read(rest[0]) if rest else None


def _plain(call: Call) -> Iterator[str]:
    for name in HEADERS:
        yield from _parts(call.header(name))


def _parts(value: str) -> Iterator[str]:
    return filter(None, (part.strip() for part in value.split(",")))


def _itself(token: str) -> str:
    return token


def _password(encoded: str) -> str | None:
    try:
        return b64decode(encoded.encode("ascii"), validate=True).decode("utf-8").partition(":")[2] or None
    except ValueError:
        return None


def _unreadable(_: str) -> None:
    return None


_SCHEMES: Final[dict[str, Callable[[str], str | None]]] = {
    "bearer": _itself,
    "apikey": _itself,
    "basic": _password,
}
