"""What must hold for any request: an answer that its content deserves, and documents that X-Ray takes.

Takes   a request, or an event; a source of chance for the settings.
Raises  `AssertionError` for anything else than an answer, `HangError` when there is none in time.
"""

import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from random import Random
from typing import Any, Final

from fuzz.mutation import misshapen
from fuzz.requests import Sent, event
from raygate.decode import decode
from raygate.deliver import Budget
from raygate.errors import DecodeError
from raygate.http_api import content
from raygate.ingest import Ingest, Report
from raygate.keys.authorizer import anyone
from raygate.request import Request
from raygate.settings import Settings
from raygate_local.xray import rules

BOUND_S: Final = 5.0
"""CPU seconds for one request of these sizes: a hundred times what they take."""

LIMITS: Final[dict[str, Any]] = {"max_decompressed_bytes": 2_000_000}
SETTINGS: Final = (
    Settings(**LIMITS),
    Settings(**LIMITS, mapping="adot"),
    Settings(**LIMITS, index_all_attributes=True, redact_keys=("name",), annotate_tenant=True),
    Settings(max_wire_bytes=2_000, max_decompressed_bytes=4_000, max_spans=3),
)

DESERVED: Final = frozenset({200, 400, 413, 415})
OF_AN_EVENT: Final = DESERVED | {204, 404, 405}


class HangError(BaseException):
    """It takes too long. No `Exception`: the handler would answer it."""


def check(random: Random, sent: Sent) -> None:
    """The decoder by itself, the handler, and the handler with an event that is out of shape."""
    settings = random.choice(SETTINGS)
    with bounded():
        check_decode(sent, settings)
        check_handler(event(sent), settings, DESERVED)
        check_handler(misshapen(random, event(sent)), settings, OF_AN_EVENT)


def check_decode(sent: Sent, settings: Settings) -> None:
    """Spans or a `DecodeError`, and no span is forgotten."""
    encoding = content.encoding_of(sent.header("content-type")) or "protobuf"
    try:
        decoded = decode(Request(sent.body, encoding, sent.header("content-encoding")), settings)
    except DecodeError:
        return
    everyone = sorted([*decoded.indices, *(rejection.index for rejection in decoded.rejected)])
    assert everyone == list(range(len(everyone))), f"spans are missing: {everyone}"


def check_handler(given: Any, settings: Settings, deserved: frozenset[int]) -> None:
    """One of these statuses, no accident, and every span in one state."""
    reports: list[Report] = []
    result = Ingest(settings, _xray, anyone, reports.append, budget=lambda _: Budget.of(1_000))(given)
    (report,) = reports
    if report.accident:
        raise report.accident
    assert result["statusCode"] in deserved, f"status {result['statusCode']}: {report.refusal}"
    assert isinstance(result["body"], str), "the body is no text"
    if outcome := report.outcome:
        states = outcome.delivered + outcome.rejected.total() + outcome.returned
        assert states == outcome.spans, f"{states} of {outcome.spans} spans are in a state"


def _xray(texts: list[str]) -> Mapping[str, Any]:
    """X-Ray by its strict rules; what it would refuse is an accident."""
    for text in texts:
        rules.read(text)
    return {}


@contextmanager
def bounded(seconds: float = BOUND_S) -> Iterator[None]:
    """Raise `HangError` after so many seconds of work."""
    before = signal.signal(signal.SIGPROF, _hangs)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _hangs(_number: int, _frame: object) -> None:
    raise HangError("no answer in time")
