"""The parts of an address that the rows need: host and port, of a URL or of `host:port`.

Takes   text that a sender calls a URL or an address.
Gives   `Authority`; both parts `""` where the text has none.
Source  RFC 3986, section 3.2, read leniently: a sender's text is never refused.
"""

import re
from dataclasses import replace

from raygate.memory import remembered
from raygate.records import dataclass
from raygate.span import Attributes

_URL = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.\-]*)://(?:[^/?#\s]*@)?(?P<address>[^/?#\s@]*)")
_ADDRESS = re.compile(r"(?P<host>\[[^\]]*\]|[^:\s]+)(?::(?P<port>[0-9]{1,5}))?")

MOST_DIGITS = 19
"""Of a number in text: as long as integers get."""


@dataclass(frozen=True, slots=True)
class Authority:
    """`host` with the brackets of an IPv6 address, `port` in digits."""

    scheme: str = ""
    host: str = ""
    port: str = ""


@remembered(2048)
def of_url(url: str) -> Authority:
    """Scheme, host and port of a URL; nothing of any other text."""
    match = _URL.match(url)
    if match is None:
        return Authority()
    return replace(of_address(match["address"]), scheme=match["scheme"].lower())


@remembered(2048)
def of_address(address: str) -> Authority:
    """Host and port of `host`, `host:port`, a bare IPv6 address or a URL; nothing of a path to a socket."""
    if "://" in address:
        return of_url(address)
    if not address or "/" in address:
        return Authority()
    if address.count(":") > 1 and not address.startswith("["):
        return Authority(host=f"[{address}]")
    match = _ADDRESS.fullmatch(address)
    return Authority(host=match["host"], port=match["port"] or "") if match else Authority()


def port(attributes: Attributes, key: str) -> str:
    """The port under `key`, a number or text, in digits; `""` when it is absent or something else."""
    value = attributes.get(key)
    if type(value) is int:
        return str(value) if value >= 0 else ""
    is_number = type(value) is str and len(value) <= MOST_DIGITS and value.isascii() and value.isdigit()
    return str(value) if is_number else ""
