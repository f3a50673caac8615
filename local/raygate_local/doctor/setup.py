"""Checks of this machine: settings, credentials and region."""

from botocore.exceptions import BotoCoreError

from raygate.errors import SettingsError
from raygate.settings import PREFIX, Settings
from raygate_local.doctor.situation import Found, Situation, failure, ok, warning
from raygate_local.target import NO_CREDENTIALS, NO_REGION


def settings(situation: Situation) -> Found:
    """Names and values of the RAYGATE_ settings, and what they need of each other."""
    try:
        read = Settings.from_environ(situation.environ, auth="none")
    except SettingsError as error:
        return failure(f"{error}", "Correct it where it is set: docs/operating.md has all names and their values.")
    names = sorted(name for name in situation.environ if name.startswith(PREFIX))
    if read.queue_url and not read.bucket:
        return warning(
            "there is a queue, and no bucket for what X-Ray refuses for good: it is lost.", "Set RAYGATE_BUCKET."
        )
    return ok(f"{', '.join(names)} can be read" if names else "none is set: the defaults hold", names=names)


def credentials(situation: Situation) -> Found:
    """Whether boto finds a region and credentials, where AWS is asked."""
    xray = situation.xray
    if xray.is_here:
        return ok(f"{xray.url} is on this machine and needs none")
    if not xray.region:
        return failure("boto finds no region.", NO_REGION)
    try:
        found = xray.session.get_credentials()
        key = found.get_frozen_credentials() if found else None
    except BotoCoreError as error:
        return failure(f"boto finds no credentials: {str(error).rstrip('.')}.", NO_CREDENTIALS)
    if found is None or key is None:
        return failure("boto finds no credentials.", NO_CREDENTIALS)
    return ok(f"credentials by {found.method}, region {xray.region}", method=found.method, region=xray.region)
