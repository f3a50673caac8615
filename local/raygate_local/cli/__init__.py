"""The command `raygate`. Each command is a file here, and a thin call of something that is tested without it."""

from typing import Final

import click

from raygate import __version__
from raygate_local.cli.group import Commands, Raygate

COMMANDS: Final = Commands(
    {
        "serve": "serve:serve",
        "send": "send:send",
        "trace": "trace:trace",
        "traces": "traces:traces",
        "tail": "tail:tail",
        "convert": "convert:convert",
        "explain": "explain:explain",
        "doctor": "doctor:doctor",
        "replay": "replay:replay",
        "parked": "parked:parked",
        "receipt": "receipt:receipt",
        "keys": "keys:keys",
        "cost": "cost:cost",
        "completion": "completion:completion",
    }
)
"""Each with its file, and its function there."""


@click.group(
    cls=Raygate,
    commands=COMMANDS,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="raygate", message="%(prog)s %(version)s")
@click.pass_context
def main(context: click.Context) -> None:
    """OpenTelemetry traces in, AWS X-Ray segments out.

    \b
    Examples:
      raygate serve                     the endpoint, with a local X-Ray
      raygate send                      a test trace to it
      raygate tail                      traces, as they arrive
      raygate explain request.json      what became what, by which rule
      raygate doctor                    is everything set up?

    \b
    Exit status:
      0  done
      1  not done, or not all of it
      2  the command line, a setting or a file cannot be read
      130  stopped by Ctrl-C
    """  # noqa: D301 - click keeps the lines as they are after a real backspace
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
