"""`raygate convert`: what becomes of a request, without sending it."""

import json
import os
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from raygate_local.cli import options

if TYPE_CHECKING:
    from raygate.settings import Settings
    from raygate_local.conversion import Conversion

REJECTED: Final = 1
UNREADABLE: Final = 2


@click.command(short_help="OTLP in, X-Ray documents out.")
@click.argument("files", metavar="[FILE]...", nargs=-1)
@click.option(
    "--content-type", default="", metavar="T", help="application/x-protobuf or application/json; else guessed."
)
@click.option("--content-encoding", default="", metavar="E", help="gzip, deflate, zlib or zstd; else guessed.")
@options.as_json
def convert(
    files: tuple[str, ...],
    content_type: str,
    content_encoding: str,
    as_json: bool,  # noqa: FBT001 - it is a flag of the command
) -> None:
    """Print the X-Ray segment documents of OTLP requests, one a line.

    FILE is a request's body, OTLP as protobuf or JSON, or a captured request with its headers; - or nothing is standard
    input. The settings are those of the environment, such as RAYGATE_MAPPING. With --json the output is one list, with
    what was changed and what was rejected of each file.

    \b
    Examples:
      raygate convert request.json
      raygate convert captured/*.http.json | jq .name
      raygate convert --content-encoding gzip - < body.bin
      RAYGATE_MAPPING=adot raygate convert request.json

    \b
    Exit status:
      0  every span was converted
      1  a span was rejected
      2  an input could not be read; the others are converted all the same
    """  # noqa: D301 - click keeps the lines as they are after a real backspace
    from raygate.http_api.content import encoding_of
    from raygate.settings import Settings

    if content_type and not encoding_of(content_type):
        raise click.BadParameter("it is application/x-protobuf or application/json.", param_hint="--content-type")
    settings = Settings.from_environ(os.environ)
    found = (_one(name, content_type, content_encoding, settings) for name in files or ("-",))
    sys.exit(_echo_json(found) if as_json else max(_show(one) for one in found))


@dataclass(slots=True)
class Found:
    """What became of one input."""

    name: str
    conversion: "Conversion | None"
    error: str = ""

    @property
    def status(self) -> int:
        """The exit status that it calls for."""
        if self.conversion is None:
            return UNREADABLE
        return REJECTED if self.conversion.rejected else 0


def _one(name: str, content_type: str, content_encoding: str, settings: "Settings") -> Found:
    from raygate.errors import DecodeError
    from raygate_local.conversion import Body, convert_body

    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return Found(name, convert_body(Body(data, content_type, content_encoding), settings))
    except DecodeError as error:
        return Found(name, None, f"{error.field + ': ' if error.field else ''}{error}")
    except OSError as error:
        return Found(name, None, error.strerror or str(error))


def _show(found: Found) -> int:
    """Print it; the exit status that it calls for."""
    name, conversion = found.name, found.conversion
    if conversion is None:
        click.echo(f"{name}: not readable: {found.error}", err=True)
        return found.status
    for line in conversion.lines:
        click.echo(line.encode("utf-8", "replace"))
    for note in conversion.notes:
        click.echo(f"{name}: {note}", err=True)
    for rejection in conversion.rejected:
        click.echo(f"{name}: span {rejection.index} rejected: {rejection.reason}", err=True)
    return found.status


def _echo_json(found: Iterable[Found]) -> int:
    """Print all of them; the exit status that they call for."""
    ones = list(found)
    told = [
        {
            "file": one.name,
            "error": one.error,
            "documents": [json.loads(line) for line in one.conversion.lines] if one.conversion else [],
            "notes": one.conversion.notes if one.conversion else [],
            "rejected": [asdict(rejection) for rejection in one.conversion.rejected] if one.conversion else [],
        }
        for one in ones
    ]
    click.echo(json.dumps(told, indent=2))
    return max(one.status for one in ones)
