"""X-Ray over real HTTP that behaves as a scenario says, and knows how often it has stored each document and why.

Takes   a `Scenario` and a seed; `heal` ends everything but the final refusals.
Gives   `stored`: for each document what became of the answer, each time that it was stored.
"""

import json
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, Literal, TypeAlias

from tests import fake_xray
from tests.fake_xray import FakeXRay, Fault, answers, cut_short, drips, error, hangs, resets, stores_and_resets
from tests.faults.chance import chance, drawn
from tests.faults.killer import Killer
from tests.faults.scenarios import Scenario

Key: TypeAlias = tuple[str, str]
"""A document: its trace id and its id."""

Answered: TypeAlias = Literal["clear", "unclear", "lost"]
"""Clear: X-Ray told what became of this document. Unclear: it refused another one and did not say which. Lost."""

SLOW_S: Final = 0.25


def key_of(text: str) -> Key:
    """Which document this is."""
    document = json.loads(text)
    return document["trace_id"], document["id"]


class Handler(fake_xray.Handler):
    """One connection."""

    server: "XRay"

    def do_POST(self) -> None:  # noqa: N802 - the name that the server calls
        """Every call is PutTraceSegments."""
        texts = json.loads(self.rfile.read(int(self.headers["content-length"])))["TraceSegmentDocuments"]
        number = self.server.killer.count("PutTraceSegments")
        if self.server.killer.strikes(number, "before"):
            self.close_connection = True
            return
        fault = self.server.fault_for(texts)
        if self.server.killer.at == number and self.server.killer.when == "after":
            self.server.take(texts, is_lost=True)
            self.server.killer.strikes(number, "after")
            self.close_connection = True
        elif fault:
            fault(self, texts)
        else:
            self.send(200, json.dumps(self.server.take(texts)).encode())

    def keep(self, texts: Sequence[str]) -> dict[str, Any]:
        """Store what X-Ray stores, and let nobody know: faults do that."""
        return self.server.take(texts, is_lost=True)


class XRay(FakeXRay):
    """The server."""

    def __init__(self) -> None:
        super().__init__()
        self.RequestHandlerClass = Handler
        self.begin(Scenario(), "")

    def begin(self, scenario: Scenario, seed: object, killer: Killer | None = None) -> None:
        """Another day, and nothing is stored."""
        self.play(fake_xray.Store())
        self.scenario, self.seed, self.is_healed = scenario, seed, False
        self.killer = killer or Killer()
        self.stored: dict[Key, list[Answered]] = defaultdict(list)
        self.newest: dict[Key, str] = {}
        self.sent: Counter[Key] = Counter()
        self.calls = 0

    def handle_error(self, *_: Any) -> None:
        """A client that was killed is no accident of the server's."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(*_)

    def heal(self) -> None:
        """The day is over. What hangs is let go."""
        self.is_healed = True
        self.released.set()
        self.released = threading.Event()

    def fault_for(self, texts: Sequence[str]) -> Fault | None:
        """What happens to this call as a whole."""
        first = key_of(texts[0])
        with self.lock:
            self.calls += 1
            self.sent.update(map(key_of, texts))
            come = self.sent[first]
        if self.scenario.named == "the call" and any(self.is_final(key_of(text)) for text in texts):
            return REFUSED_WHOLE
        if self.is_healed:
            return None
        name = drawn(self.scenario.calls, chance("call", self.seed, *first, come))
        return FAULTS[name] if name else None

    def take(self, texts: Sequence[str], *, is_lost: bool = False) -> dict[str, Any]:
        """Store, and refuse."""
        assert 0 < len(texts) <= fake_xray.MOST_DOCUMENTS
        with self.lock:
            entries, taken = [], list[str]()
            for text in texts:
                code = self._refusal(text)
                if code:
                    entries.append(self._entry(key_of(text), code))
                else:
                    taken.append(text)
            is_unclear = any("Id" not in entry for entry in entries)
            for text in taken:
                self.stored[key_of(text)].append("lost" if is_lost else "unclear" if is_unclear else "clear")
                self.newest[key_of(text)] = text
        return {"UnprocessedTraceSegments": entries}

    def is_final(self, key: Key) -> bool:
        """Whether this document is refused for ever."""
        return bool(self._drawn("final", self.scenario.final, key))

    def is_unknown(self, key: Key) -> bool:
        """Whether some of its refusals have a code of which nobody knows whether it passes."""
        return any(code not in KNOWN for code in self.scenario.passing) and not self.is_final(key)

    def _refusal(self, text: str) -> str:
        key = key_of(text)
        final = self._drawn("final", self.scenario.final, key)
        if self.scenario.ascii_names and not json.loads(text)["name"].isascii():
            return "InvalidName"
        return final or (
            "" if self.is_healed else self._drawn("passing", self.scenario.passing, (*key, str(self.sent[key])))
        )

    def _drawn(self, kind: str, shares: Mapping[str, float], of: Sequence[str]) -> str:
        return drawn(shares, chance(kind, self.seed, *of)) if shares else ""

    def _entry(self, key: Key, code: str) -> dict[str, Any]:
        share = {"all": 1.0, "some": 0.5}.get(self.scenario.named, 0.0)
        is_named = chance("named", self.seed, *key, self.sent[key]).random() < share
        return {"ErrorCode": code, "Message": "told by the fake", **({"Id": key[1]} if is_named else {})}


KNOWN: Final = frozenset({"ThrottledException", "InternalFailure", "ServiceUnavailable"})


def stores_and_hangs(handler: fake_xray.Handler, texts: Sequence[str]) -> None:
    """No answer, although everything was stored."""
    handler.keep(texts)
    hangs(handler, texts)


def stores_and_says_garbage(handler: fake_xray.Handler, texts: Sequence[str]) -> None:
    """An answer that is none, although everything was stored."""
    handler.keep(texts)
    handler.send(200, b"<html>Welcome to the hotel</html>")


def slow(handler: fake_xray.Handler, texts: Sequence[str]) -> None:
    """The right answer, later."""
    time.sleep(SLOW_S)
    assert isinstance(handler, Handler)
    handler.send(200, json.dumps(handler.server.take(texts)).encode())


FAULTS: Final[Mapping[str, Fault]] = {
    "throttled 429": error(429, "ThrottledException"),
    "throttled 400": error(400, "ThrottledException"),
    "ThrottlingException": error(400, "ThrottlingException"),
    "500": error(500, "InternalServerError"),
    "503": error(503, "ServiceUnavailable"),
    "reset": resets,
    "stored and reset": stores_and_resets,
    "hangs": hangs,
    "stored and hangs": stores_and_hangs,
    "drips": drips,
    "slow": slow,
    "garbage": answers(200, b"<html>Welcome to the hotel</html>"),
    "stored and garbage": stores_and_says_garbage,
    "a proxy's page": answers(502, b"<html>Bad gateway</html>"),
    "cut short": cut_short,
    "ExpiredTokenException": error(403, "ExpiredTokenException"),
    "UnrecognizedClientException": error(400, "UnrecognizedClientException"),
}
REFUSED_WHOLE: Final = error(400, "InvalidRequestException")


@contextmanager
def xray_there() -> Iterator[XRay]:
    """X-Ray on a socket, for a while."""
    server = XRay()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.heal()
        server.shutdown()
        server.server_close()
        thread.join()
