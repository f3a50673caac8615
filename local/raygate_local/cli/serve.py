"""`raygate serve`: the endpoint on this machine."""

from typing import Any

import click
from click.core import ParameterSource

from raygate.errors import SettingsError
from raygate_local.cli.group import Unreadable

PORT = click.IntRange(0, 65535)


class PortOrOff(click.ParamType[int | None]):
    """A port, or none."""

    name = "port"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | None:
        """`off` and nothing are none."""
        return None if value in {"", "off"} else PORT.convert(value, param, ctx)


@click.command(short_help="The endpoint, with a local X-Ray.")
@click.option(
    "--port", type=PORT, default=4318, show_default=True, help="Where to take OTLP/HTTP; 0 for any free port."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--xray-port", type=PORT, default=8080, show_default=True, help="Where the local X-Ray is; 0 for any free."
)
@click.option(
    "--xray",
    type=click.Choice(["local", "aws"]),
    help="Deliver to a local X-Ray that is started too, or to X-Ray itself.  [default: local, unless the environment "
    "sets AWS_ENDPOINT_URL_XRAY]",
)
@click.option(
    "--data",
    default=".raygate",
    show_default=True,
    metavar="FOLDER",
    help="Where to keep what X-Ray does not take now, and the traces of a local X-Ray; '' for nowhere.",
)
@click.option(
    "--processes",
    type=click.IntRange(0, 64),
    default=0,
    help="How many processes take OTLP/HTTP.  [default: one a core; one with a local X-Ray]",
)
@click.option(
    "--grpc-port",
    type=PortOrOff(),
    default="4317",
    show_default=True,
    help="Where to take OTLP over gRPC; 0 for any free port, off for none. The default is given up where it is in use.",
)
@click.option(
    "--status-port", type=PortOrOff(), default="off", show_default=True, help="A page with counts and errors."
)
@click.option(
    "--daemon-port",
    type=PortOrOff(),
    default="off",
    show_default=True,
    help="The X-Ray daemon's place, for programs with X-Ray's SDKs: UDP and TCP. Theirs is 2000.",
)
@click.option(
    "--daemon-to",
    default="",
    metavar="URL",
    help="Another Raygate endpoint for the daemon's documents.  [default: X-Ray, as for spans]",
)
@click.option(
    "--daemon-key",
    default="",
    metavar="KEY",
    help="The key for that endpoint; sent as x-api-key.  [default: OTEL_EXPORTER_OTLP_HEADERS]",
)
@click.pass_context
def serve(context: click.Context, /, **asked: Any) -> None:
    """Take traces over OTLP/HTTP, as on Lambda, and deliver them to X-Ray.

    What X-Ray does not take now is kept in the data folder, or in the queue and the bucket that RAYGATE_QUEUE_URL and
    RAYGATE_BUCKET name, and delivered later. Prints one line for each trace that arrives. Ctrl-C stops it.

    \b
    Examples:
      raygate serve
      raygate serve --port 0 --xray-port 0 --data ''
      RAYGATE_AUTH=keys RAYGATE_KEYS_FILE=keys.json raygate serve
      AWS_PROFILE=dev raygate serve --xray aws
      raygate serve --daemon-port 2000 --status-port 55679
    """  # noqa: D301 - click keeps the lines as they are after a real backspace
    from raygate_local import doors, server  # a second of imports

    is_grpc_asked = context.get_parameter_source("grpc_port") is not ParameterSource.DEFAULT
    own = {name: asked.pop(name) for name in ("grpc_port", "status_port", "daemon_port", "daemon_to", "daemon_key")}
    others = doors.Asked(is_grpc_asked=is_grpc_asked, **own)
    try:
        server.run(server.Options(**asked, doors=others))
    except server.StartError as error:
        kind = Unreadable if isinstance(error.__cause__, SettingsError) else click.ClickException
        raise kind(str(error)) from error
