"""What a replay takes from and sends to on AWS: the buckets, the dead-letter queue, X-Ray.

Gives   `site_on_aws`. No network is touched.
Rules   The dead-letter queue is the one that is asked for, or the setting's, or else the one that the queue's redrive
        policy names.
"""

import time
from collections.abc import Callable
from functools import cache
from typing import Any

from botocore.session import Session

from raygate.deliver.client import connect
from raygate.keep.aws import CONFIG
from raygate.keep.s3 import S3Bucket
from raygate.replay.replaying import Site
from raygate.replay.sources.dead_letters import Letters
from raygate.replay.sqs import SqsLetters, behind
from raygate.settings import Settings


def site_on_aws(settings: Settings, region: str | None, session: Session) -> Site:
    """By the names in the settings."""
    s3, sqs = _client(session, "s3", region), _client(session, "sqs", region)

    def letters(url: str | None) -> Letters | None:
        found = url or settings.dead_letter_queue_url
        if not found and settings.queue_url:
            found = behind(settings.queue_url, sqs)
        return SqsLetters(found, sqs) if found else None

    return Site(
        settings=settings,
        put=connect(region, session),
        bucket=S3Bucket(settings.bucket, s3) if settings.bucket else None,
        bucket_named=lambda name: S3Bucket(name, s3),
        letters=letters,
        now_ms=lambda: int(time.time() * 1_000),
    )


def _client(session: Session, service: str, region: str | None) -> Callable[[], Any]:
    @cache
    def client() -> Any:
        return session.create_client(service, region_name=region, config=CONFIG)

    return client
