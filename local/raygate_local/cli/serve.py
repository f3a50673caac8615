"""`raygate serve`: the endpoint on this machine."""

import click

PORT = click.IntRange(0, 65535)


@click.command()
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
def serve(port: int, host: str, xray_port: int, xray: str | None) -> None:
    """Take traces over OTLP/HTTP, as on Lambda, and deliver them to X-Ray.

    Prints one line for each trace that arrives. Ctrl-C stops it.
    """
    from raygate_local import server  # a second of imports

    try:
        server.run(server.Options(port=port, host=host, xray_port=xray_port, xray=xray))
    except server.StartError as error:
        raise click.ClickException(str(error)) from error
