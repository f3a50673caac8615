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


class Tally:
    """Counts what a request is made of while it is read, before memory is spent on it."""

    __slots__ = ("_most_parts", "_most_spans", "_parts", "_spans")

    def __init__(self, settings: "Settings") -> None:
        self._most_spans = settings.max_spans
        self._most_parts = max(MOST_PARTS, 2 * settings.max_spans)
        self._spans = 0
        self._parts = 0

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
