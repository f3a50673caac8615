"""The command `raygate`. Each command is a file here, and a thin call of something that is tested without it."""

import click

from raygate import __version__
from raygate_local.cli.convert import convert
from raygate_local.cli.keys import keys
from raygate_local.cli.serve import serve


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="raygate", message="%(prog)s %(version)s")
@click.pass_context
def main(context: click.Context) -> None:
    """OpenTelemetry traces in, AWS X-Ray segments out."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


main.add_command(serve)
main.add_command(convert)
main.add_command(keys)
