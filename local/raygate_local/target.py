"""Which X-Ray the documents go to. The client is the one of Lambda; boto's own settings send it elsewhere.

Takes   what the person asked for, and the environment.
Gives   `choose`: `local`, `aws`, or `url` for the address in `AWS_ENDPOINT_URL_XRAY`. `prepare`: the environment
        changed so that boto goes there.
Raises  `TargetError`, one sentence, when boto has no region or no credentials for AWS.
Note    Anything but AWS itself needs neither: where the environment has none, pretend ones are used.
"""

from collections.abc import Mapping, MutableMapping
from typing import Final, Literal, TypeAlias

from botocore.exceptions import BotoCoreError
from botocore.session import Session

Kind: TypeAlias = Literal["local", "aws", "url"]

ENDPOINT: Final = "AWS_ENDPOINT_URL_XRAY"
PRETEND_REGION: Final = "us-east-1"
PRETEND: Final = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}

IN_THE_WAY: Final = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN")
"""What would lead the client away from a local X-Ray, or fail before it gets there."""
IGNORING: Final = "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"
"""With this set the address of a local X-Ray would be passed over."""

STORES: Final = ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SQS", "AWS_ENDPOINT_URL_S3")
"""Where one of them is set, queue and bucket are not AWS's own."""

NO_REGION: Final = "No AWS region is set: set AWS_REGION, or a region for your profile in ~/.aws/config."
NO_CREDENTIALS: Final = "No AWS credentials were found: log in with the AWS CLI, or set AWS_PROFILE."


class TargetError(Exception):
    """There is no way to this X-Ray. The message says what to do."""


def choose(asked: str | None, environ: Mapping[str, str]) -> Kind:
    """What was asked for; else the address in the environment; else the local X-Ray."""
    if asked == "aws":
        return "aws"
    return "url" if asked is None and environ.get(ENDPOINT) else "local"


def _pretend(environ: MutableMapping[str, str]) -> None:
    for name in IN_THE_WAY:
        environ.pop(name, None)
    environ.update(PRETEND)


def _check_address(url: str) -> None:
    if not url.startswith(("http://", "https://")):
        raise TargetError(f"{ENDPOINT} must be an address such as http://127.0.0.1:8080, not {url!r}.")


def prepare(kind: Kind, url: str, environ: MutableMapping[str, str], *, keeps_on_aws: bool = False) -> None:
    """Change the environment so that boto's client goes to that X-Ray; `url` is the local one's address.

    Where a queue or a bucket is on AWS, the credentials for it are those of the environment, also with a local X-Ray.
    """
    needs_aws = kind == "aws" or (keeps_on_aws and not any(environ.get(name) for name in STORES))
    if kind == "local":
        environ.pop(IGNORING, None)
        if not keeps_on_aws:
            _pretend(environ)
        environ[ENDPOINT] = url
        environ["NO_PROXY"] = environ["no_proxy"] = "127.0.0.1,localhost,::1"
    _check_address(environ.get(ENDPOINT) or "https://")
    try:
        session = Session()
        region = environ.get("AWS_REGION") or session.get_config_variable("region")
        if needs_aws and not region:
            raise TargetError(NO_REGION)
        if not session.get_credentials():
            if needs_aws:
                raise TargetError(NO_CREDENTIALS)
            environ.update(PRETEND)
    except BotoCoreError as error:
        raise TargetError(f"boto cannot be used: {str(error).rstrip('.')}.") from error
    environ["AWS_REGION"] = region or PRETEND_REGION
