"""An export request as the steps see it, and what became of it: plain values, no HTTP."""

from collections import Counter
from collections.abc import Callable
from dataclasses import field
from typing import Literal, TypeAlias

from raygate.records import dataclass

Encoding: TypeAlias = Literal["protobuf", "json"]

Admit: TypeAlias = Callable[[int], float]
"""May that many spans come in? 0, or the seconds to wait."""


def unlimited(_spans: int) -> float:
    """Admit everything."""
    return 0.0


@dataclass(frozen=True, slots=True)
class Request:
    """One export request: the body as it came, and what is needed to read it."""

    body: bytes
    encoding: Encoding
    content_encoding: str = ""
    """The `Content-Encoding` header as sent, `""` when absent."""
    inflated_upstream: bool = False
    """A front end inflated the body and left the header, which is therefore not repeated here."""
    tenant: str = ""
    """Whose spans these are, by the credentials and by nothing else; `""` when nobody is asked."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """When and under which name a request came in. It travels with what is kept of it."""

    request_id: str = ""
    """The gateway's, as in the log."""
    received_ms: int = 0
    """Milliseconds since 1970; 0 when nobody knows."""


@dataclass(frozen=True, slots=True)
class Rejection:
    """A span of this request that will never be stored."""

    reason: str
    """Short and countable, without values: `traceId is all zeros`."""
    index: int
    """The span's number in the request, counted from 0 over all resources and scopes."""


@dataclass(slots=True)
class Outcome:
    """Where the spans of one request ended: `spans` = delivered + queued + parked + rejected + returned."""

    spans: int
    delivered: int = 0
    queued: int = 0
    """Spans with a document that the queue has confirmed, and X-Ray does not have yet."""
    parked: Counter[str] = field(default_factory=Counter)
    """Spans by X-Ray's reason: refused for good, and stored for somebody to look at."""
    rejected: Counter[str] = field(default_factory=Counter)
    """Spans by reason, in order of appearance."""
    returned: int = 0
    """Spans that nobody took: the sender still has them."""
    unavailable: str = ""
    """Why spans are returned, `""` when none are: the sender has to send the request again."""
    throttled: bool = False
    """`unavailable` because of a rate limit: 429 rather than 503."""
    retry_after_s: int = 0
    """How long the sender had better wait, 0 when nobody can tell."""
    warnings: tuple[str, ...] = ()
    """What was changed or dropped without losing a span, for the sender's log."""
    counts: dict[str, int] = field(default_factory=dict)
    """What the log line and the metrics tell besides: documents, calls, redacted values, fitted documents …"""
