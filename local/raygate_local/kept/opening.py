"""What `raygate serve` keeps things in: a file of the data folder, or SQS and S3 where the settings name them.

Takes   the settings, the region, and the data folder, if there is one.
Gives   `Kept`: the stores for the endpoint; the queue's other end and the dead letters for the worker; `waiting`, a
        sentence for people. Without folder and queue there is nothing, and the sender keeps what X-Ray does not take.
Raises  `DatabaseError` or `KeepError`, one sentence, when a store cannot be used.
Rules   A queue of AWS goes with a bucket of AWS or none: whoever else takes its messages sees nothing of this machine.
"""

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from raygate.aws_session import aws_session
from raygate.keep import NOWHERE, Bucket, Queue, Stores
from raygate.keep.aws import CONFIG, stores_on_aws
from raygate.keep.sqs import SqsQueue
from raygate.settings import Settings
from raygate_local.kept.bucket import KeptBucket
from raygate_local.kept.database import Database
from raygate_local.kept.polling import Source
from raygate_local.kept.queue import DEAD, KeptQueue, Waiting
from raygate_local.kept.sqs import SqsSource

MOST_RECEIVES: Final = 20_000
"""With a minute between tries at most, an X-Ray may be away for ten days before a message is a dead letter."""
DAYS: Final = {"archive/": 30, "claims/": 30, "parked/": 90}
"""How long objects are kept, as in the cloud."""
UNITS: Final = ((86_400, "d"), (3_600, "h"), (60, "min"), (0, "s"))


@dataclass(frozen=True, slots=True)
class Kept:
    """What there is."""

    stores: Stores = NOWHERE
    source: Source | None = None
    """The queue's other end."""
    dead: Queue | None = None
    max_receives: int = 0
    place: str = ""
    """For people."""
    dead_letters: Callable[[], Waiting] = Waiting

    def waiting(self) -> str:
        """`3 messages wait, the oldest for 2 min; 1 dead letter`."""
        if self.source is None:
            return ""
        waiting, dead = self.source.waiting(), self.dead_letters().messages
        told = f"{_counted(waiting.messages, 'message')} wait" if waiting.messages else "nothing waits"
        told = told.replace("message wait", "message waits")
        if waiting.oldest_ms:
            told += f", the oldest for {_age(time.time() - waiting.oldest_ms / 1_000)}"
        return f"{told}; {_counted(dead, 'dead letter')}" if dead else told


def open_kept(folder: Path | None, settings: Settings, region: str, stack: ExitStack) -> Kept:
    """Open what the settings and the folder give; the stack closes it."""
    on_aws = stores_on_aws(settings, region, aws_session())
    if settings.queue_url:
        return _on_aws(on_aws, settings, region)
    if folder is None:
        return Kept(Stores(bucket=on_aws.bucket))
    return _here(stack.enter_context(Database(folder)), on_aws.bucket, settings)


def stores_of(folder: Path | None, settings: Settings, region: str, stack: ExitStack) -> Stores:
    """The same stores for one who only puts into them; somebody else has opened the folder and owns it."""
    on_aws = stores_on_aws(settings, region, aws_session())
    if settings.queue_url or folder is None:
        return on_aws
    file = stack.enter_context(Database(folder))
    return Stores(
        KeptQueue(file, max_receives=settings.max_receives or MOST_RECEIVES), on_aws.bucket or KeptBucket(file)
    )


def _here(file: Database, bucket: Bucket | None, settings: Settings) -> Kept:
    most = settings.max_receives or MOST_RECEIVES
    live, dead = KeptQueue(file, max_receives=most), KeptQueue(file, DEAD)
    live.reclaim()
    here = KeptBucket(file)
    for prefix, days in DAYS.items():
        here.expire(prefix, days)
    return Kept(Stores(live, bucket or here), live, dead, most, str(file.path.parent), dead.waiting)


def _on_aws(stores: Stores, settings: Settings, region: str) -> Kept:
    client: Any = aws_session().create_client("sqs", region_name=region, config=CONFIG)
    source = SqsSource(settings.queue_url, client)
    redrive = source.redrive()
    url = settings.dead_letter_queue_url or redrive.url
    return Kept(
        stores,
        replace(source, arn=source.name()),
        SqsQueue(url, lambda: client) if url else None,
        settings.max_receives or redrive.max_receives,
        settings.queue_url,
        SqsSource(url, client).waiting if url else Waiting,
    )


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def _age(seconds: float) -> str:
    return next(f"{seconds // (unit or 1):.0f} {name}" for unit, name in UNITS if seconds >= unit or not unit)
