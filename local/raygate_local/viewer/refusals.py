"""The local X-Ray's store with a memory for what it refused: whoever sent it may not have listened.

Takes   documents, as `Store` does.
Gives   `RefusingStore`: the same store; `refused`, the last documents that it did not take, newest first.
"""

import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import orjson

from raygate_local.viewer.shelf import Outcome
from raygate_local.viewer.sources import hexadecimal
from raygate_local.xray.store import Store

MOST: Final = 1_000
UNPROCESSED: Final = "UnprocessedTraceSegments"


class RefusingStore(Store):
    """A store that remembers what it did not take."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._refused: deque[Outcome] = deque(maxlen=MOST)

    def put(self, texts: Sequence[str]) -> dict[str, Any]:
        """Keep what X-Ray would take, say what is wrong with the rest, and remember that."""
        answer = super().put(texts)
        if answer[UNPROCESSED]:
            self._refused.extend(_outcomes(texts, answer[UNPROCESSED], int(time.time() * 1000)))
        return answer

    def refused(self) -> list[Outcome]:
        """The newest first."""
        return list(self._refused)[::-1]

    def clear(self) -> None:
        """Forget all traces, and what was refused."""
        super().clear()
        self._refused.clear()


def _outcomes(texts: Sequence[str], refused: Sequence[Mapping[str, str]], at_ms: int) -> Iterator[Outcome]:
    known = {str(one.get("id", "")): one for one in map(_document, texts)}
    for entry in refused:
        document = known.get(entry.get("Id", ""), {})
        trace_id, name = hexadecimal(str(document.get("trace_id", ""))), str(document.get("name", ""))
        yield Outcome(trace_id, entry.get("Id", ""), "refused", entry["ErrorCode"], entry["Message"], name, at_ms)


def _document(text: str) -> dict[str, Any]:
    """Empty when it is none."""
    try:
        document = orjson.loads(text)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}
