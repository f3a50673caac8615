"""`trace_id`, `id`, `parent_id`: W3C's identifiers in X-Ray's notation, and the ids that we have to make.

Gives   `trace_id` as `1-` 8 digits `-` 24 digits; `id` as 16 digits, None when it is empty or all zeros.
Raises  `SpanError` for a trace id out of time, only when the age is checked at all (it is not by default).
Made    ids of exceptions and of the second document of a split span come from a hash of the span's own ids, not
        from chance: a request that is sent twice overwrites its documents instead of doubling them.
Source  xray-conversion.md, section 6.
"""

from hashlib import blake2b

from raygate.errors import SpanError
from raygate.span import NO_SPAN_ID, NO_TRACE_ID

MAX_AGE_S = 28 * 24 * 3600
"""Two days under the 30 that X-Ray allows: room for what waits on the way."""
MAX_AHEAD_S = 300

NONE = frozenset({"", NO_SPAN_ID})
"""Ids of spans that are none."""


def trace_id(otel: str, now_s: int | None = None) -> str:
    """`68b1f2c05f84…` → `1-68b1f2c0-5f84…`."""
    otel = otel or NO_TRACE_ID
    if now_s is not None and not -MAX_AHEAD_S <= now_s - int(otel[:8], 16) <= MAX_AGE_S:
        raise SpanError(f"invalid xray traceid: {'' if otel == NO_TRACE_ID else otel}")
    return f"1-{otel[:8]}-{otel[8:]}"


def span_id(otel: str) -> str | None:
    """The same digits; None for the id that is none."""
    return None if otel in NONE else otel


def derived(trace: str, span: str, purpose: str) -> str:
    """An id for something that has none of its own: the same one for the same span and purpose."""
    return blake2b(f"{trace}/{span}/{purpose}".encode(), digest_size=8).hexdigest()
