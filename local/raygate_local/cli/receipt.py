"""`raygate receipt`: what became of a trace."""

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from raygate_local.cli import options
from raygate_local.cli.replay import data

if TYPE_CHECKING:
    from raygate.replay.asked import Span

MEANING = {
    "delivered": "It is in X-Ray.",
    "parked": "X-Ray refused some of it for good; that is kept.",
    "dead letter": "Some of it was given up and lies with the dead letters: `raygate replay --dead-letters`.",
    "queued": "Some of it waits to be delivered.",
    "archived": "It was accepted, and X-Ray shows nothing of it: it may have been delivered and be too old by now.",
    "unknown": "Nothing is known of it where one could look: it was not sent, was refused, or is too old.",
}


@click.command(short_help="What became of a trace.")
@click.argument("trace_id", metavar="TRACE_ID")
@data
@click.option(
    "--xray",
    metavar="WHERE",
    help="local, aws, or the address of an X-Ray.  [default: AWS_ENDPOINT_URL_XRAY; else the local one with a data "
    "folder, and AWS's without]",
)
@click.option("--from", "begin", metavar="TIME", help="Search the archive from then on.  [default: by the trace's id]")
@click.option("--to", "end", metavar="TIME", help="And up to then.  [default: now, with --from]")
@click.option("--log-group", metavar="NAME", help="The function's log group in CloudWatch.")
@options.as_json
def receipt(  # noqa: PLR0913, PLR0917 - an option each
    trace_id: str,
    data: str | None,
    xray: str | None,
    begin: str | None,
    end: str | None,
    log_group: str | None,
    as_json: bool,  # noqa: FBT001 - it is a flag of the command
) -> None:
    """Tell what became of a trace, as far as X-Ray, the bucket, the queue and the logs know.

    Says, too, which of them could not be asked. The id is that of X-Ray or the 32 digits of OpenTelemetry.

    \b
    Examples:
      raygate receipt 1-6921c8f0-4b7a3e5d9c1f2a8b6d4e0f37
      raygate receipt 6921c8f04b7a3e5d9c1f2a8b6d4e0f37 --data .raygate --json
      RAYGATE_BUCKET=raygate raygate receipt 1-6921c8f0-4b7a3e5d9c1f2a8b6d4e0f37 --log-group /aws/lambda/ingest

    \b
    Exit status:
      0  it is delivered, or waits to be
      1  something of it is parked or given up, or nothing is known
      2  what is given is no trace id
    """  # noqa: D301 - click keeps the lines as they are after a real backspace
    from raygate_local.replaying import places
    from raygate_local.replaying import receipt as asking
    from raygate_local.terminal.xray import ENDPOINT, connect, trace_id_of

    name = trace_id_of(trace_id)
    with places.opened(data, os.environ) as found:
        is_far = found.file is None and not os.environ.get(ENDPOINT)
        asked = connect("aws" if xray is None and is_far else xray, os.environ)
        logs = _logs(asked.region, log_group) if log_group else None
        told = asking.receipt(name, found, asked, _span(begin, end), logs)
    if as_json:
        import orjson

        click.echo(orjson.dumps(told.as_json(), option=orjson.OPT_INDENT_2))
    else:
        _show(told)
    sys.exit(0 if told.state in {"delivered", "queued"} else 1)


def _show(told: Any) -> None:
    from raygate_local.terminal.screen import plain

    click.echo(f"Trace {told.trace_id}: {told.state}. {MEANING[told.state]}")
    width = max(len(look.place) for look in told.looks)
    for look in told.looks:
        mark = " " if look.could else "?"
        click.echo(f" {mark} {look.place.ljust(width)}  {plain(look.said)}")
        for line in look.lines:
            numbers = {name: value for name, value in line.items() if isinstance(value, int)}
            click.echo(f"   {' ' * width}  {plain(line.get('message'))} {plain(numbers)}")


def _span(begin: str | None, end: str | None) -> "Span | None":
    from datetime import UTC, datetime

    from raygate.replay.asked import Span
    from raygate_local.replaying.asking import moment

    if begin is None:
        return None
    now = datetime.now(UTC)
    return Span.model_validate({"from": moment(begin, now), "to": moment(end, now) if end else now})


def _logs(region: str, group: str) -> Any:
    from functools import partial

    from botocore.session import Session

    from raygate_local.replaying.logs import lines_of

    return partial(lines_of, Session().create_client("logs", region_name=region), group)
