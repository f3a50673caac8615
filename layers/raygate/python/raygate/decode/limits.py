"""The limits that are the same for every deployment; those of size are settings.

Source  OTLP's protocol buffers allow anything; these keep one request from taking a whole function's memory.
"""

from typing import TYPE_CHECKING, Final

from raygate.errors import TooLargeError

if TYPE_CHECKING:
    from raygate.settings import Settings

MOST_LEVELS: Final = 100
"""Of nesting: JSON objects and lists, protobuf messages."""

MOST_ATTRIBUTES: Final = 1024
"""Kept of one span, resource, scope, event or link; the others are dropped and counted."""

LONGEST_TEXT: Final = 65_536
"""Bytes of UTF-8 that are kept of one string."""

MOST_PARTS: Final = 500_000
"""Resources, scopes, events and links of one request, or twice the limit of spans where that is more."""

BYTES_A_VALUE: Final = 10
"""One element of a list or map, and one JSON object or list, for so many bytes that a body may have: real ones have
fewer, and bodies made of nothing else take a hundred times their size in memory."""

FEWEST_VALUES: Final = 100_000
"""The least limit of those, however small a body may be."""

MOST_UNKNOWN: Final = 1_000_000
"""Fields of one request that OTLP does not have: they are skipped, and that takes time."""

MOST_UNKNOWN_BYTES: Final = 4_000_000
"""Of such fields in one message: looking at them can take forty times their size in memory."""

MOST_STREAMS: Final = 10_000
"""gzip members or zstd frames of one body: each costs as much as a kilobyte, even when it is empty."""


class Tally:
    """Counts what a request is made of while it is read, before memory is spent on it."""

    __slots__ = ("_most_parts", "_most_spans", "_most_values", "_parts", "_settings", "_spans", "_unknown", "_values")

    def __init__(self, settings: "Settings") -> None:
        self._settings = settings
        self._most_spans = settings.max_spans
        self._most_parts = max(MOST_PARTS, 2 * settings.max_spans)
        self._most_values = max(FEWEST_VALUES, settings.max_decompressed_bytes // BYTES_A_VALUE)
        self._spans = 0
        self._parts = 0
        self._values = 0
        self._unknown = 0

    def fresh(self) -> "Tally":
        """One with the same limits that has counted nothing."""
        return Tally(self._settings)

    def spans(self, count: int) -> None:
        """So many more spans."""
        self._spans += count
        if self._spans > self._most_spans:
            raise TooLargeError(f"more than {self._most_spans} spans")

    def parts(self, count: int) -> None:
        """So many more resources, scopes, events or links."""
        self._parts += count
        if self._parts > self._most_parts:
            raise TooLargeError(f"more than {self._most_parts} resources, scopes, events and links")

    def values(self, count: int) -> None:
        """So many more elements of lists and maps, or objects and lists of JSON."""
        self._values += count
        if self._values > self._most_values:
            raise TooLargeError(f"more than {self._most_values} lists, maps and values in them")

    def unknown(self, count: int) -> None:
        """So many more fields that are skipped."""
        self._unknown += count
        if self._unknown > MOST_UNKNOWN:
            raise TooLargeError(f"more than {MOST_UNKNOWN} fields that OTLP does not have")
