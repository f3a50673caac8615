"""What the checks look at, and what each of them finds.

Gives   `Situation`: environment, endpoint, X-Ray, chance, clock and patience; `Found`, with `ok`, `warning`, `failure`
        and `skipped` to make one; `Check`, a row of a table.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, TypeAlias

from raygate_local.sending.endpoint import Endpoint, endpoint_of
from raygate_local.sending.post import Answer, Sender
from raygate_local.terminal.xray import Xray, connect

State: TypeAlias = Literal["ok", "warning", "failure", "skipped"]


@dataclass
class Situation:
    """Where `raygate doctor` is, and whom it may ask. What is asked once is remembered."""

    environ: Mapping[str, str]
    asked_endpoint: str | None
    key: str | None
    asked_xray: str | None
    random_bytes: Callable[[int], bytes]
    clock: Callable[[], float]
    pause: Callable[[float], None]
    patience_s: float
    """How long the canary may take."""

    @cached_property
    def endpoint(self) -> Endpoint:
        """Where to send."""
        return endpoint_of(self.asked_endpoint, self.key, self.environ)

    @cached_property
    def sender(self) -> Sender:
        """The way there."""
        return Sender(self.endpoint)

    @cached_property
    def health(self) -> Answer:
        """What the endpoint says of itself."""
        return self.sender.health()

    @cached_property
    def xray(self) -> Xray:
        """Where it ends."""
        return connect(self.asked_xray, self.environ)

    def close(self) -> None:
        """Let go of what was opened."""
        if "sender" in self.__dict__:
            self.sender.close()


@dataclass(frozen=True, slots=True)
class Found:
    """What one check found."""

    state: State
    text: str
    todo: str = ""
    """What to do about it."""
    details: Mapping[str, Any] = field(default_factory=dict)
    """For programs."""


@dataclass(frozen=True, slots=True)
class Check:
    """A row of the table."""

    id: str
    title: str
    look: Callable[[Situation], Found]
    needs: tuple[str, ...] = ()
    """Without these it is not looked at: it could only say the same."""


def ok(text: str, **details: Any) -> Found:
    """Nothing to do."""
    return Found("ok", text, details=details)


def warning(text: str, todo: str, **details: Any) -> Found:
    """It works, and may not be what is wanted."""
    return Found("warning", text, todo, details)


def failure(text: str, todo: str, **details: Any) -> Found:
    """It does not work."""
    return Found("failure", text, todo, details)


def skipped(text: str) -> Found:
    """Not looked at."""
    return Found("skipped", text)
