"""The load that is asked about.

Gives   `Load`; `load_of`, which takes either spans or requests a second.
Raises  `LoadError`, one sentence that names the value.
"""

from dataclasses import dataclass, fields
from typing import Any, Final

from raygate_local.unreadable import UnreadableError

WIRE_BYTES_A_SPAN: Final = 150
"""Gzip'd protobuf; assumed. The spans of docs/limits.md take 65, those with stack traces several hundred."""
MOST_BODY: Final = 4_500_000


class LoadError(UnreadableError):
    """No such load. The message names what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Load:
    """A month of it, and the parameters of the stack."""

    spans_per_second: float
    spans_per_request: float = 50
    spans_per_trace: float = 20
    body_bytes: float = 50 * WIRE_BYTES_A_SPAN
    hours: float = 730
    memory: float = 1024
    buffered: bool = False
    archive: bool = False
    archive_days: float = 30
    log_days: float = 30
    with_keys: bool = True
    tenants: float = 1
    batch_size: float = 50
    window_seconds: float = 2

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        for one in fields(self):
            number = getattr(self, one.name)
            if not isinstance(number, bool) and not 0 < number < 1e12:
                raise LoadError(f"{one.name.replace('_', ' ')} must be more than 0, not {number:g}")
        if self.body_bytes > MOST_BODY:
            raise LoadError(f"a request of {self.body_bytes:g} bytes is refused: at most {MOST_BODY:,} go through")
        if self.hours > 744:
            raise LoadError(f"a month has at most 744 hours, not {self.hours:g}")


def load_of(
    spans_per_second: float | None, requests_per_second: float | None, body_bytes: float | None, **others: Any
) -> Load:
    """A load by what is known of it."""
    if (spans_per_second is None) == (requests_per_second is None):
        raise LoadError("Say either how many spans or how many requests a second: one of the two")
    a_request = others.get("spans_per_request", 50)
    rate = spans_per_second if spans_per_second is not None else (requests_per_second or 0) * a_request
    return Load(rate, body_bytes=body_bytes or a_request * WIRE_BYTES_A_SPAN, **others)
