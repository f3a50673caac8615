"""The host of a connection string that is a URL: `jdbc:mysql://u:p@db.example.com:3306/shop` → `db.example.com`.

Takes   the string, with or without `jdbc:` before it.
Gives   the host as it is written, without port and brackets, its percent escapes undone; `""` for a string that is
        no URL, and for a URL without a host.
Rules   They are those of Go's `net/url`, by which the exporter reads it, so by far not every string is a URL. Of
        several colons in a host its releases make different things; here they make no host.
Source  xray-conversion.md, section 8.1; RFC 3986.
"""

import re
from urllib.parse import unquote_to_bytes

from raygate.memory import remembered
from raygate.segment.http import is_ip_address
from raygate.utf8 import EACH_BYTE

_URL = re.compile(
    r"(?:[A-Za-z][A-Za-z0-9+.\-]*:)?"  # a scheme, or none
    r"//(?P<authority>[^/?]*)"
    r"(?P<path>[^?]*)"
)
_USER = re.compile(r"[A-Za-z0-9\-._:~!$&'()*+,;=%@]*")
_BRACKETED = re.compile(r"\[(?P<address>[^\[]*)\](?P<port>.*)", re.DOTALL)
_PORT = re.compile(r"(?::[0-9]*)?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_NOT_IN_A_HOST = re.compile(r"[ #?@\\^`{|}/]|%(?!25|[89A-Fa-f][0-9A-Fa-f])")
"""A character that is allowed is never escaped there, but for the percent sign."""
_NOT_IN_A_ZONE = re.compile(
    r"[ #?@\\^`{|}/]|%(?!2[0-24-9A-Ea-e]|3[0-9A-Ea-e]|4[1-9A-Fa-f]|5[0-9ABDFabdf]|6[1-9A-Fa-f]|7[0-9AEae])"
)
"""What is allowed there may be escaped, and so may a blank."""


@remembered(1024)
def host_of(connection_string: str) -> str:
    """The host, or `""`."""
    url, _, fragment = connection_string.removeprefix("jdbc:").partition("#")
    match = _URL.match(url)
    if match is None or _CONTROL.search(url) or _BAD_ESCAPE.search(match["path"]) or _BAD_ESCAPE.search(fragment):
        return ""
    user, _, host = match["authority"].rpartition("@")
    if not _USER.fullmatch(user) or _BAD_ESCAPE.search(user):
        return ""
    return _address(host) if host.startswith("[") else _name(host)


def _name(host: str) -> str:
    name, colon, port = host.partition(":")
    return _unescaped(name) if "[" not in name and _PORT.fullmatch(colon + port) and _is_host(name) else ""


def _address(host: str) -> str:
    match = _BRACKETED.fullmatch(host)
    if match is None or not _PORT.fullmatch(match["port"]):
        return ""
    address, percent, zone = match["address"].partition("%25")
    if not _is_host(address) or _NOT_IN_A_ZONE.search(zone):
        return ""
    if ":" not in address or not is_ip_address(address) or (percent and not zone):
        return ""
    return _unescaped(address + percent + zone)


def _is_host(text: str) -> bool:
    return _NOT_IN_A_HOST.search(text) is None


def _unescaped(text: str) -> str:
    return unquote_to_bytes(text).decode(errors=EACH_BYTE)
