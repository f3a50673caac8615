"""Our documents for a request, before X-Ray's own rules are applied, which the exporter knows nothing of.

Takes   a request, valid identifiers or not, and the options.
Gives   documents as JSON has them; a span with a number that is none has no document, as with the exporter.
Raises  `DecodeError` for a request that cannot be read.
"""

from typing import Any, Final

import orjson

from raygate.decode import read
from raygate.request import Request
from raygate.segment import Options, convert
from raygate.segment.repair import has_non_finite
from raygate.settings import Settings

GENEROUS: Final = Settings(max_wire_bytes=10_000_000)


def documents(request: Request, options: Options) -> list[dict[str, Any]]:
    """In sending order."""
    converted = convert(read(request, GENEROUS).spans, options)
    pairs = list(zip(converted.documents, converted.owners, strict=True))
    dropped = {owner for document, owner in pairs if has_non_finite(document)}
    return [orjson.loads(orjson.dumps(document)) for document, owner in pairs if owner not in dropped]
