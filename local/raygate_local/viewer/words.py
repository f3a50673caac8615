"""Completion of filter expressions with the words of the store, and what is wrong with the text so far.

Takes   the text, and where the cursor is.
Gives   {"completions": [{text, start, end, sort, note}], "error": null or {message, column}}.
Rules   The words are gathered again when the store has changed, and no more often than every few seconds: while traces
        pour in, a key pressed must not read all of them.
"""

import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Final

from raygate_local.viewer.listing import LAST_S
from raygate_local.xray.filters import FilterError, Vocabulary, complete, parse
from raygate_local.xray.store import Store

FRESH_S: Final = 3.0
MOST_TRACES: Final = 2_000
"""The newest ones: enough to know the words."""


class Words:
    """The vocabulary of one store."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.monotonic) -> None:
        self.store = store
        self.clock = clock
        self._version = -1
        self._gathered_s = -FRESH_S
        self._vocabulary = Vocabulary()

    def complete(self, text: str, cursor: int) -> dict[str, Any]:
        """What could stand at the cursor."""
        found = [asdict(one) for one in complete(text, cursor, self._words())]
        return {"completions": found, "error": _wrong(text)}

    def _words(self) -> Vocabulary:
        version, now_s = self.store.version, self.clock()
        if version != self._version and now_s - self._gathered_s >= FRESH_S:
            newest = self.store.find(0, LAST_S)[-MOST_TRACES:]
            self._vocabulary = Vocabulary.of(one.facts for one in newest)
            self._version, self._gathered_s = version, now_s
        return self._vocabulary


def _wrong(text: str) -> dict[str, Any] | None:
    try:
        parse(text)
    except FilterError as error:
        return {"message": error.message, "column": error.column}
    return None
