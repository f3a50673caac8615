"""What was written on the command line → a request for a replay.

Takes   the options that were given, by name.
Gives   `asked`: the request, and a name for the replay. `limits`: there is no end but Ctrl-C.
Raises  `click.UsageError`, one sentence, when they do not say what is to be replayed.
"""

import secrets
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import click

from raygate.replay.asked import Asked, read
from raygate.replay.sending import Limits
from raygate_local.moments import MomentError, seconds

KINDS: Final = {"resume": "resume", "key": "object", "dead_letters": "dead-letters", "parked": "parked"}
"""Which option says what. Without one of these a span of time is one of the archive."""
NAMES: Final = {"begin": "from", "end": "to", "resume": "id"}
MEMBERS: Final = {
    "archive": {"begin", "end", "tenant"},
    "parked": {"begin", "end", "tenant", "code"},
    "dead-letters": set[str](),
    "object": {"key", "bucket"},
    "resume": {"resume"},
}
ANY: Final = {"dry_run", "rate"}
NOTHING: Final = "Say what to replay: --from, --dead-letters, --parked, --object or --resume."


def asked(given: Mapping[str, Any]) -> tuple[Asked, str]:
    """The request, and its name."""
    kinds = [kind for option, kind in KINDS.items() if option in given] or ["archive"]
    if len(kinds) > 1 or (kinds == ["archive"] and "begin" not in given):
        raise click.UsageError(
            NOTHING if len(kinds) == 1 else "One replay at a time: " + NOTHING[0].lower() + NOTHING[1:]
        )
    kind = kinds[0]
    now = datetime.now(UTC).replace(microsecond=0)
    own = [option for option, its_kind in KINDS.items() if its_kind == kind and option in {"dead_letters", "parked"}]
    odd = sorted(given.keys() - MEMBERS[kind] - ANY - set(own))
    if odd:
        told = ", ".join(f"--{NAMES.get(name, name).replace('_', '-')}" for name in odd)
        raise click.UsageError(f"{told} does not go with a replay of {kind}.")
    members = {NAMES.get(name, name): _value(name, value, now) for name, value in given.items() if name not in own}
    if kind == "archive":
        members.setdefault("to", now.isoformat())
    return read({"replay": kind, **members}), f"{kind}-{now:%Y%m%dT%H%M%S}-{secrets.token_hex(2)}"


def limits(is_stopped: Callable[[], bool]) -> Limits:
    """A person has time."""
    return Limits(lambda: float("inf"), time.monotonic, time.sleep, is_stopped)


def _value(name: str, value: Any, now: datetime) -> Any:
    return moment(value, now) if name in {"begin", "end"} else value


def moment(text: str, now: datetime) -> str:
    """`2h`, which is ago, or a date, which begins at midnight UTC unless it says otherwise."""
    try:
        return datetime.fromtimestamp(now.timestamp() - seconds(text), UTC).isoformat()
    except MomentError:
        pass
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        raise click.UsageError(f"A time looks like 2h or 2026-11-22T12:00, not {text!r}.") from None
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).isoformat()
