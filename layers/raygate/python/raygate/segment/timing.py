"""`in_progress`: the marker of a span that has not ended, `aws.xray.inprogress` where that is a boolean.

Takes   a span.
Gives   the span without the marker, which then names, counts and describes nothing else, and what it said.
Source  xray-conversion.md, section 7. The times themselves are written in `document.py`: the nanoseconds become a
        double first and are divided then, as the exporter does; a decimal division differs in the last digits.
"""

from raygate.repeated import without
from raygate.span import Span, copy_of

IN_PROGRESS = "aws.xray.inprogress"


def without_marker(span: Span) -> tuple[Span, bool]:
    """The span without its marker, and what the marker said; the span itself when it has none."""
    in_progress = span.first.get(IN_PROGRESS)
    if not isinstance(in_progress, bool):
        return span, False
    ended = copy_of(span)
    ended.attributes, ended.first = without(span.attributes, span.first, (IN_PROGRESS,))
    ended.keys = None
    return ended, in_progress
