"""What is kept → what is to be sent: a raw request by today's rules, a document as it is, a parked one fitted again.

Takes   `Item`, one thing that a source has found.
Gives   `Load`: span by span the documents as texts, and the spans that have none, by reason.
Raises  nothing: of an item that cannot be read the load says so, and holds nothing.
Note    A document that is kept as such counts as one span.
"""

from collections import Counter
from collections.abc import Set as AbstractSet
from dataclasses import field, replace
from hashlib import blake2b
from typing import NamedTuple

import orjson

from raygate.decode import decode
from raygate.deliver import Budget
from raygate.enrich import enrich
from raygate.errors import DecodeError, SpanError
from raygate.keep.message import Accepted, Kept, Undelivered
from raygate.keep.parked import Parked
from raygate.making import make
from raygate.records import dataclass
from raygate.segment.fit import fit
from raygate.settings import Settings


@dataclass(frozen=True, slots=True)
class Item:
    """A request, a message or a parked document, where it lies."""

    key: str
    """Of the object, or the message's id."""
    at: int = 0
    """Its number within the object."""
    kept: Kept | None = None
    parked: Parked | None = None
    """The whole object, when it is a parked one."""
    problem: str = ""
    """Why nothing can be made of it."""


class Document(NamedTuple):
    """What X-Ray gets."""

    text: str
    id: str

    @property
    def mark(self) -> str:
        """The same for the same text, and short."""
        return blake2b(self.text.encode(), digest_size=8).hexdigest()


@dataclass(slots=True)
class Load:
    """An item, ready to be sent."""

    item: Item
    spans: list[tuple[Document, ...]] = field(default_factory=list)
    """The documents of each span that has some."""
    rejected: Counter[str] = field(default_factory=Counter)
    """Spans that have none, by reason."""
    problem: str = ""
    start: int = 0
    """Spans that were settled before."""
    stays: bool = False
    """Something of it is nowhere else: it is not removed."""

    def __post_init__(self) -> None:
        """What cannot be read stays, too."""
        self.stays = self.stays or bool(self.problem)

    def resume(self, start: int, marks: AbstractSet[str]) -> None:
        """Pass over what an earlier run has settled."""
        self.start = min(start, len(self.spans))
        if marks:
            self.spans = [tuple(one for one in documents if one.mark not in marks) for documents in self.spans]

    @property
    def found(self) -> int:
        """Spans that are not settled yet."""
        return sum(map(bool, self.spans[self.start :])) + self.rejected.total()


def load(item: Item, settings: Settings, budget: Budget) -> Load | None:
    """Make it ready; None when there is no time for it."""
    if item.problem or item.kept is None:
        return Load(item, problem=item.problem or "nothing is there")
    if item.parked:
        return _parked(item, item.parked)
    if isinstance(item.kept, Undelivered):
        return _documents(item, item.kept.texts)
    try:
        return _request(item, item.kept, settings, budget)
    except DecodeError as error:
        return Load(item, problem=f"the request: {error}")


def _request(item: Item, accepted: Accepted, settings: Settings, budget: Budget) -> Load | None:
    # What is kept has no wire: the limit is that of the inflated body.
    settings = replace(settings, max_wire_bytes=max(settings.max_wire_bytes, settings.max_decompressed_bytes))
    decoded = decode(accepted.request, settings)
    enriched = enrich(decoded.spans, settings)
    made = make(enriched.spans, accepted.request.tenant, settings, budget)
    if made is None:
        return None
    spans: dict[int, tuple[Document, ...]] = {}
    for text, one, owner in zip(made.texts, made.ids, made.owners, strict=True):
        spans[owner] = (*spans.get(owner, ()), Document(text, one))
    reasons = Counter(rejection.reason for rejection in (*decoded.rejected, *made.rejected))
    return Load(item, list(spans.values()), reasons)


def _documents(item: Item, texts: tuple[str, ...]) -> Load:
    made = Load(item)
    for text in texts:
        if one := _id(text):
            made.spans.append((Document(text, one),))
        else:
            made.rejected["it is no segment document"] += 1
    return made


def _parked(item: Item, parked: Parked) -> Load:
    """X-Ray refused it once: today's rules may know why."""
    try:
        fitted = fit(orjson.loads(parked.document))
    except (orjson.JSONDecodeError, SpanError, TypeError, KeyError, AttributeError):
        return Load(item, problem="it cannot be made a segment document")
    return Load(item, [(Document(fitted.text, str(fitted.document["id"])),)])


def _id(text: str) -> str:
    try:
        return str(orjson.loads(text)["id"])
    except (orjson.JSONDecodeError, TypeError, KeyError):
        return ""
