"""`raygate tail`: new traces, each with its waterfall, as they arrive."""

import os
from typing import TYPE_CHECKING, Any

import click

from raygate_local.cli import options

if TYPE_CHECKING:
    from rich.console import Console

    from raygate_local.terminal.tail import Arrival


@click.command(short_help="Show traces as they arrive.")
@options.xray
@options.filter_
@click.option(
    "--rows", type=click.IntRange(0, 1000), default=12, show_default=True, metavar="N", help="Of each waterfall."
)
@click.option(
    "--every",
    type=click.FloatRange(0.2, 300),
    default=2,
    show_default=True,
    metavar="S",
    help="Seconds between two looks.",
)
@click.option("--count", type=click.IntRange(1), metavar="N", help="End after so many traces.")
@options.as_json
def tail(  # noqa: PLR0913, PLR0917 - an option each
    xray: str | None,
    expression: str,
    rows: int,
    every: float,
    count: int | None,
    as_json: bool,  # noqa: FBT001 - it is a flag of the command
) -> None:
    """Show traces as they arrive, each with a small waterfall; Ctrl-C ends it.

    A trace is shown when nothing has been added to it between two looks, so that late spans are with it.

    \b
    Examples:
      raygate tail
      raygate tail --filter 'error = true OR fault = true'
      raygate tail --rows 0
      raygate tail --count 1 --json

    \b
    Exit status:
      0  as many traces as --count says were shown
      1  X-Ray cannot be asked, or refuses the filter
      130  ended by Ctrl-C
    """  # noqa: D301 - click keeps the lines as they are after a real backspace
    from raygate_local.terminal.screen import screen
    from raygate_local.terminal.tail import arrivals
    from raygate_local.terminal.xray import connect

    asked = connect(xray, os.environ)
    asked.summaries(0, 1, expression)  # a filter that is wrong is told before anything is waited for
    console = screen()
    click.echo(f"Waiting for traces of {asked.url or f'X-Ray in {asked.region}'}; Ctrl-C ends it.", err=True)
    for number, arrival in enumerate(arrivals(asked, expression, every), start=1):
        if as_json:
            _echo_line(arrival)
        else:
            _show(console, arrival, rows)
        if number == count:
            return


def _echo_line(arrival: "Arrival") -> None:
    import orjson

    told: dict[str, Any] = {"trace_id": arrival.trace_id, "documents": arrival.documents}
    click.echo(orjson.dumps(told))


def _show(console: "Console", arrival: "Arrival", rows: int) -> None:
    from raygate_local.terminal import waterfall as drawn
    from raygate_local.terminal.screen import duration, signs
    from raygate_local.waterfall import waterfall

    tree = waterfall(arrival.documents)
    console.print(f"trace {arrival.trace_id}  {duration(tree.duration_s)}  {len(arrival.documents)} documents")
    lines = list(drawn.lines(tree, console.width, signs(console)))
    for line in lines[:rows]:
        console.print(line, soft_wrap=True)
    if rows and len(lines) > rows:
        console.print(f"  and {len(lines) - rows} rows more: raygate trace {arrival.trace_id}")
    for failure in drawn.failures(tree):
        console.print(failure, soft_wrap=True)
