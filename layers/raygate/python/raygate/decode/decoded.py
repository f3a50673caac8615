"""What `decode` gives, and the notes that it takes on the way."""

from collections.abc import Sequence
from dataclasses import field

from raygate.errors import DecodeError
from raygate.records import dataclass
from raygate.request import Rejection
from raygate.span import Span

NOT_UTF8 = "strings that were not UTF-8, their bad bytes replaced"
TEXT_CUT = "strings cut at 64 KiB"
ATTRIBUTES_DROPPED = "attributes dropped, more than 1,024 in one place"
LINKS_DROPPED = "links dropped, their identifiers are invalid"
OLD_SPANS_IGNORED = "lists of spans ignored, unreadable and in a field that OTLP gave up"
OTHER_SIGNALS = "members ignored that hold logs, metrics or profiles, not traces"
INT_AS_DOUBLE = "integers outside of 64 bits kept as doubles"


@dataclass(slots=True)
class Decoded:
    """The spans of one request, and what has to be said about it."""

    spans: list[Span]
    """The valid ones, in the order of the request."""
    indices: Sequence[int]
    """The number of each of `spans` in the request, counted from 0 over all resources and scopes."""
    rejected: list[Rejection]
    warnings: list[str]
    """What was changed without losing a span: one line for each kind, with its count."""
    inflated_bytes: int


@dataclass(slots=True)
class Notes:
    """Counts what was changed, by kind: a handful of kinds, however long the request."""

    kinds: dict[str, int] = field(default_factory=dict)
    total: int = 0

    def add(self, kind: str, count: int = 1) -> None:
        """One more of this kind."""
        self.kinds[kind] = self.kinds.get(kind, 0) + count
        self.total += count

    def warnings(self) -> list[str]:
        """`strings cut at 64 KiB (2)`."""
        return [f"{kind} ({count})" for kind, count in self.kinds.items()]


def within(error: DecodeError, place: str) -> DecodeError:
    """The same error, its `field` seen from one level up."""
    separator = "." if error.field and not error.field.startswith("[") else ""
    error.field = f"{place}{separator}{error.field}"
    return error
