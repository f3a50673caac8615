"""Options that several commands share, by the same names and with the same words."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

as_json: Final = click.option("--json", "as_json", is_flag=True, help="For programs: JSON on standard output.")

xray: Final = click.option(
    "--xray",
    metavar="WHERE",
    help="local, aws, or the address of an X-Ray.  [default: AWS_ENDPOINT_URL_XRAY, else local: 127.0.0.1:8080]",
)

filter_: Final = click.option(
    "--filter",
    "expression",
    default="",
    metavar="EXPRESSION",
    help="Only traces that this X-Ray filter expression matches.",
)


def to_endpoint(command: Command) -> Command:
    """Add the options that name an endpoint, and who sends."""
    for option in (
        click.option(
            "--key", metavar="KEY", help="Who sends; sent as x-api-key.  [default: OTEL_EXPORTER_OTLP_HEADERS]"
        ),
        click.option(
            "--endpoint",
            metavar="URL",
            help="Where to send.  [default: OTEL_EXPORTER_OTLP_ENDPOINT, else http://127.0.0.1:4318]",
        ),
    ):
        command = option(command)
    return command
