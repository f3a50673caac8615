"""Peers and users: who was called, under the names that a segment is named by.

Source  OpenTelemetry semantic conventions since 1.21; the exporter takes a client's host from `net.peer.name` alone.
"""

from raygate.enrich.row import AttributeRow, copied, first_text
from raygate.enrich.rows import url
from raygate.enrich.rows.http import URL_KEYS, is_micrometer
from raygate.memory import remembered
from raygate.span import CLIENT, PRODUCER, SERVER, Attributes, Span

CLIENTS = frozenset({CLIENT})


def _server_address(_span: Span, attributes: Attributes) -> Attributes | None:
    address = attributes["server.address"]
    if type(address) is not str or is_messaging(attributes):
        return None
    peer = _peer[address, url.port(attributes, "server.port")]
    has_port, has_scheme = "net.peer.port" in attributes, "http.scheme" in attributes or "url.scheme" in attributes
    if not has_port and not has_scheme:
        return peer
    # What the sender says itself stands.
    said = {"net.peer.port": has_port, "http.scheme": has_scheme}
    return {key: value for key, value in peer.items() if not said.get(key)}


@remembered(1024)
def _peer(address_and_port: tuple[str, str]) -> Attributes:
    """What the address tells; shared, not to be changed."""
    address, port = address_and_port
    authority = url.of_address(address)
    port = port or authority.port
    peer: Attributes = {"net.peer.name": authority.host} if authority.host else {}
    if peer and port:
        peer["net.peer.port"] = port
    if authority.scheme in ("http", "https"):
        peer["http.scheme"] = authority.scheme
    return peer


def _host_of_url(_span: Span, attributes: Attributes) -> Attributes | None:
    host = url.of_url(first_text(attributes, URL_KEYS)).host
    return {"net.peer.name": host} if host else None


def is_messaging(attributes: Attributes) -> bool:
    """Whether a broker was called by its own protocol: such a span is better named by itself than by a host."""
    return "messaging.system" in attributes and "rpc.service" not in attributes


def _micrometer_peer(_span: Span, attributes: Attributes) -> Attributes | None:
    name = first_text(attributes, ("client.name",))
    return {"net.peer.name": name} if is_micrometer(attributes) and name not in ("", "none") else None


ROWS = (
    AttributeRow(
        id="peer-service",
        reads=("service.peer.name",),
        writes=("peer.service",),
        unless=("peer.service",),
        kinds=frozenset({CLIENT, PRODUCER}),
        source="the newer name of `peer.service`; Java agent 2.33",
        effect="`name` is the service that was called. Not for servers: their segment would take their caller's name",
        change=copied("service.peer.name", "peer.service"),
    ),
    AttributeRow(
        id="peer-address",
        reads=("server.address",),
        writes=("net.peer.name", "net.peer.port", "http.scheme"),
        unless=("net.peer.name",),
        kinds=CLIENTS,
        when="it is an address and not a path; not where a messaging system was called by its own protocol",
        source="conventions since 1.21",
        effect="`name` is the host, unless something better names the span, as with the old conventions; "
        "without it every client is a node `GET`. A URL that is put together has its host",
        change=_server_address,
    ),
    AttributeRow(
        id="peer-destination",
        reads=("out.host", "network.destination.name", "peer.hostname"),
        writes=("net.peer.name",),
        unless=("net.peer.name", "server.address"),
        kinds=CLIENTS,
        source="Datadog's tracers (`out.host`, `network.destination.name`), OpenTracing (`peer.hostname`)",
        effect="`name` is the host, unless something better names the span",
        change=copied("out.host", "net.peer.name", "network.destination.name", "peer.hostname"),
    ),
    AttributeRow(
        id="peer-micrometer",
        reads=("client.name",),
        writes=("net.peer.name",),
        unless=("net.peer.name", "server.address"),
        needs=("outcome",),
        kinds=CLIENTS,
        when="`uri`, `outcome` and `exception` are there too",
        source="Micrometer Tracing (Spring Boot 3 and 4)",
        effect="`name` is the host that was called",
        change=_micrometer_peer,
    ),
    AttributeRow(
        id="peer-url",
        reads=URL_KEYS,
        writes=("net.peer.name",),
        unless=("net.peer.name", "http.host", "peer.service", "rpc.service"),
        kinds=CLIENTS,
        when="the URL has a host",
        source="OpenTelemetry Python (requests, urllib), Deno: a client's URL and nothing else",
        effect="`name` is the host, unless something better names the span",
        change=_host_of_url,
    ),
    AttributeRow(
        id="user-id",
        reads=("user.id",),
        writes=("enduser.id",),
        unless=("enduser.id",),
        kinds=frozenset({SERVER}),
        source="conventions, namespace `user`",
        effect="`user`",
        change=copied("user.id", "enduser.id"),
    ),
)
