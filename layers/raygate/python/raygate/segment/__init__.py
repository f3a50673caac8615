"""Spans → X-Ray segment documents, equal to the released exporter's field by field.

`convert` for the spans of a request; `raygate.segment.fit` for X-Ray's own rules afterwards.
"""

from collections.abc import Sequence
from dataclasses import field

from raygate.errors import SpanError
from raygate.records import dataclass
from raygate.request import Rejection
from raygate.segment import kind, local_root
from raygate.segment.document import Builder, Document
from raygate.segment.options import Options
from raygate.span import Span

__all__ = ["Converted", "Document", "Options", "convert"]


@dataclass(slots=True)
class Converted:
    """The documents of a request's spans, in sending order."""

    documents: list[Document] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)
    """For each document the position of its span in what was given: a split span has two."""
    doubtful: list[bool] = field(default_factory=list)
    """For each document whether it may hold a number that is none, which JSON cannot express."""
    rejected: list[Rejection] = field(default_factory=list)


def convert(spans: Sequence[Span], options: Options) -> Converted:
    """Convert what converts, and list what does not."""
    converted = Converted()
    builder = Builder(options)
    for position, span in enumerate(spans):
        try:
            if kind.SPAN_KIND in span.first and kind.is_local_root(span):
                documents = local_root.convert(span, builder)
                converted.documents += documents
                converted.owners += [position] * len(documents)
                converted.doubtful += [True] * len(documents)
            else:
                converted.documents.append(builder.build(span))
                converted.owners.append(position)
                converted.doubtful.append(builder.is_doubtful)
        except SpanError as error:
            converted.rejected.append(Rejection(str(error), position))
    return converted
