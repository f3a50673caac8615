"""What a person reads about a replay: sentences and sums.

Takes   a result as `raygate.replay` gives it.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from raygate_local.terminal.screen import plain

STATES: Final = ("delivered", "parked", "rejected", "skipped", "left")
NOTHING: Final = "There is nothing to replay."


def lines(result: Mapping[str, Any], command: str = "raygate replay") -> Iterator[str]:
    """The summary; `command` is what to go on with."""
    yield from _measured(result) if result.get("dry_run") else _done(result, command)
    for reason, count in result.get("reasons", {}).items():
        yield f"  {count:,} of them: {plain(reason)}"


def running(counts: Any) -> str:
    """The line beside a progress bar."""
    told = f"{counts.settled + counts.skipped:,} spans"
    return told + (f", {counts.throttled:,} calls throttled" if counts.throttled else "")


def _measured(result: Mapping[str, Any]) -> Iterator[str]:
    if not result["requests"]:
        yield NOTHING
        return
    yield (
        f"Dry run: {_many(result['objects'], 'object')}, {_many(result['requests'], 'request')}, "
        f"{_many(result['spans'], 'span')}, {_many(result['documents'], 'document')} in "
        f"{_many(result['calls'], 'call')}; {_duration(result['seconds'])} at that rate."
    )
    if result.get("why"):
        yield f"It is not all: {plain(result['why'])}; {_many(result['objects_left'], 'object')} not read."


def _done(result: Mapping[str, Any], command: str) -> Iterator[str]:
    is_done = result["state"] == "done"
    if is_done and not result["found"] and not result["unreadable"]:
        yield NOTHING
        return
    sums = " + ".join(f"{result[state]:,} {state}" for state in STATES if result[state]) or "0"
    yield f"{_many(result['found'], 'span')} found = {sums}."
    if result["unreadable"]:
        yield f"{_many(result['unreadable'], 'request')} could not be read, and stay where they are."
    if not is_done:
        yield f"Interrupted: {plain(result['why'])}; {_many(result['objects_left'], 'object')} not read."
        yield f"Go on with: {command} --resume {result['id']}"


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def _duration(seconds: int) -> str:
    if seconds < 120:
        return f"{seconds} s"
    return f"{seconds / 60:.0f} min" if seconds < 7_200 else f"{seconds / 3_600:.1f} h"
