"""Where to send, and as whom: what the command was told, else OpenTelemetry's own settings.

Takes   `--endpoint` and `--key`, and the environment: OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, OTEL_EXPORTER_OTLP_ENDPOINT
        and the two of HEADERS.
Gives   `Endpoint`: the address with its path, and the headers of every request.
Raises  `EndpointError`, one sentence.
Source  OpenTelemetry specification, "OpenTelemetry Protocol Exporter".
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, urlsplit

from raygate.errors import RaygateError

DEFAULT: Final = "http://127.0.0.1:4318"
TRACES: Final = "/v1/traces"
HEALTH: Final = "/health"
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
CREDENTIALS: Final = frozenset({"authorization", "x-api-key"})
"""Every credential that is sent has to be right, so a key takes the place of others."""


class EndpointError(RaygateError):
    """There is no such address. The message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address that takes traces."""

    url: str
    """With its path."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def base(self) -> str:
        """Without the path of traces."""
        return self.url.removesuffix(TRACES)

    @property
    def health_url(self) -> str:
        """Where it says that it is there."""
        return self.base + HEALTH

    @property
    def is_local(self) -> bool:
        """Whether it is on this machine: no proxy is in between then."""
        return urlsplit(self.url).hostname in LOOPBACK


def endpoint_of(asked: str | None, key: str | None, environ: Mapping[str, str]) -> Endpoint:
    """What was asked for, else what the environment says, else the port of `raygate serve`."""
    whole = environ.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "")
    base = asked or environ.get("OTEL_EXPORTER_OTLP_ENDPOINT") or DEFAULT
    url = whole if whole and not asked else _with_path(base)
    _check(url)
    headers = {
        name: value
        for variable in ("OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_HEADERS")
        for name, value in _headers(environ.get(variable, ""))
    }
    if key:
        headers = {name: value for name, value in headers.items() if name not in CREDENTIALS} | {"x-api-key": key}
    if any(not value.isascii() or not value.isprintable() for value in headers.values()):
        raise EndpointError("A key or header holds characters that no header can carry.")
    return Endpoint(url, headers)


def _with_path(base: str) -> str:
    trimmed = base.strip().rstrip("/")
    return trimmed if trimmed.endswith(TRACES) else trimmed + TRACES


def _check(url: str) -> None:
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in {"http", "https"} and parts.hostname and (parts.port or True)
    except ValueError:
        is_address = False
    if not is_address:
        raise EndpointError(f"The endpoint must be an address such as {DEFAULT}, not {url!r}.")


def _headers(text: str) -> Iterator[tuple[str, str]]:
    """`a=b,c=d`, percent-encoded."""
    for part in text.split(","):
        name, equals, value = part.partition("=")
        if equals and name.strip():
            yield name.strip().lower(), unquote(value.strip())
