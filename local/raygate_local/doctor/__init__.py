"""Is everything set up? A table of checks, in the order in which a trace meets what they look at.

Takes   a `Situation`; a table, `CHECKS` unless told otherwise.
Gives   `examine`: what each check found, as it is found. What was raised on purpose is a failure with its sentence.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from raygate.errors import RaygateError
from raygate_local.doctor import canary, endpoint, setup, xray
from raygate_local.doctor.situation import Check, Found, Situation, failure, skipped

__all__ = ["CHECKS", "Check", "Found", "Situation", "as_json", "examine"]

CHECKS: Final[tuple[Check, ...]] = (
    Check("settings", "Settings", setup.settings),
    Check("credentials", "AWS credentials and region", setup.credentials),
    Check("permission", "Permission to write to X-Ray", xray.permission, needs=("credentials",)),
    Check("reading", "Permission to read from X-Ray", xray.reading, needs=("credentials", "permission")),
    Check("destination", "X-Ray's destination", xray.destination, needs=("credentials", "permission")),
    Check("endpoint", "The endpoint", endpoint.health),
    Check("key", "The key", endpoint.key, needs=("endpoint",)),
    Check("clock", "The clock", endpoint.clock, needs=("endpoint",)),
    Check("canary", "A canary, sent and read back", canary.canary, needs=("endpoint", "key", "permission", "reading")),
)


def examine(situation: Situation, checks: Sequence[Check] = CHECKS) -> Iterator[tuple[Check, Found]]:
    """Look at one after the other."""
    unsound: set[str] = set()
    for check in checks:
        missing = [one for one in check.needs if one in unsound]
        found = skipped(f"not looked at, since it needs: {', '.join(missing)}") if missing else _look(check, situation)
        if found.state == "failure" or missing or (check.id == "reading" and found.state == "warning"):
            unsound.add(check.id)
        yield check, found


def _look(check: Check, situation: Situation) -> Found:
    try:
        return check.look(situation)
    except RaygateError as error:
        text, _, todo = str(error).partition(": ")
        return failure(f"{text.rstrip('.')}.", f"{todo[:1].upper()}{todo[1:]}")


def as_json(check: Check, found: Found) -> dict[str, Any]:
    """For programs."""
    return {
        "id": check.id,
        "title": check.title,
        "state": found.state,
        "text": found.text,
        "todo": found.todo,
        "details": dict(found.details),
    }
