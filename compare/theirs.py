"""What the released exporter makes of requests: `benchmarks/peer/converter`, asked for each of them by itself.

Gives   `tell`: for each body what became of it, under one choice of options.
"""

import gzip
from collections.abc import Sequence

from benchmarks.exporter import Converter
from compare.options import Choice
from compare.same import Told
from raygate.request import Encoding


def tell(exporter: Converter, bodies: Sequence[bytes], encoding: Encoding, choice: Choice) -> list[Told]:
    """In the order of the bodies."""
    packed = [gzip.compress(body, compresslevel=1) for body in bodies]
    return [
        Told(tuple(row.get("documents", ())), row.get("refused", ""), row.get("crashed", ""))
        for row in exporter.compare(packed, encoding, choice.theirs())
    ]
