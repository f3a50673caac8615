"""The command as a group: its commands are imported when they are needed, its accidents are told in one sentence.

Rules   Exit status 0: done; 1: not done, or not all of it; 2: the command line, a setting or a file cannot be read;
        130: stopped by Ctrl-C. What we raise on purpose, and what the machine refuses, is one line and no stack trace.
"""

import errno
import io
import sys
from collections import UserDict
from importlib import import_module
from typing import Any, Final

import click

from raygate.errors import RaygateError, SettingsError
from raygate_local.unreadable import UnreadableError

STOPPED: Final = 130
UNREADABLE: Final = 2


class Unreadable(click.ClickException):
    """A setting or an input cannot be read."""

    exit_code = UNREADABLE


class Commands(UserDict[str, Any]):
    """Commands by name: `module` below `raygate_local.cli`, and the function in it, until one is asked for."""

    def __getitem__(self, name: str) -> click.Command:
        """Import it."""
        module, _, function = self.data[name].partition(":")
        command: click.Command = getattr(import_module(f"raygate_local.cli.{module}"), function)
        return command


class Raygate(click.Group):
    """In the order of the table, not of the alphabet."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click asks so
        """Their names."""
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command, and put what went wrong in a sentence."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")  # a name that the terminal cannot show is no accident
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("Stopped.", err=True)
            ctx.exit(STOPPED)
        except (SettingsError, UnreadableError) as error:
            raise Unreadable(_sentence(str(error))) from error
        except RaygateError as error:
            raise click.ClickException(_sentence(str(error))) from error
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise
            where = f"{error.filename}: " if error.filename else ""
            raise click.ClickException(_sentence(f"{where}{error.strerror or error}")) from error


def _sentence(text: str) -> str:
    return f"{text.rstrip('.')}."
