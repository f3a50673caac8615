"""Where a command finds what is kept: in AWS, or in the data folder of `raygate serve`.

Takes   the environment, and the folder when one is named.
Gives   `Places`: settings, bucket, dead letters; the queue, too, where it can be looked into. `site` adds X-Ray.
Raises  `PlacesError`, one sentence with what to do.
Rules   A folder that is named is meant. Else RAYGATE_BUCKET and RAYGATE_QUEUE_URL say that it is AWS; else it is the
        folder that `raygate serve` uses by default. A folder is not made here: an empty one would only hide a mistake.
"""

import time
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from raygate.aws_session import aws_session
from raygate.deliver.client import connect as connect_put
from raygate.errors import RaygateError
from raygate.keep import Bucket
from raygate.replay.aws import site_on_aws
from raygate.replay.replaying import Site
from raygate.replay.sources.dead_letters import Letters
from raygate.settings import Settings
from raygate_local.kept.bucket import KeptBucket
from raygate_local.kept.database import FILE, Database, DatabaseError
from raygate_local.kept.queue import DEAD, KeptQueue
from raygate_local.replaying.letters import KeptLetters
from raygate_local.target import PRETEND_REGION
from raygate_local.terminal.xray import ENDPOINT, connect

FOLDER: Final = ".raygate"
HIDDEN_S: Final = 960.0
IGNORE: Final = "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"


class PlacesError(RaygateError):
    """There is nothing to look into. The message says what to do."""


@dataclass(frozen=True, slots=True)
class Places:
    """What there is to look into."""

    name: str
    """For people."""
    settings: Settings
    bucket: Bucket | None
    bucket_named: Callable[[str], Bucket]
    letters: Callable[[str | None], Letters | None]
    file: Database | None = None
    """The data folder's; None in AWS, where nobody can look into a queue."""


@contextmanager
def opened(folder: str | None, environ: MutableMapping[str, str]) -> Iterator[Places]:
    """The places, for as long as they are needed."""
    settings = Settings.from_environ(environ, auth="none")
    if folder is None and (settings.bucket or settings.queue_url):
        yield _in_aws(settings, environ)
        return
    path = Path(folder or FOLDER)
    if not (path / FILE).exists():
        hint = "name the folder of `raygate serve` with --data, or set RAYGATE_BUCKET and RAYGATE_QUEUE_URL"
        raise PlacesError(f"Nothing is kept in {path}: {hint}.")
    try:
        with Database(path) as file:
            yield _in_folder(file, path, settings, environ)
    except DatabaseError as error:
        raise PlacesError(str(error)) from error


def site(places: Places, xray: str | None, environ: MutableMapping[str, str]) -> Site:
    """The places with an X-Ray: the one that is named, or the nearest to them."""
    is_far = places.file is None and not environ.get(ENDPOINT)
    found = connect("aws" if xray is None and is_far else xray, environ)
    if found.url:
        environ[ENDPOINT] = found.url
        environ.pop(IGNORE, None)
    else:
        environ.pop(ENDPOINT, None)
    if found.is_here:
        environ["NO_PROXY"] = environ["no_proxy"] = "127.0.0.1,localhost,::1"
    return Site(
        settings=places.settings,
        put=connect_put(found.region, found.session),
        bucket=places.bucket,
        bucket_named=places.bucket_named,
        letters=places.letters,
        now_ms=lambda: int(time.time() * 1_000),
    )


def _in_aws(settings: Settings, environ: MutableMapping[str, str]) -> Places:
    there = site_on_aws(settings, _region(environ), aws_session())
    named = [settings.bucket and f"bucket {settings.bucket}", settings.queue_url and f"queue {settings.queue_url}"]
    return Places(" and ".join(filter(None, named)), settings, there.bucket, there.bucket_named, there.letters)


def _in_folder(file: Database, path: Path, settings: Settings, environ: MutableMapping[str, str]) -> Places:
    there = site_on_aws(settings, _region(environ), aws_session())
    dead = KeptLetters(KeptQueue(file, DEAD, HIDDEN_S))
    return Places(
        str(path),
        settings,
        there.bucket or KeptBucket(file),
        there.bucket_named,
        lambda url: there.letters(url) if url or settings.queue_url else dead,
        file,
    )


def _region(environ: MutableMapping[str, str]) -> str:
    """Something, so that clients can be made that may never be used."""
    return environ.get("AWS_REGION") or aws_session().get_config_variable("region") or PRETEND_REGION
