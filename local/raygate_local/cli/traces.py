"""`raygate traces`: the traces of the last hour, or of any span of time, as a list."""

import os
import sys
import time

import click

from raygate_local.cli import options


@click.command(short_help="List the latest traces.")
@options.xray
@options.filter_
@click.option(
    "--since", default="1h", show_default=True, metavar="DURATION", help="How far back, such as 30s, 15m, 6h, 2d."
)
@click.option(
    "--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, metavar="N", help="The newest N."
)
@options.as_json
def traces(
    xray: str | None,
    expression: str,
    since: str,
    limit: int,
    as_json: bool,  # noqa: FBT001 - it is a flag of the command
) -> None:
    """List traces, the newest last.

    \b
    Examples:
      raygate traces
      raygate traces --since 6h --filter 'fault = true'
      raygate traces --filter 'service("orders") AND duration > 0.5' --xray aws
      raygate traces --json | jq -r '.[].trace_id'

    \b
    Exit status:
      0  listed, or there were none
      1  X-Ray cannot be asked, or refuses the filter
    """  # noqa: D301 - click keeps the lines as they are after a real backspace
    from raygate_local.moments import MomentError, seconds
    from raygate_local.terminal import traces as drawn
    from raygate_local.terminal.screen import screen, signs
    from raygate_local.terminal.xray import connect

    try:
        back_s = seconds(since)
    except MomentError as error:
        raise click.BadParameter(str(error), param_hint="--since") from error
    now = time.time()
    found = connect(xray, os.environ).summaries(now - back_s, now, expression, kind="TraceId")
    told = sorted(found, key=lambda one: drawn.as_json(one)["start_time"])[-limit:]
    if as_json:
        import orjson

        click.echo(orjson.dumps([drawn.as_json(one) for one in told], option=orjson.OPT_INDENT_2))
        return
    console = screen()
    if told:
        console.print(drawn.heading())
    for one in told:
        console.print(drawn.row(one, console.width, signs(console)), soft_wrap=True)
    if len(told) < len(found):
        click.echo(f"{len(found) - len(told)} older ones are left out: see --limit.", err=True)
    if not told:
        matching = " that match" if expression else ""
        hint = "" if expression else "; `raygate send` sends one of now"
        click.echo(f"There are none{matching} in the last {since}: --since looks further back{hint}.", err=True)
    sys.stdout.flush()
