"""The function on events: what an event asks for is done, and said.

Takes   an event, and a context that says how much time is left.
Gives   `{"replays": […]}`: a result for each replay, as `replaying.py` gives them. Asked for nothing, it does nothing.
Raises  `AskedError` for an event that it does not understand, `KeepError` when a store cannot be reached. `LeftError`
        when something is left of an event that AWS gives again only to a function that failed.
Note    Lambda repeats an event under the same request id, and that is the replay's: the second try goes on where the
        first one stopped.
"""

import time
import uuid
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from raygate.aws_session import aws_session
from raygate.deliver.budget import seconds_for
from raygate.errors import RaygateError
from raygate.records import dataclass
from raygate.replay.asked import Asked
from raygate.replay.aws import site_on_aws
from raygate.replay.checkpoint import Checkpoint
from raygate.replay.counts import Counts
from raygate.replay.events import occasion
from raygate.replay.replaying import Site, carry_out
from raygate.replay.sending import Limits
from raygate.settings import Settings

RESERVE_S: Final = 15.0
"""Enough to write down how far it is, and to give back what was taken."""
TELL_EVERY_S: Final = 10.0

Report: TypeAlias = Callable[[str, Mapping[str, Any]], None]
"""An event's name and its numbers, for the log."""


class LeftError(RaygateError):
    """Something is left to do, and the event has to come again."""


@dataclass(slots=True)
class Replaying:
    """The handler: `Replaying(site, report)(event, context)`."""

    site: Site
    report: Report
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    def __call__(self, event: Any, context: Any = None) -> dict[str, Any]:
        """Do what one event asks for."""
        asked = occasion(event, self.site.settings.bucket)
        name = getattr(context, "aws_request_id", "") or str(uuid.uuid4())
        names = [name if len(asked.asked) == 1 else f"{name}-{at}" for at, _ in enumerate(asked.asked)]
        told = [
            result
            for one, its_name in zip(asked.asked, names, strict=True)
            for result in self._do(one, its_name, context)
        ]
        left = [result["why"] for result in told if result.get("state") == "interrupted"]
        if left and asked.is_repeated:
            raise LeftError(f"the replay is not done: {left[0]}")
        return {"replays": told}

    def _do(self, asked: Asked, name: str, context: Any) -> list[dict[str, Any]]:
        told = carry_out(asked, name, self.site, self._limits(context), self._progress())
        for result in told:
            self.report("replay_measured" if "dry_run" in result else f"replay_{result['state']}", result)
        return told

    def _limits(self, context: Any) -> Limits:
        return Limits(lambda: seconds_for(context, float("inf"), RESERVE_S), self.clock, self.sleep)

    def _progress(self) -> Callable[[Checkpoint, Counts], None]:
        """A line now and then."""
        last_s = self.clock()

        def tell(checkpoint: Checkpoint, counts: Counts) -> None:
            nonlocal last_s
            if self.clock() - last_s >= TELL_EVERY_S:
                last_s = self.clock()
                self.report("replay_running", {"id": checkpoint.id, **counts.as_json()})

        return tell


def start(environ: Mapping[str, str], report: Report) -> Replaying:
    """The handler for an environment."""
    settings = Settings.from_environ(environ)
    return Replaying(site_on_aws(settings, environ.get("AWS_REGION"), aws_session()), report)
