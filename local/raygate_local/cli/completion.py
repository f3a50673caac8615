"""`raygate completion`: what a shell needs to complete commands and options."""

from typing import Final

import click

VARIABLE: Final = "_RAYGATE_COMPLETE"
"""click's own name for it; it does not begin with RAYGATE_, so it is no setting."""


@click.command(short_help="Let a shell complete commands.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the script that makes SHELL complete raygate's commands and options.

    \b
    Examples:
      source <(raygate completion bash)
      raygate completion zsh > ~/.zfunc/_raygate
      raygate completion fish > ~/.config/fish/completions/raygate.fish
    """  # noqa: D301 - click keeps the lines as they are after a real backspace
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    if kind is None:
        raise click.ClickException(f"{shell} is not known.")
    click.echo(kind(context.find_root().command, {}, "raygate", VARIABLE).source())
