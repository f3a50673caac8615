"""Which replays an event asks for.

Takes   a request for a replay, as somebody sends it or as a rule or a schedule has it as its input; an S3 notification;
        EventBridge's "Object Created"; EventBridge's "Scheduled Event".
Gives   `Occasion`: what is asked for, and whether the event comes by itself, so that failing is what repeats it.
Raises  `AskedError` for anything else.
Rules   In a notification the key is URL-encoded and `+` is a blank; on the bus it is not. A notification comes at least
        once: the replay's id is made of the object's, so that the second one finds everything sent. A replay of the
        bus has a name, which makes it another. What Raygate wrote into its bucket asks for nothing, and S3's test event
        neither.
Source  otlp-http, "Replays and other sources".
"""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import Any, Final, NamedTuple
from urllib.parse import unquote_plus

from raygate.replay.asked import Asked, AskedError, OneObject, Schedule, read

OURS: Final = ("archive/", "claims/", "parked/", "replays/")
"""Written by Raygate itself. A replay that was begun by what a replay writes would never end."""


class Occasion(NamedTuple):
    """What an event asks for."""

    asked: tuple[Asked, ...] = ()
    is_repeated: bool = False
    """AWS gives the event again when the function fails, and nobody reads what it returns."""


def occasion(event: Any, our_bucket: str = "") -> Occasion:
    """What is to be done about an event."""
    if not isinstance(event, dict):
        raise AskedError("the event is no JSON object")
    if event.get("Event") == "s3:TestEvent":
        return Occasion()
    if "replay" in event:
        return Occasion((read(event),))
    if isinstance(event.get("Records"), list):
        return Occasion(_foreign(_of_records(event["Records"]), our_bucket), is_repeated=True)
    if event.get("detail-type") == "Object Created":
        return Occasion(_foreign([_of_detail(event)], our_bucket), is_repeated=True)
    if event.get("detail-type") == "Scheduled Event":
        return Occasion((Schedule(),))
    known = "a request for a replay, an S3 notification, Object Created, Scheduled Event"
    raise AskedError(f"the event is none of these: {known}")


def _of_records(records: list[Any]) -> Iterator[OneObject]:
    for record in records:
        entity = record.get("s3") if isinstance(record, dict) else None
        if not isinstance(entity, dict):
            raise AskedError("Records: each has to be of S3")
        if str(record.get("eventName", "")).removeprefix("s3:").startswith("ObjectCreated:"):
            bucket, key, version = _object(entity)
            yield _one(bucket, unquote_plus(key), version)


def _of_detail(event: Mapping[str, Any]) -> OneObject:
    bucket, key, version = _object(event.get("detail"))
    return _one(bucket, key, version and f"{version}/{event.get('replay-name', '')}")


def _object(entity: Any) -> tuple[str, str, str]:
    """Bucket, key, and what tells this object from another that lay there before; empty when nothing does."""
    try:
        bucket, entry = entity["bucket"]["name"], entity["object"]
        key = entry["key"]
    except (TypeError, KeyError) as error:
        raise AskedError("bucket.name, object.key: one of them is missing") from error
    if not isinstance(bucket, str) or not isinstance(key, str):
        raise AskedError("bucket.name, object.key: one of them is no text")
    return bucket, key, str(entry.get("sequencer") or entry.get("etag") or entry.get("eTag") or "")


def _foreign(found: Iterable[OneObject], our_bucket: str) -> tuple[OneObject, ...]:
    """Without what Raygate wrote."""
    return tuple(one for one in found if not (one.bucket == our_bucket and one.key.startswith(OURS)))


def _one(bucket: str, key: str, version: str) -> OneObject:
    name = f"object-{blake2b(f'{bucket}/{key}/{version}'.encode(), digest_size=12).hexdigest()}" if version else None
    return OneObject(bucket=bucket, key=key, id=name)
