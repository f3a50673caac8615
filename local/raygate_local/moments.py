"""Times as people write them on a command line: `90d`, `2027-01-31`.

Gives   `seconds`: how long. `moment`: when, in seconds since 1970. `date`: such a moment for people, in UTC.
Raises  `MomentError`, one sentence.
"""

import re
from datetime import UTC, datetime
from typing import Final

UNITS_S: Final = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
LAST: Final = 253_402_300_799
"""The end of the year 9999."""

_DURATION: Final = re.compile(r"([0-9]{1,9})([smhdw])", re.ASCII)


class MomentError(Exception):
    """A text that is no time. The message holds it."""


def seconds(text: str) -> int:
    """How long: `90s`, `30m`, `24h`, `90d`, `2w`."""
    found = _DURATION.fullmatch(text)
    if not found:
        raise MomentError(f"A duration looks like 24h or 90d, not {text!r}.")
    return int(found[1]) * UNITS_S[found[2]]


def moment(text: str, now: int) -> int:
    """When: so long from now, or at a date, which begins at midnight UTC unless it says otherwise."""
    if _DURATION.fullmatch(text):
        at = now + seconds(text)
    else:
        try:
            parsed = datetime.fromisoformat(text)
        except ValueError:
            raise MomentError(f"A time looks like 90d or 2027-01-31, not {text!r}.") from None
        at = int((parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp())
    if not now < at <= LAST:
        raise MomentError(f"The time {text!r} is not in the future." if at <= now else f"{text!r} is too far away.")
    return at


def date(at: int) -> str:
    """`2027-01-31 12:00 UTC`; a moment that no calendar has stays a number."""
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M} UTC" if at <= LAST else str(at)
