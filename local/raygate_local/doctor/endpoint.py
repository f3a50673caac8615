"""Checks of the endpoint: is it there, does it take the key, does its clock agree."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from raygate_local.doctor.situation import Found, Situation, failure, ok, skipped, warning
from raygate_local.sending.post import Parcel

NOTICEABLE_S = 5
TOO_MUCH_S = 300
"""AWS refuses signatures that are older, and X-Ray refuses times that are further ahead."""


def health(situation: Situation) -> Found:
    """Whether it answers on its path for that."""
    answer = situation.health
    if not answer.is_taken:
        todo = answer.advice or "Look at what is behind that address: it does not answer as Raygate does."
        return failure(f"{situation.endpoint.health_url} answers {answer.phrase}.", todo, status=answer.status)
    return ok(f"{situation.endpoint.base} answers in {answer.seconds * 1000:.0f} ms", seconds=answer.seconds)


def key(situation: Situation) -> Found:
    """Whether it takes a request of ours that holds no span."""
    answer = situation.sender.post(Parcel(b""))
    if answer.is_taken:
        said = "the key is taken" if situation.endpoint.headers else "it asks for no key"
        return ok(said, status=answer.status)
    told = f": {answer.message.rstrip('.')}" if answer.message else ""
    return failure(f"{situation.endpoint.url} answers {answer.phrase}{told}.", answer.advice, status=answer.status)


def clock(situation: Situation) -> Found:
    """Whether this machine's clock and the endpoint's agree."""
    try:
        there = parsedate_to_datetime(situation.health.date)
    except ValueError:
        return skipped("the endpoint does not say what time it is")
    there = there if there.tzinfo else there.replace(tzinfo=UTC)
    ahead_s = situation.clock() - there.timestamp()
    direction = "ahead of" if ahead_s > 0 else "behind"
    text = f"this machine is {abs(ahead_s):.0f} s {direction} the endpoint"
    todo = "Let the machine set its clock by NTP."
    if abs(ahead_s) >= TOO_MUCH_S:
        return failure(f"{text}.", todo, seconds_ahead=ahead_s)
    if abs(ahead_s) >= NOTICEABLE_S:
        return warning(f"{text}.", todo, seconds_ahead=ahead_s)
    at = datetime.fromtimestamp(situation.clock(), UTC).strftime("%H:%M:%S")
    return ok(f"{at} UTC, as the endpoint's", seconds_ahead=ahead_s)
