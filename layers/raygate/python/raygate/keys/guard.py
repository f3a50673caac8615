"""Which guard stands at the door, by the settings.

Raises  `SettingsError` when keys are to be checked and it is not said where they are, or in two places.
Note    DynamoDB's client is made here, at the start and not at the first request, and only where a table is named. In
        a session that has made a client already it costs a cold start about 20 ms, in a new one more than 100.
"""

import time
from pathlib import Path
from typing import Final

from botocore.session import Session

from raygate.errors import SettingsError
from raygate.keys.authorizer import anyone, checked_by
from raygate.keys.cache import cached
from raygate.keys.check import Find, Keys
from raygate.keys.file_store import in_file
from raygate.keys.presented import Guard
from raygate.keys.quota import Quotas
from raygate.keys.table_store import connect, in_table
from raygate.settings import Settings

ONE_PLACE: Final = "RAYGATE_AUTH=keys needs either RAYGATE_KEYS_TABLE or RAYGATE_KEYS_FILE"


def guard_of(settings: Settings, region: str | None = None, session: Session | None = None) -> Guard:
    """The guard that `RAYGATE_AUTH` names."""
    if settings.auth == "none":
        return anyone
    if settings.auth in {"iam", "jwt"}:
        return checked_by(settings.auth)
    return Keys(_store(settings, region, session), Quotas(time.monotonic), time.time)


def _store(settings: Settings, region: str | None, session: Session | None) -> Find:
    if bool(settings.keys_table) == bool(settings.keys_file):
        raise SettingsError(f"{ONE_PLACE}, and has {'both' if settings.keys_table else 'neither'}")
    if settings.keys_file:
        return in_file(Path(settings.keys_file))
    return cached(in_table(connect(region, session), settings.keys_table), time.monotonic)
