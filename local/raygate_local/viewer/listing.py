"""The traces that a filter and a span of time leave, newest first, as the list shows them.

Takes   the store, and what was `Asked`; from any thread.
Gives   `Listing.page`, rows from a place on; `Listing.since`, what became of those that changed; `Listing.over_time`.
Raises  `FilterError` for an expression that cannot be read.
Rules   A trace's time is its start. What was found is kept as long as nothing changes: the pages and the histogram of
        one view ask the same.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from raygate_local.viewer.histogram import histogram
from raygate_local.viewer.judging import Judged
from raygate_local.viewer.row import row, status_of
from raygate_local.xray.filters import parse
from raygate_local.xray.store import Found, Store

K = TypeVar("K")
V = TypeVar("V")

VIEWS: Final = 4
"""That are kept: a browser or two, filter and all."""
LAST_S: Final = 253_402_300_799.0
"""The end of the year 9999."""

Place = tuple[float, str]
"""Start and trace id: where a page goes on, also when others have come in the meantime."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A filter expression, and a span of time in seconds since 1970, without its end."""

    filter: str = ""
    from_s: float = 0.0
    to_s: float = LAST_S


class Listing:
    """All views of one store."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._lock = threading.Lock()
        self._views: OrderedDict[tuple[int, Asked], list[Found]] = OrderedDict()
        self._filters: OrderedDict[str, Judged[bool]] = OrderedDict()
        self._status = Judged(status_of)

    def page(self, asked: Asked, limit: int, after: Place | None) -> dict[str, Any]:
        """Some rows, from after that place on."""
        with self._lock:
            version, found = self._view(asked)
            first = 0 if after is None else sum(1 for one in found if _place(one) >= after)
            page = found[first : first + limit]
            return {
                "version": version,
                "total": len(found),
                "rows": [row(one) for one in page],
                "next": list(_place(page[-1])) if page and first + limit < len(found) else None,
            }

    def since(self, asked: Asked, seen: int) -> dict[str, Any]:
        """What changed since that version: rows that are asked for, and identifiers of others."""
        with self._lock:
            version, found = self._view(asked)
            _, changed = self.store.changed_since(seen)
            wanted = frozenset(changed)
            rows = [row(one) for one in found if one.trace_id in wanted]
            gone = sorted(wanted - {one["id"] for one in rows})
            return {"version": version, "total": len(found), "rows": rows, "gone": gone}

    def over_time(self, asked: Asked, steps: int) -> dict[str, Any]:
        """How many when, and how they went."""
        with self._lock:
            version, found = self._view(asked)
            moments = list(zip((one.start_s for one in found), self._status.all(found), strict=True))
        from_s = asked.from_s if asked.from_s > 0 else None
        to_s = asked.to_s if asked.to_s < LAST_S else None
        return {"version": version, "total": len(moments), **histogram(moments, from_s, to_s, steps)}

    def _view(self, asked: Asked) -> tuple[int, Sequence[Found]]:
        """The store's version, and what is asked for, newest first."""
        version = self.store.version
        return version, _kept(self._views, (version, asked), lambda: self._found(asked))

    def _found(self, asked: Asked) -> list[Found]:
        wanted = parse(asked.filter)
        found = self.store.find(asked.from_s, asked.to_s)
        if not wanted.is_everything:
            judged = _kept(self._filters, str(wanted), lambda: Judged(lambda one: wanted.finds(one.kept_facts)))
            found = [one for one, is_wanted in zip(found, judged.all(found), strict=True) if is_wanted]
        return found[::-1]


def _place(one: Found) -> Place:
    return one.start_s, one.trace_id


def _kept(kept: "OrderedDict[K, V]", key: K, make: Callable[[], V]) -> V:
    """The last few."""
    if key not in kept:
        kept[key] = make()
        while len(kept) > VIEWS:
            kept.popitem(last=False)
    kept.move_to_end(key)
    return kept[key]
