"""Which spans and links can be stored: those whose identifiers are what W3C and OTLP say.

Takes   `Decoded` as it was read: identifiers in lower-case hexadecimal, or `NOT_HEX`.
Gives   `Decoded` with the valid spans alone, each of the others a `Rejection`; invalid links are gone from their spans.
Source  opentelemetry-proto, trace/v1/trace.proto: 16 and 8 bytes, zeros alone are invalid.
"""

from typing import TYPE_CHECKING, Final

from raygate.decode.decoded import LINKS_DROPPED, Decoded, Notes
from raygate.request import Rejection
from raygate.span import NO_SPAN_ID, NO_TRACE_ID

if TYPE_CHECKING:
    from raygate.request import Encoding
    from raygate.span import Span

NOT_HEX: Final = "?"
"""What the JSON reader makes of an identifier that is not hexadecimal: no length fits it."""

TRACE_ID_DIGITS: Final = len(NO_TRACE_ID)
SPAN_ID_DIGITS: Final = len(NO_SPAN_ID)
PARENT_DIGITS: Final = frozenset({0, SPAN_ID_DIGITS})

_LENGTHS: Final[dict["Encoding", dict[int, str]]] = {
    "protobuf": {TRACE_ID_DIGITS: "is not 16 bytes", SPAN_ID_DIGITS: "is not 8 bytes"},
    "json": {TRACE_ID_DIGITS: "is not 32 hexadecimal digits", SPAN_ID_DIGITS: "is not 16 hexadecimal digits"},
}


def normal(text: str) -> str:
    """Identifiers of JSON in lower case."""
    try:
        digits = bytes.fromhex(text).hex()
    except ValueError:
        return NOT_HEX
    return digits if len(digits) == len(text) else NOT_HEX  # fromhex skips blanks


def validate(decoded: Decoded, encoding: "Encoding") -> Decoded:
    """Reject the spans that cannot be stored, and drop such links."""
    rejected = []
    dropped_links = 0
    for index, span in enumerate(decoded.spans):
        trace_id, span_id = span.trace_id, span.span_id
        if (
            len(trace_id) != TRACE_ID_DIGITS
            or len(span_id) != SPAN_ID_DIGITS
            or trace_id == NO_TRACE_ID
            or span_id == NO_SPAN_ID
            or len(span.parent_span_id) not in PARENT_DIGITS
        ):
            rejected.append(Rejection(_reason(span, encoding), index))
        elif span.links:
            dropped_links += _keep_valid_links(span)
    if dropped_links:
        notes = Notes()
        notes.add(LINKS_DROPPED, dropped_links)
        decoded.warnings += notes.warnings()
    if rejected:
        gone = {rejection.index for rejection in rejected}
        decoded.rejected = rejected
        decoded.indices = [index for index in decoded.indices if index not in gone]
        decoded.spans = [decoded.spans[index] for index in decoded.indices]
    return decoded


def _are_ids(trace_id: str, span_id: str) -> bool:
    return (
        len(trace_id) == TRACE_ID_DIGITS
        and len(span_id) == SPAN_ID_DIGITS
        and trace_id != NO_TRACE_ID
        and span_id != NO_SPAN_ID
    )


def _reason(span: "Span", encoding: "Encoding") -> str:
    lengths = _LENGTHS[encoding]
    for name, digits, zeros in (("traceId", span.trace_id, NO_TRACE_ID), ("spanId", span.span_id, NO_SPAN_ID)):
        if not digits:
            return f"{name} is missing"
        if digits == zeros:
            return f"{name} is all zeros"
        if len(digits) != len(zeros):
            return f"{name} {lengths[len(zeros)]}"
    return f"parentSpanId {lengths[SPAN_ID_DIGITS]}"


def _keep_valid_links(span: "Span") -> int:
    """How many had to go."""
    kept = [link for link in span.links if _are_ids(link.trace_id, link.span_id)]
    dropped = len(span.links) - len(kept)
    if dropped:
        span.links = kept
        span.dropped_links_count += dropped
    return dropped
