"""Which web pages: origins, and patterns that cover them.

Takes   an origin as browsers send it: `https://app.example.com`, `http://localhost:3000`.
Gives   `is_covered`: whether one of the patterns covers it. A pattern is an origin in which one `*` may stand for one
        or more whole labels of the host: `https://*.example.com` covers `https://a.b.example.com`, and not
        `https://example.com`. Scheme, host and port are compared, the default ports as if they were written.
Raises  `OriginError` for a pattern that is none, such as one with a path.
Source  RFC 6454. An opaque origin, `null`, can be any page or file at all: no pattern covers it.
"""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from raygate.errors import OriginError

DEFAULT_PORTS: Final = {"http": "80", "https": "443"}

_FORM: Final = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<host>[a-z0-9*_-]+(?:\.[a-z0-9*_-]+)*|\[[0-9a-f:.]+\])(?::(?P<port>[0-9]{1,5}))?",
    re.ASCII,
)


class Origin(NamedTuple):
    """An origin, or a pattern of origins, in lower case."""

    scheme: str
    host: str
    port: str


def is_covered(origin: str, patterns: Iterable[str]) -> bool:
    """Whether a pattern covers this origin."""
    found = _parse(origin)
    return found is not None and "*" not in found.host and any(_covers(pattern(one), found) for one in patterns)


def pattern(text: str) -> Origin:
    """Check a pattern."""
    found = _parse(text)
    if found is None:
        raise OriginError(f"an origin looks like https://app.example.com, not {text!r}")
    labels = found.host.split(".")
    if found.host.count("*") > 1 or ("*" in found.host and "*" not in labels):
        raise OriginError(f"an origin may have one * in place of labels of the host, unlike {text!r}")
    return found


def _parse(text: str) -> Origin | None:
    found = _FORM.fullmatch(text.lower())
    if found is None:
        return None
    scheme, host, port = found.group("scheme", "host", "port")
    return Origin(scheme, host, port or DEFAULT_PORTS.get(scheme, ""))


def _covers(wanted: Origin, origin: Origin) -> bool:
    if (wanted.scheme, wanted.port) != (origin.scheme, origin.port):
        return False
    before, star, after = wanted.host.partition("*")
    if not star:
        return wanted.host == origin.host
    is_longer = len(origin.host) > len(before) + len(after)
    return is_longer and origin.host.startswith(before) and origin.host.endswith(after)
