"""HTTP: what newer conventions say otherwise, and what the exporter's URL lacks.

Source  OpenTelemetry semantic conventions for HTTP, stable and older; the clients that each row names.
"""

from raygate.enrich.row import AttributeRow, copied, first_text
from raygate.enrich.rows import url
from raygate.span import SERVER, Attributes, Span, Value

STATUS_KEYS = ("http.status_code", "http.response.status_code")
METHOD_KEYS = ("http.method", "http.request.method")
URL_KEYS = ("http.url", "url.full")
SERVER_HOSTS = ("http.host", "http.server_name", "net.host.name", "host.name", "server.address")


def _original_method(_span: Span, attributes: Attributes) -> Attributes | None:
    original = attributes["http.request.method_original"]
    if attributes.get("http.request.method") != "_OTHER" or type(original) is not str or not original:
        return None
    return {"http.request.method": original}


def _status_number(_span: Span, attributes: Attributes) -> Attributes | None:
    old, new = attributes.get("http.status_code", 0), attributes.get("http.response.status_code", 0)
    if type(old) is int and type(new) is int:
        return None
    told = {key: status_of(attributes.get(key)) for key in STATUS_KEYS if type(attributes.get(key)) is not int}
    return {key: number for key, number in told.items() if number}


def status_of(value: Value) -> int:
    """The status code that a string of three digits or a whole number is; 0 for anything else."""
    if isinstance(value, float) and value.is_integer():
        value = str(int(value))
    is_status = isinstance(value, str) and len(value) == 3 and value.isascii() and value.isdigit()
    return int(value) if is_status and isinstance(value, str) else 0


def _address_without_port(_span: Span, attributes: Attributes) -> Attributes | None:
    address = attributes["server.address"]
    if type(address) is not str or ":" not in address:
        return None
    authority = url.of_address(address)
    same = authority.port and authority.port == url.port(attributes, "server.port")
    return {"server.address": authority.host} if same else None


def _path_as_url(_span: Span, attributes: Attributes) -> Attributes | None:
    target = first_text(attributes, ("http.target",))
    if target:
        return {"http.url": target}
    path, query = first_text(attributes, ("url.path",)), first_text(attributes, ("url.query",))
    return {"http.url": f"{path}?{query.removeprefix('?')}" if query else path} if path else None


def _socket_peer(_span: Span, attributes: Attributes) -> Attributes | None:
    peer = first_text(attributes, ("net.sock.peer.addr",))
    return {"net.peer.ip": peer} if peer and "/" not in peer else None


def _micrometer_method(_span: Span, attributes: Attributes) -> Attributes | None:
    method = first_text(attributes, ("method",))
    return {"http.request.method": method} if is_micrometer(attributes) and method not in ("", "none") else None


def _micrometer_status(_span: Span, attributes: Attributes) -> Attributes | None:
    number = status_of(attributes.get("status")) if is_micrometer(attributes) else 0
    return {"http.response.status_code": number} if number else None


def is_micrometer(attributes: Attributes) -> bool:
    """Whether Micrometer's HTTP observation named them: it always writes all of these."""
    return "outcome" in attributes and "uri" in attributes and "exception" in attributes


ROWS = (
    AttributeRow(
        id="http-method-original",
        reads=("http.request.method_original",),
        writes=("http.request.method",),
        when="the method is `_OTHER`",
        source="the stable HTTP conventions: a method that is not registered is `_OTHER`",
        effect="`http.request.method` is the method that was used, as in the old conventions",
        change=_original_method,
    ),
    AttributeRow(
        id="http-status-number",
        reads=STATUS_KEYS,
        writes=STATUS_KEYS,
        when="the value is three digits in a string or a whole double; it is replaced by the integer",
        source="Deno 2.9, Envoy 1.40, Datadog's tracers: the status as a string",
        effect="`http.response.status` instead of 0; `error`, `throttle` and `fault` follow it",
        settled_by_integer=True,
        change=_status_number,
    ),
    AttributeRow(
        id="http-server-address-port",
        reads=("server.address",),
        writes=("server.address",),
        unless=(*URL_KEYS, "http.host", "http.server_name", "net.host.name", "host.name"),
        needs=("server.port",),
        kinds=frozenset({SERVER}),
        when="the address ends in the port that `server.port` tells too; it is replaced by the host",
        source="OpenTelemetry Python (Flask, FastAPI) with the stable HTTP conventions: the Host header as it is",
        effect="`http.request.url` has its port once",
        change=_address_without_port,
    ),
    AttributeRow(
        id="http-path-as-url",
        reads=("http.target", "url.path"),
        writes=("http.url",),
        unless=(*URL_KEYS, *SERVER_HOSTS),
        kinds=frozenset({SERVER}),
        when="no host is known",
        source="Next.js (`http.target`), spans made by hand: a path without a host",
        effect="`http.request.url` is the path with its query, instead of nothing or a URL without a host",
        composes=True,
        change=_path_as_url,
    ),
    AttributeRow(
        id="http-socket-peer",
        reads=("net.sock.peer.addr",),
        writes=("net.peer.ip",),
        unless=("net.peer.ip", "network.peer.address", "client.address", "http.client_ip"),
        kinds=frozenset({SERVER}),
        source="conventions before 1.21; Java agent 1.32, ADOT Java 1.32",
        effect="`http.request.client_ip`",
        change=_socket_peer,
    ),
    AttributeRow(
        id="http-user-agent",
        reads=("http.useragent", "user_agent"),
        writes=("http.user_agent",),
        unless=("http.user_agent", "user_agent.original"),
        needs=METHOD_KEYS,
        source="Datadog's tracers (`http.useragent`), Envoy (`user_agent`)",
        effect="`http.request.user_agent`",
        change=copied("http.useragent", "http.user_agent", "user_agent"),
    ),
    AttributeRow(
        id="micrometer-method",
        reads=("method",),
        writes=("http.request.method",),
        unless=METHOD_KEYS,
        needs=("outcome",),
        when="`uri`, `outcome` and `exception` are there too",
        source="Micrometer Tracing (Spring Boot 3 and 4)",
        effect="`http.request.method`",
        change=_micrometer_method,
    ),
    AttributeRow(
        id="micrometer-status",
        reads=("status",),
        writes=("http.response.status_code",),
        unless=STATUS_KEYS,
        needs=("outcome",),
        when="`uri`, `outcome` and `exception` are there too, and the status is a number and not `CLIENT_ERROR`",
        source="Micrometer Tracing (Spring Boot 3 and 4): the status as a string",
        effect="`http.response.status`; `error`, `throttle` and `fault` follow it",
        change=_micrometer_status,
    ),
)
