"""`raygate serve`: the endpoint on this machine."""

import click

PORT = click.IntRange(0, 65535)


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
def serve(port: int, host: str, xray_port: int, xray: str | None, data: str) -> None:
    """Take traces over OTLP/HTTP, as on Lambda, and deliver them to X-Ray.

    What X-Ray does not take now is kept in the data folder, or in the queue and the bucket that RAYGATE_QUEUE_URL and
    RAYGATE_BUCKET name, and delivered later. Prints one line for each trace that arrives. Ctrl-C stops it.

    \b
    Examples:
      raygate serve
      raygate serve --port 0 --xray-port 0 --data ''
      RAYGATE_AUTH=keys RAYGATE_KEYS_FILE=keys.json raygate serve
      AWS_PROFILE=dev raygate serve --xray aws
    """  # noqa: D301 - click keeps the lines as they are after a real backspace
    from raygate_local import server  # a second of imports

    try:
        server.run(server.Options(port=port, host=host, xray_port=xray_port, xray=xray, data=data))
    except server.StartError as error:
        raise click.ClickException(str(error)) from error
