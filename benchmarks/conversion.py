"""One request from gzip'd OTLP to the bodies of PutTraceSegments, as `pipeline.run` does it, without the sending.

Gives   `end_to_end`, and `STEPS`: the same step by step. `forget` empties the memory of attributes, as it is after a
        cold start.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from raygate import decode, pipeline
from raygate.decode import key_values
from raygate.decode.body import inflate
from raygate.deliver import Budget
from raygate.deliver.client import body_of
from raygate.deliver.splitting import MOST_DOCUMENTS
from raygate.enrich import enrich
from raygate.request import Request
from raygate.segment import Options, convert
from raygate.settings import Settings

AMPLE_S: Final = 600
"""Nothing measured may end because of the time."""


def forget() -> None:
    """No attribute is known any more."""
    key_values._idle.clear()  # noqa: SLF001 - nothing but a measurement wants a cold one


def bodies(texts: list[str]) -> list[bytes]:
    """What goes to X-Ray, call by call."""
    return [body_of(texts[at : at + MOST_DOCUMENTS]) for at in range(0, len(texts), MOST_DOCUMENTS)]


def end_to_end(request: Request, settings: Settings) -> list[bytes]:
    """All steps, nothing between them."""
    enriched = enrich(decode.decode(request, settings).spans, settings)
    made = pipeline.make(enriched.spans, "", settings, Budget.of(AMPLE_S))
    return bodies(made.texts) if made else []


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what came before and the settings in, its result out."""

    name: str
    run: Callable[[Any, Settings], Any]


def _inflated(request: Request, settings: Settings) -> Request:
    return Request(inflate(request.body, request.content_encoding, settings), request.encoding)


STEPS: Final = (
    Step("inflate", _inflated),
    Step("decode", lambda request, settings: decode.decode(request, settings).spans),
    Step("enrich", lambda spans, settings: enrich(spans, settings).spans),
    Step("convert", lambda spans, settings: convert(spans, Options.of(settings))),
    Step("fit", lambda converted, settings: [one.text for one in pipeline.fit_all(converted, settings)[0]]),
    Step("bodies", lambda texts, _settings: bodies(texts)),
)
