"""`type`, and whether the resource's attributes are stored: segment or subsegment.

Takes   the span's kind and parent.
Gives   a server's or consumer's span and every root is a segment and stores them; the others are subsegments.
Source  xray-conversion.md, sections 4 and 6.3.
"""

from raygate.span import CONSUMER, INTERNAL, SERVER, Span

SPAN_KIND = "aws.span.kind"
LOCAL_ROOT = "LOCAL_ROOT"
ALWAYS_SEGMENTS = frozenset({SERVER, CONSUMER})
"""The kinds of spans that are segments whether they have a parent or not. The others are segments without one."""


def is_local_root(span: Span) -> bool:
    """Whether the span is the first of its service, as Application Signals marks it."""
    return span.first.get(SPAN_KIND) == LOCAL_ROOT


def is_split(span: Span) -> bool:
    """Whether a local root gives two documents: the call that it makes, and the service that it is."""
    return span.kind not in (SERVER, INTERNAL)
