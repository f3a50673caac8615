"""`start_time`, `end_time`, `in_progress`: nanoseconds → seconds.

Takes   the span's times, and its marker `aws.xray.inprogress` where that is a boolean.
Gives   seconds as doubles; a span in progress has `in_progress` in place of an end.
Source  xray-conversion.md, section 7. The nanoseconds become a double first and are divided then, as the exporter
        does: the two roundings differ from a decimal division in the last digits.
"""

from dataclasses import replace

from raygate.span import Attributes, Span

IN_PROGRESS = "aws.xray.inprogress"


def seconds(nanoseconds: int) -> float:
    """Seconds since 1970, rounded as the exporter rounds."""
    return nanoseconds / 1e9


def without_marker(span: Span) -> tuple[Span, bool]:
    """The span without its marker, and what the marker said; the span itself when it has none."""
    in_progress = span.first.get(IN_PROGRESS)
    if not isinstance(in_progress, bool):
        return span, False
    return replace(span, attributes=_without(span.attributes), first=_without(span.first)), in_progress


def _without(attributes: Attributes) -> Attributes:
    return {key: value for key, value in attributes.items() if key != IN_PROGRESS}
