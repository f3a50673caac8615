"""Where things lie in the bucket: a folder for each kind, tenant and hour, so that a span of time is a few prefixes.

Gives   `parked/<tenant>/<year>/<month>/<day>/<hour>/<trace id>-<document id>.json`,
        `archive/<tenant>/<year>/<month>/<day>/<hour>/<name>.jsonl.gz`, `claims/<year>/<month>/<day>/<name>`.
Rules   Hours are UTC, and those of the receipt: whoever sends a request again finds it where the first put
        it. A tenant's name is percent-encoded, so that it is one part of the path; nobody is `-`.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final, Literal, TypeAlias
from urllib.parse import quote

Kind: TypeAlias = Literal["parked", "archive"]

NOBODY: Final = "-"
"""In a path, the tenant of those who have none."""
OWN: Final = {"": NOBODY, "-": "%2D", ".": "%2E", "..": "%2E%2E"}
"""Names that would be another's, or no part of a path."""

MOST_PART: Final = 256
"""Characters of a part that comes from outside; a key has 1,024 at most. A longer one ends in its hash."""

MOST_HOURS: Final = 24 * 366 * 10
"""Nothing is kept as long as this; who asks for more has mistaken the unit."""


def tenant_part(tenant: str) -> str:
    """The tenant as one part of a path: letters, digits, `.`, `_`, `-`, and anything else as `%XX`."""
    return OWN.get(tenant) or _part(tenant)


def parked_key(tenant: str, received_ms: int, trace_id: str, document_id: str) -> str:
    """Where a refused document lies. Refused once more, it lies there once."""
    return f"{_hour('parked', tenant, _moment(received_ms))}{_part(trace_id)}-{_part(document_id)}.json"


def archive_key(tenant: str, received_ms: int, name: str) -> str:
    """Where accepted requests of one tenant and one hour lie; the name tells one bundle from another."""
    return f"{_hour('archive', tenant, _moment(received_ms))}{name}.jsonl.gz"


def claim_key(received_ms: int, name: str) -> str:
    """Where the body of a message lies that is too large for the queue."""
    return f"claims/{_moment(received_ms):%Y/%m/%d}/{name}"


def hours(kind: Kind, tenant: str, from_ms: int, to_ms: int) -> Iterator[str]:
    """The prefixes that hold what was received from the one moment up to, and not at, the other; oldest first."""
    hour = _moment(from_ms).replace(minute=0, second=0, microsecond=0)
    for _ in range(MOST_HOURS):
        if hour.timestamp() * 1_000 >= to_ms:
            return
        yield _hour(kind, tenant, hour)
        hour += timedelta(hours=1)


def _part(name: str) -> str:
    part = quote(name, safe="").replace("~", "%7E")
    if len(part) <= MOST_PART:
        return part
    return f"{part[: MOST_PART - 33]}~{sha256(name.encode()).hexdigest()[:32]}"


def _hour(kind: Kind, tenant: str, moment: datetime) -> str:
    return f"{kind}/{tenant_part(tenant)}/{moment:%Y/%m/%d/%H}/"


def _moment(ms: int) -> datetime:
    return datetime.fromtimestamp(ms // 1_000, UTC)
