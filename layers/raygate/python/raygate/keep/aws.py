"""The stores of a deployment on AWS: which queue and which bucket the settings name, and their clients.

Gives   `stores_on_aws`: SQS and S3. No network is touched.
Why     S3's client takes 25 ms to make, SQS's 4. One that each request needs is made at the start; else the first
        fault pays for it. So it is with S3's handlers in the session, where `of_s3` makes one of its own.
"""

from collections.abc import Callable
from threading import Lock
from typing import Any, Final

from botocore.config import Config
from botocore.session import Session

from raygate import __version__
from raygate.keep.s3 import S3Bucket
from raygate.keep.sqs import SqsQueue
from raygate.keep.stores import Stores
from raygate.lanes import SIDE_BY_SIDE
from raygate.settings import Settings

CONFIG: Final = Config(
    connect_timeout=1,
    read_timeout=4,
    retries={"mode": "standard", "total_max_attempts": 2},
    max_pool_connections=SIDE_BY_SIDE,
    tcp_keepalive=True,
    user_agent_extra=f"raygate/{__version__}",
)


def stores_on_aws(
    settings: Settings, region: str | None, session: Session, of_s3: Callable[[], Session] | None = None
) -> Stores:
    """Those that the settings name."""
    sqs, s3 = _made_once(lambda: session, "sqs", region), _made_once(of_s3 or (lambda: session), "s3", region)
    if settings.delivery == "buffered":
        sqs()
    if settings.archive and settings.delivery == "direct":
        s3()
    return Stores(
        SqsQueue(settings.queue_url, sqs) if settings.queue_url else None,
        S3Bucket(settings.bucket, s3) if settings.bucket else None,
    )


def _made_once(session: Callable[[], Session], service: str, region: str | None) -> Callable[[], Any]:
    made: list[Any] = []
    lock = Lock()

    def client() -> Any:
        with lock:
            if not made:
                made.append(session().create_client(service, region_name=region, config=CONFIG))
            return made[0]

    return client
