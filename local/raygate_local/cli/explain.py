"""`raygate explain`: span by span, what became what, and by which rule."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from raygate_local.cli import options
from raygate_local.cli.group import Unreadable
from raygate_local.cli.progress import progress

if TYPE_CHECKING:
    from raygate.decode.decoded import Decoded
    from raygate.settings import Settings
    from raygate.span import Span

NOT_ALL: Final = 1
BAR_FROM: Final = 100
"""So many spans have a progress bar."""


@click.command(short_help="What became what, by which rule.")
@click.argument("file", metavar="FILE")
@click.option("--span", "span_id", metavar="ID", help="Only that span, by its id or the beginning of it.")
@click.option(
    "--diff",
    type=click.Choice(["adot"]),
    help="Only what the exporter of the ADOT collector makes otherwise, and the row of docs/mapping.md that does it.",
)
@click.option(
    "--content-type", default="", metavar="T", help="application/x-protobuf or application/json; else guessed."
)
@click.option("--content-encoding", default="", metavar="E", help="gzip, deflate, zlib or zstd; else guessed.")
@options.as_json
def explain(  # noqa: PLR0913, PLR0917 - an option each
    file: str,
    span_id: str | None,
    diff: str | None,
    content_type: str,
    content_encoding: str,
    as_json: bool,  # noqa: FBT001 - it is a flag of the command
) -> None:
    """Say span by span what became what: each field with what it comes from and its rule, each attribute with its end.

    FILE is a request's body, OTLP as protobuf or JSON, or a captured request; - is standard input. The settings are
    those of the environment, such as RAYGATE_INDEXED_ATTRIBUTES. Nothing is sent.

    \b
    Examples:
      raygate explain request.json
      raygate explain request.json --span 8e2d4f6a
      raygate explain request.json --diff adot
      raygate explain request.json --json | jq '.[].attributes[] | select(.searchable | not)'

    \b
    Exit status:
      0  every span was explained
      1  a span was rejected, or there is no such span
      2  the file or a setting could not be read
    """  # noqa: D301 - click keeps the lines as they are after a real backspace
    from raygate.settings import Settings

    settings = Settings.from_environ(os.environ)
    decoded = _decoded(file, content_type, content_encoding, settings)
    spans = [span for span in decoded.spans if not span_id or span.span_id.startswith(span_id.lower())]
    if span_id and not spans:
        raise click.ClickException(f"{file} has no span {span_id}: `raygate explain {file}` names them all.")
    if diff:
        _show_differences(spans, settings, as_json=as_json)
    else:
        _show(spans, settings, as_json=as_json)
    for rejection in decoded.rejected:
        click.echo(f"{file}: span {rejection.index} rejected: {rejection.reason}", err=True)
    sys.exit(NOT_ALL if decoded.rejected else 0)


def _decoded(file: str, content_type: str, content_encoding: str, settings: "Settings") -> "Decoded":
    from raygate.decode import decode
    from raygate.errors import DecodeError
    from raygate_local.conversion import Body, for_a_file, request_of

    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        settings = for_a_file(settings)
        return decode(request_of(Body(data, content_type, content_encoding), settings), settings)
    except DecodeError as error:
        raise Unreadable(f"{file}: not readable: {error.field + ': ' if error.field else ''}{error}.") from error
    except OSError as error:
        raise Unreadable(f"{file}: {error.strerror or error}.") from error


def _show(spans: Sequence["Span"], settings: "Settings", *, as_json: bool) -> None:
    from raygate_local.explain import explain as explained
    from raygate_local.terminal import explanation

    if as_json:
        with progress(spans, "explaining", BAR_FROM) as taken:
            _echo_json([explained(span, settings).as_json() for span in taken])
        return
    for span in spans:
        for line in explanation.lines(explained(span, settings)):
            click.echo(line)
        click.echo()


def _show_differences(spans: Sequence["Span"], settings: "Settings", *, as_json: bool) -> None:
    from raygate_local.explain import differences
    from raygate_local.terminal import explanation

    with progress(spans, "comparing", BAR_FROM) as taken:
        found = [(span, list(differences(span, settings))) for span in taken]
    if as_json:
        of_spans = [{"trace_id": span.trace_id, "span_id": span.span_id, "name": span.name} for span in spans]
        _echo_json([
            told | {"differences": [one.as_json() for one in ones]}
            for told, (_, ones) in zip(of_spans, found, strict=True)
        ])  # fmt: skip
        return
    for span, ones in found:
        for line in explanation.difference_lines(span.span_id, span.name, ones):
            click.echo(line)
    different = sum(bool(ones) for _, ones in found)
    click.echo(f"{different} of {len(found)} spans differ between the mappings extended and adot.", err=True)


def _echo_json(value: Any) -> None:
    import orjson

    click.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2))
