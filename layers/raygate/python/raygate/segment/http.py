"""`http`: request and response.

Takes   the span's attributes of either generation of HTTP conventions, and the sizes in its events.
Gives   {"request": {"method", "url", "user_agent", "client_ip", "x_forwarded_for"},
         "response": {"status", "content_length"}}; the members of the request are absent when empty.
Absent  when no attribute speaks of HTTP. The attributes of the table below are accounted for all the same.
Source  xray-conversion.md, section 13. Where both generations fill a slot, the later one in the list wins.
"""

from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from typing import Any, TypeAlias

from raygate.memory import remembered
from raygate.records import dataclass
from raygate.repeated import Repeated
from raygate.segment.values import integer, text
from raygate.span import SERVER, Attributes, Span, Value

SLOTS = {
    "http.method": "method",
    "http.request.method": "method",
    "http.user_agent": "user_agent",
    "user_agent.original": "user_agent",
    "http.status_code": "status",
    "http.response.status_code": "status",
    "http.url": "full_url",
    "url.full": "full_url",
    "http.scheme": "scheme",
    "url.scheme": "scheme",
    "http.host": "http_host",
    "http.target": "target",
    "http.server_name": "server_name",
    "net.host.port": "host_port",
    "url.path": "path",
    "url.query": "query",
    "http.client_ip": "client_ip",
    "client.address": "client_address",
    "net.peer.ip": "peer_ip",
    "network.peer.address": "peer_address",
    "net.peer.name": "peer_name",
    "net.peer.port": "peer_port",
    "net.host.name": "local_host",
    "host.name": "host_name",
    "server.address": "server_address",
    "server.port": "server_port",
}
"""Attribute → what it says. All of them are accounted for, always."""

CONSUMED = frozenset(SLOTS)

SAYS_HTTP = frozenset(
    "method user_agent status full_url scheme http_host target server_name host_port path query client_ip".split()  # noqa: SIM905 - a word list
)
"""One of these makes the block appear."""

GIVES_URL = frozenset("http_host server_name peer_ip peer_name local_host host_name server_address".split())  # noqa: SIM905 - a word list
"""One of these makes a URL be put together; so does a `peer_address` that is an IP address."""

MAY_GIVE_URL = GIVES_URL | {"peer_address"}

SERVER_HOSTS = ("http_host", "server_name", "local_host", "host_name", "server_address")
SERVER_PORTS = ("host_port", "server_port")
CLIENT_HOSTS = ("http_host", "peer_name", "peer_ip")
CLIENT_PORTS = ("peer_port",)
"""The first that is present decides. A client's `server.address` is not among them: the exporter does not use it."""

STATUS_KEYS = ("http.status_code", "http.response.status_code")
"""The first that is present decides whether the span failed."""

DEFAULT_PORTS = frozenset({("http", "80"), ("https", "443")})

CLIENT_SLOTS = frozenset({"client_ip", "client_address", "peer_ip", "peer_address"})

MESSAGE = "message.type"

Seen: TypeAlias = Sequence[tuple[str, Value]]
"""Each slot with its value, in the order of the attributes."""


@dataclass(slots=True, eq=False, repr=False)
class UrlKeys:
    """The attributes that a URL is put together from, `""` where there is none: one that is empty counts as present."""

    scheme: str
    host: str
    port: str
    """`""` also where the host may have it."""
    target: str
    path: str
    query: str

    @classmethod
    def of(cls, by_slot: Mapping[str, str], hosts: tuple[str, ...], ports: tuple[str, ...]) -> "UrlKeys":
        """Of hosts and ports the first that is present."""
        host, port = (next((by_slot[slot] for slot in slots if slot in by_slot), "") for slots in (hosts, ports))
        scheme, target, path, query = (by_slot.get(slot, "") for slot in ("scheme", "target", "path", "query"))
        return cls(scheme, host, "" if "http_host" in by_slot else port, target, path, query)


@dataclass(slots=True, eq=False, repr=False)
class Filling:
    """Which attributes fill which slots, in their order."""

    texts: tuple[tuple[str, str], ...]
    """The attributes that are members of the request as they are."""
    status: str
    """The attribute of the response's status; `""` without one."""
    full_url: str
    client: tuple[tuple[str, str], ...]
    """What speaks of the client and its address."""
    makes_url: bool
    """It may have to be put together."""
    gives_url: bool
    """It can be, whatever the client's address is."""
    server_url: UrlKeys
    client_url: UrlKeys
    has_message: bool


def filling(keys: tuple[str, ...]) -> Filling | None:
    """The slots that these attributes fill; None when none of them speaks of HTTP."""
    by_slot = {SLOTS[key]: key for key in keys if key in SLOTS}
    if SAYS_HTTP.isdisjoint(by_slot):
        return None
    return Filling(
        tuple((by_slot[slot], slot) for slot in ("method", "user_agent") if slot in by_slot),
        by_slot.get("status", ""),
        by_slot.get("full_url", ""),
        client=tuple((key, SLOTS[key]) for key in keys if SLOTS.get(key) in CLIENT_SLOTS),
        makes_url="full_url" not in by_slot and not MAY_GIVE_URL.isdisjoint(by_slot),
        gives_url=not GIVES_URL.isdisjoint(by_slot),
        server_url=UrlKeys.of(by_slot, SERVER_HOSTS, SERVER_PORTS),
        client_url=UrlKeys.of(by_slot, CLIENT_HOSTS, CLIENT_PORTS),
        has_message=MESSAGE in keys,
    )


def status_key(keys: frozenset[str]) -> str:
    """The attribute that has the status code by which a span is judged; `""` without one."""
    return next((key for key in STATUS_KEYS if key in keys), "")


def build(span: Span, filled: Filling) -> dict[str, Any]:
    """The block."""
    attributes = span.attributes
    request: dict[str, Any] = {}
    for key, member in filled.texts:
        value = attributes[key]
        if value and type(value) is str:
            request[member] = value
    if filled.client or filled.makes_url:
        _add_client_and_url(request, span, filled)
    if filled.full_url and type(url := attributes[filled.full_url]) is str and url:
        request["url"] = url
    length = _length(span, filled) if filled.has_message or span.events else 0
    if filled.status:
        return {
            "request": request,
            "response": {"status": integer(attributes[filled.status]), "content_length": length},
        }
    return {"request": request, "response": {"content_length": length}}


def _add_client_and_url(request: dict[str, Any], span: Span, filled: Filling) -> None:
    has_peer = False
    if filled.client:
        client_ip, has_peer = _client(_seen(span, filled))
        if client_ip:
            request["client_ip"] = client_ip
            if not has_peer:
                request["x_forwarded_for"] = True
    # A peer that is seen is one of those that give a URL, or an address that is one.
    if filled.makes_url and (has_peer or filled.gives_url):
        url = _url(span.attributes, filled.server_url if span.kind == SERVER else filled.client_url)
        if url:
            request["url"] = url


def _seen(span: Span, filled: Filling) -> Seen:
    if type(span.first) is Repeated:
        return [(SLOTS[key], value) for key, value in span.first.pairs if SLOTS.get(key) in CLIENT_SLOTS]
    attributes = span.attributes
    return [(slot, attributes[key]) for key, slot in filled.client]


def _client(seen: Seen) -> tuple[str, bool]:
    """The client's address, and whether a peer's was seen. The order of the attributes decides."""
    client_ip, has_peer = "", False
    for slot, value in seen:
        address = value if type(value) is str else ""
        if slot == "client_ip":
            client_ip = address
        elif slot == "peer_ip" or is_ip_address[address]:
            if slot != "client_address":
                has_peer = True
                address = client_ip or address  # the peer stands in where no client is known
            client_ip = address
    return client_ip, has_peer


def _url(attributes: Attributes, keys: UrlKeys) -> str:
    """Put the URL together."""
    scheme = attributes[keys.scheme] if keys.scheme else "http"
    host = attributes[keys.host] if keys.host else ""
    if type(scheme) is not str:
        scheme = ""
    if type(host) is not str:
        host = ""
    if keys.port:
        port = _port(attributes[keys.port])
        if (scheme, port) not in DEFAULT_PORTS:
            return f"{scheme}://{host}:{port}{_target(attributes, keys)}"
    return f"{scheme}://{host}{_target(attributes, keys)}"


def _port(value: Value) -> str:
    return value if isinstance(value, str) and value else str(integer(value))


def _target(attributes: Attributes, keys: UrlKeys) -> str:
    if keys.target:
        return text(attributes, keys.target)
    path = text(attributes, keys.path) if keys.path else "/"
    if not keys.query:
        return path
    query = text(attributes, keys.query)
    return path + (query if query.startswith("?") else f"?{query}")


def _length(span: Span, filled: Filling) -> int:
    length = _received(span.first) if filled.has_message else 0
    if not length and span.events:
        length = next(filter(None, (_received(event.attributes) for event in span.events)), 0)
    return length


def _received(attributes: Attributes) -> int:
    if attributes.get(MESSAGE) != "RECEIVED":
        return 0
    return integer(attributes.get("messaging.message_payload_size_bytes"))


@remembered(4096)
def is_ip_address(address: str) -> bool:
    """Whether it is an IPv4 or IPv6 address and nothing else: no brackets, no zone."""
    try:
        ip_address(address)
    except ValueError:
        return False
    return "%" not in address
