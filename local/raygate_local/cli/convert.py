"""`raygate convert`: what becomes of a request, without sending it."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from raygate.settings import Settings

REJECTED: Final = 1
UNREADABLE: Final = 2


class SettingsProblem(click.ClickException):
    """A setting is wrong: nothing can be read."""

    exit_code = UNREADABLE


@click.command()
@click.argument("files", metavar="[FILE]...", nargs=-1)
@click.option(
    "--content-type", default="", metavar="T", help="application/x-protobuf or application/json; else guessed."
)
@click.option("--content-encoding", default="", metavar="E", help="gzip, deflate, zlib or zstd; else guessed.")
def convert(files: tuple[str, ...], content_type: str, content_encoding: str) -> None:
    """Print the X-Ray segment documents of OTLP requests, one a line.

    FILE is a request's body, OTLP as protobuf or JSON, or a captured request with its headers; - or nothing is standard
    input. The settings are those of the environment, such as RAYGATE_MAPPING.

    \b
    Exit status:
      0  every span was converted
      1  a span was rejected
      2  an input could not be read; the others are converted all the same
    """  # noqa: D301 - click keeps the lines as they are after a real backspace
    from raygate.errors import SettingsError
    from raygate.http_api.content import encoding_of
    from raygate.settings import Settings

    if content_type and not encoding_of(content_type):
        raise click.BadParameter("it is application/x-protobuf or application/json.", param_hint="--content-type")
    try:
        settings = Settings.from_environ(os.environ)
    except SettingsError as error:
        raise SettingsProblem(f"{error}.") from error
    sys.exit(max(_one(name, content_type, content_encoding, settings) for name in files or ("-",)))


def _one(name: str, content_type: str, content_encoding: str, settings: "Settings") -> int:
    """Convert one input; its exit status."""
    from raygate.errors import DecodeError
    from raygate_local.conversion import Body, convert_body

    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        conversion = convert_body(Body(data, content_type, content_encoding), settings)
    except DecodeError as error:
        return _unreadable(name, f"{error.field + ': ' if error.field else ''}{error}")
    except OSError as error:
        return _unreadable(name, error.strerror or str(error))
    for line in conversion.lines:
        click.echo(line.encode("utf-8", "replace"))
    for note in conversion.notes:
        click.echo(f"{name}: {note}", err=True)
    for rejection in conversion.rejected:
        click.echo(f"{name}: span {rejection.index} rejected: {rejection.reason}", err=True)
    return REJECTED if conversion.rejected else 0


def _unreadable(name: str, reason: str) -> int:
    click.echo(f"{name}: not readable: {reason}", err=True)
    return UNREADABLE
