"""What goes wrong, as data: how likely each fault is while it lasts, for X-Ray, the queue and the bucket.

Takes   names of faults in `xray.FAULTS`, `aws.QUEUE_FAULTS`, `aws.BUCKET_FAULTS`, with the share of calls that meet
        them. What is left of 1 passes. For X-Ray seed, document and how
        often it has come decide, so that threads change nothing about it.
Gives   `SCENARIOS`, by name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

Shares: TypeAlias = Mapping[str, float]
Named: TypeAlias = Literal["all", "none", "some", "the call"]


@dataclass(frozen=True, slots=True)
class Scenario:
    """One kind of bad day. Everything passes but `final` and `ascii_names` when the day is over."""

    calls: Shares = field(default_factory=dict)
    """Faults of X-Ray's calls."""
    final: Shares = field(default_factory=dict)
    """Codes by which some documents are refused for ever."""
    ascii_names: bool = False
    """Names beyond ASCII are refused as `InvalidName`, for ever: such documents can be mended."""
    passing: Shares = field(default_factory=dict)
    """Codes by which some documents are refused, each time anew, while the day lasts."""
    named: Named = "all"
    """Which refusals say the document's id; or the whole call is refused for the sake of one document."""
    queue: Shares = field(default_factory=dict)
    bucket: Shares = field(default_factory=dict)
    seconds: float = 35.0
    """The limit of the ingest function; with less, and of the worker too, calls are left behind when time is up."""
    archive: bool = False
    rounds: int = 2
    """Batches that the worker gets while the day lasts."""

    @property
    def is_hurried(self) -> bool:
        """Whether time is up now and then."""
        return self.seconds <= HURRIED_S

    @property
    def worker_seconds(self) -> float:
        """The limit of the worker."""
        return 2 * self.seconds if self.is_hurried else 60.0


HURRIED_S: Final = 4.0
REFUSED: Final = {"InvalidTraceId": 0.04, "InvalidSegment": 0.03}
TROUBLE: Final = {"ThrottledException": 0.08, "InternalFailure": 0.06, "ServiceUnavailable": 0.04}

SCENARIOS: Final[Mapping[str, Scenario]] = {
    "nothing fails": Scenario(archive=True),
    "some calls are throttled": Scenario({"throttled 429": 0.2, "throttled 400": 0.2, "ThrottlingException": 0.1}),
    "all calls are throttled": Scenario({"throttled 429": 0.5, "throttled 400": 0.5}, rounds=4),
    "some calls fail": Scenario({"500": 0.3, "503": 0.2}),
    "all calls fail": Scenario({"500": 0.5, "503": 0.5}, rounds=4),
    "resets before anything is stored": Scenario({"reset": 0.3}),
    "resets after everything is stored": Scenario({"stored and reset": 0.3}),
    "garbage": Scenario({"garbage": 0.2, "stored and garbage": 0.1, "a proxy's page": 0.1, "cut short": 0.1}),
    "hangs and drips": Scenario(
        {"hangs": 0.06, "stored and hangs": 0.03, "drips": 0.06, "slow": 0.2}, seconds=HURRIED_S
    ),
    "no time is left": Scenario({"hangs": 0.5, "slow": 0.5}, seconds=HURRIED_S - 1),
    "wrong credentials": Scenario({"ExpiredTokenException": 0.5, "UnrecognizedClientException": 0.5}),
    "refusals with ids": Scenario(final=REFUSED, ascii_names=True, passing=TROUBLE),
    "refusals without ids": Scenario(final=REFUSED, passing={"ThrottledException": 0.02}, named="none"),
    "unknown codes": Scenario(passing={"SomethingNew": 0.1}, final={"NobodyKnows": 0.03}, named="some"),
    "whole calls are refused": Scenario({"500": 0.1}, final=REFUSED, named="the call"),
    "the queue is down": Scenario({"throttled 429": 0.6}, queue={"down": 1.0}),
    "the queue loses answers": Scenario(
        {"503": 0.7}, queue={"kept and reset": 0.2, "partly": 0.4, "reset": 0.1, "garbage": 0.1}
    ),
    "the bucket is down": Scenario(final=REFUSED, bucket={"down": 1.0}, archive=True),
    "queue and bucket hang": Scenario(
        {"500": 0.5}, final=REFUSED, queue={"hangs": 0.1}, bucket={"hangs": 0.1}, seconds=HURRIED_S
    ),
    "everything at once": Scenario(
        {"throttled 429": 0.1, "500": 0.1, "reset": 0.1, "stored and reset": 0.1, "garbage": 0.05, "hangs": 0.02},
        final=REFUSED,
        ascii_names=True,
        passing=TROUBLE,
        named="some",
        queue={"partly": 0.2, "kept and reset": 0.1, "down": 0.1},
        bucket={"down": 0.2, "kept and reset": 0.1},
        seconds=HURRIED_S,
        archive=True,
    ),
}
