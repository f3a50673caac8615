"""`name` and `namespace`: which service a segment stands for.

Takes   a span's attributes (the first of repeated keys), its kind and name, and its resource.
Gives   the first non-empty candidate, unchanged; only the span's own name is cleaned and cut, and is never empty.
Source  xray-conversion.md, sections 8 and 9.
"""

import re
import unicodedata

from raygate.memory import remembered
from raygate.records import dataclass
from raygate.segment.host import host_of
from raygate.segment.values import text
from raygate.span import CLIENT, CONSUMER, INTERNAL, PRODUCER, SERVER, Attributes, Span
from raygate.utf8 import EACH_BYTE

MAX_NAME_BYTES = 200
LATER_CANDIDATES = ("rpc.service", "http.host", "net.peer.name")
CANDIDATES = frozenset(
    {
        "aws.local.service",
        "aws.remote.service",
        "peer.service",
        "aws.service",
        "db.name",
        "rpc.system",
        *LATER_CANDIDATES,
    }
)
"""Whatever has a say in the name or the namespace."""
CALLERS = frozenset({CLIENT, PRODUCER})
_PLAIN_NAME = re.compile(r"[ 0-9A-Za-z_.:/%&#=+\-@]{1,200}")


@dataclass(slots=True, eq=False, repr=False)
class Candidates:
    """Which of them are there."""

    rpc_system: bool
    local_or_remote_service: bool
    peer_service: bool
    aws_service: bool
    database: bool
    later: tuple[str, ...]

    @classmethod
    def of(cls, keys: frozenset[str]) -> "Candidates | None":
        """Among these attributes; None when there is none of them."""
        if CANDIDATES.isdisjoint(keys):
            return None
        return cls(
            "rpc.system" in keys,
            "aws.local.service" in keys or "aws.remote.service" in keys,
            "peer.service" in keys,
            "aws.service" in keys,
            "db.name" in keys,
            tuple(key for key in LATER_CANDIDATES if key in keys),
        )


def name_and_namespace(span: Span, present: Candidates, *, is_local_root: bool) -> tuple[str, str]:
    """The segment's name, and `aws`, `remote` or `""`."""
    attributes, name = span.first, ""
    namespace = "remote" if span.kind in CALLERS else ""
    if present.rpc_system and is_aws_sdk(attributes):
        namespace = "aws"
    if present.local_or_remote_service:
        name = _local_or_remote_service(span, is_local_root=is_local_root)
    if present.peer_service:
        name = name or text(attributes, "peer.service")
    if present.aws_service and not name:
        name, namespace = text(attributes, "aws.service"), "aws"
    if present.database:
        name = name or _database(attributes)
    name = name or _own_name(span)
    for key in present.later:
        name = name or text(attributes, key)
    return name or sanitized[span.name], namespace


def without_attributes(span: Span) -> tuple[str, str]:
    """The same for a span with none of the attributes that have a say in it."""
    return _own_name(span) or sanitized[span.name], "remote" if span.kind in CALLERS else ""


def is_aws_sdk(attributes: Attributes) -> bool:
    """Whether an AWS SDK made the call."""
    return attributes.get("rpc.system") == "aws-api"


def remote_service(attributes: Attributes) -> str:
    """`aws.remote.service`; of an AWS call without the prefix that Application Signals puts before it."""
    service = text(attributes, "aws.remote.service")
    if not is_aws_sdk(attributes):
        return service
    prefix = next((prefix for prefix in ("AWS.SDK.", "AWS::") if service.startswith(prefix)), "")
    return service.removeprefix(prefix)


def _local_or_remote_service(span: Span, *, is_local_root: bool) -> str:
    if span.kind == SERVER or (span.kind == INTERNAL and is_local_root):
        return text(span.first, "aws.local.service")
    if span.kind in CALLERS or span.kind == CONSUMER:
        return remote_service(span.first)
    return ""


def _database(attributes: Attributes) -> str:
    name, host = text(attributes, "db.name"), host_of[text(attributes, "db.connection_string")]
    return f"{name}@{host}" if host else name


def _own_name(span: Span) -> str:
    return text(span.resource.first, "service.name") if span.kind == SERVER else ""


@remembered(4096)
def sanitized(name: str) -> str:
    """A span's name with the characters that X-Ray knows, at most 200 bytes, never empty.

    The cut counts bytes and may split a character, as the exporter's does: what is left of it reads as U+FFFD.
    """
    if _PLAIN_NAME.fullmatch(name):
        return name
    kept = "".join(character for character in name if _is_allowed(character))
    return kept.encode()[:MAX_NAME_BYTES].decode(errors=EACH_BYTE) or "span"


def _is_allowed(character: str) -> bool:
    if character.isascii():
        return character.isalnum() or character in " _.:/%&#=+-@"
    return unicodedata.category(character)[0] == "L"
