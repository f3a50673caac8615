"""What a deployment may change: one frozen dataclass, read once.

Takes   an environment, as a mapping; the caller passes `os.environ`.
Gives   `Settings`; every field has a default that works.
Raises  `SettingsError` for an unknown `RAYGATE_` name, for a bad value, and for one that needs another setting.
Note    checks itself: pydantic's import would cost the ingest function 100 ms at each cold start.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, Final

from raygate import origins
from raygate.errors import OriginError, SettingsError
from raygate.records import dataclass

PREFIX: Final = "RAYGATE_"

NEEDS: Final = (("delivery", "buffered", "queue_url"), ("archive", True, "bucket"))
"""A setting, a value of it, and the other setting without which that means nothing."""

_HEADER: Final = re.compile(r"[A-Za-z0-9!#$%&'+.^_`|~-]+")


@dataclass(frozen=True, slots=True)
class Settings:
    """Each field is the environment variable of the same name in capitals, behind `RAYGATE_`."""

    mapping: str = "extended"
    """`extended`, or `adot`: exactly the documents of ADOT's exporter."""
    index_all_attributes: bool = False
    """Every attribute becomes an annotation."""
    indexed_attributes: tuple[str, ...] = ()
    """Attribute keys that become annotations; resource attributes as `otel.resource.<key>`."""
    log_group_names: tuple[str, ...] = ()
    """CloudWatch log groups to link where the resource names none."""
    delivery: str = "direct"
    """`direct`: to X-Ray within the request; or `buffered`: to the queue, and a worker delivers."""
    queue_url: str = ""
    """SQS queue for what could not be delivered, and for all requests in `buffered`."""
    dead_letter_queue_url: str = ""
    """SQS queue for messages that the worker gives up, with the reason; none: the queue's own redrive moves them."""
    max_receives: int = 0
    """How often the queue gives a message before its redrive moves it (`maxReceiveCount`); 0 when nobody knows."""
    deliver_rate: int = 0
    """Segments a second that one worker sends at most; 0: as many as X-Ray takes."""
    bucket: str = ""
    """S3 bucket for parked documents, the archive, and what is too large for the queue."""
    archive: bool = False
    """Every accepted request is kept in the bucket, to be replayed."""
    path_prefixes: tuple[str, ...] = ()
    """Also serve `<prefix>/v1/traces`."""
    redact_keys: tuple[str, ...] = ()
    """Attribute keys whose values are replaced, beside the built-in list."""
    max_wire_bytes: int = 4_500_000
    """Largest body as it came."""
    max_decompressed_bytes: int = 20_971_520
    """Largest body inflated; up to 64 MiB, with memory to match."""
    max_spans: int = 50_000
    """Most spans in a request."""
    auth: str = "keys"
    """Who may send: `keys`; `iam` or `jwt`, which the gateway has checked; or `none`: anybody."""
    keys_table: str = ""
    """DynamoDB table that holds the hashes of keys."""
    keys_file: str = ""
    """JSON file that holds them, for local use."""
    annotate_tenant: bool = False
    """Each document gets the annotation `raygate_tenant`."""
    cors_allowed_origins: tuple[str, ...] = ()
    """Web pages whose scripts may send: origins, with at most one `*` for labels of the host."""
    cors_allowed_headers: tuple[str, ...] = ()
    """Headers that those scripts may send, beside the built-in list."""

    @classmethod
    def from_environ(cls, environ: Mapping[str, str], *, has_stores: bool = False, **defaults: Any) -> "Settings":
        """Read the `RAYGATE_` names; an unset or empty one keeps its default, or the caller's.

        A caller that has stores of its own needs none that are named.
        """
        known = {PREFIX + field.name.upper(): field.name for field in fields(cls)}
        given: dict[str, Any] = {}
        for name, text in environ.items():
            if not name.startswith(PREFIX):
                continue
            if name not in known:
                raise SettingsError(_unknown(name, list(known)))
            if text.strip():
                given[known[name]] = _PARSERS[known[name]](name, text.strip())
        settings = cls(**(defaults | given))
        if not has_stores:
            _check_together(settings)
        return settings


def _check_together(settings: Settings) -> None:
    """What one setting needs of another."""
    for name, value, other in NEEDS:
        if getattr(settings, name) == value and not getattr(settings, other):
            shown = str(value).lower()
            raise SettingsError(f"{PREFIX}{name.upper()}={shown} needs {PREFIX}{other.upper()}, and it is not set")


def _unknown(name: str, known: list[str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - no right setting shall pay for it at a cold start

    close = get_close_matches(name, known, n=1)
    hint = f"; perhaps {close[0]} is meant" if close else f"; the names are {', '.join(sorted(known))}"
    return f"unknown setting {name}{hint}"


def _flag(name: str, text: str) -> bool:
    value = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}.get(text.lower())
    if value is None:
        raise SettingsError(f"{name} must be true or false, not {text!r}")
    return value


def _names(_name: str, text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _prefixes(name: str, text: str) -> tuple[str, ...]:
    prefixes = _names(name, text)
    for prefix in prefixes:
        if not prefix.startswith("/") or prefix.endswith("/") or "//" in prefix:
            raise SettingsError(f"{name}: a prefix looks like /otlp, not {prefix!r}")
    return prefixes


def _origins(name: str, text: str) -> tuple[str, ...]:
    patterns = _names(name, text)
    try:
        for one in patterns:
            origins.pattern(one)
    except OriginError as error:
        raise SettingsError(f"{name}: {error}") from error
    return patterns


def _headers(name: str, text: str) -> tuple[str, ...]:
    names = _names(name, text)
    for header in names:
        if not _HEADER.fullmatch(header):
            raise SettingsError(f"{name}: a header's name looks like x-my-header, not {header!r}")
    return names


def _text(_name: str, text: str) -> str:
    return text


def _choice(*choices: str) -> Callable[[str, str], str]:
    def parse(name: str, text: str) -> str:
        if text not in choices:
            raise SettingsError(f"{name} must be one of {', '.join(choices)}, not {text!r}")
        return text

    return parse


def _number(low: int, high: int) -> Callable[[str, str], int]:
    def parse(name: str, text: str) -> int:
        if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
            raise SettingsError(f"{name} must be a whole number from {low} to {high}, not {text!r}")
        return int(text)

    return parse


_PARSERS: Final[dict[str, Callable[[str, str], Any]]] = {
    "mapping": _choice("extended", "adot"),
    "index_all_attributes": _flag,
    "indexed_attributes": _names,
    "log_group_names": _names,
    "delivery": _choice("direct", "buffered"),
    "queue_url": _text,
    "dead_letter_queue_url": _text,
    "max_receives": _number(1, 1_000),
    "deliver_rate": _number(0, 100_000),
    "bucket": _text,
    "archive": _flag,
    "path_prefixes": _prefixes,
    "redact_keys": _names,
    "max_wire_bytes": _number(1, 10_000_000),
    "max_decompressed_bytes": _number(1, 67_108_864),
    "max_spans": _number(1, 1_000_000),
    "auth": _choice("keys", "iam", "jwt", "none"),
    "keys_table": _text,
    "keys_file": _text,
    "annotate_tenant": _flag,
    "cors_allowed_origins": _origins,
    "cors_allowed_headers": _headers,
}
