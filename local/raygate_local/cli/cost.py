"""`raygate cost`: what a month of a load would cost on AWS."""

from pathlib import Path

import click

from raygate_local.cli import options

POSITIVE = click.FloatRange(min=0, min_open=True)


@click.command(short_help="What would a month cost?")
@click.option("--spans-per-second", type=POSITIVE, metavar="N", help="The load, in spans.")
@click.option("--requests-per-second", type=POSITIVE, metavar="N", help="The load, in requests.")
@click.option("--spans-per-request", type=POSITIVE, default=50, show_default=True, metavar="N")
@click.option("--spans-per-trace", type=POSITIVE, default=20, show_default=True, metavar="N")
@click.option(
    "--body-bytes", type=POSITIVE, metavar="N", help="A request's body as it is sent.  [default: 150 for each span]"
)
@click.option(
    "--hours", type=POSITIVE, default=730, show_default=True, metavar="N", help="Of a month in which there is load."
)
@click.option(
    "--memory", type=click.IntRange(256, 10240), default=1024, show_default=True, metavar="MB", help="Of the functions."
)
@click.option("--architecture", type=click.Choice(["arm64", "x86_64"]), default="arm64", show_default=True)
@click.option("--delivery", type=click.Choice(["direct", "buffered"]), default="direct", show_default=True)
@click.option("--archive/--no-archive", default=False, show_default=True, help="Whether accepted requests are kept.")
@click.option("--archive-days", type=POSITIVE, default=30, show_default=True, metavar="N")
@click.option("--log-days", type=POSITIVE, default=30, show_default=True, metavar="N", help="How long logs are kept.")
@click.option("--tenants", type=POSITIVE, default=1, show_default=True, metavar="N")
@click.option("--auth", type=click.Choice(["keys", "iam", "jwt"]), default="keys", show_default=True)
@click.option("--region", default="us-east-1", show_default=True, metavar="NAME")
@click.option(
    "--prices",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Other prices, in the form of the package's own.",
)
@options.as_json
def cost(  # noqa: PLR0913 - the columns of a load
    *,
    spans_per_second: float | None,
    requests_per_second: float | None,
    body_bytes: float | None,
    architecture: str,
    delivery: str,
    auth: str,
    region: str,
    prices: Path | None,
    as_json: bool,
    **others: float,
) -> None:
    """Estimate what a month of a load costs on AWS, by service; docs/cost.md has the formulas.

    How long the functions run is worked out from what was measured on one machine (docs/performance.md), not on Lambda.
    Allowances that are free are not taken off, nor are discounts; data that leaves AWS is next to none.

    \b
    Examples:
      raygate cost --spans-per-second 100
      raygate cost --requests-per-second 20 --spans-per-request 500 --delivery buffered --archive
      raygate cost --spans-per-second 1000 --json | jq .dollars

    \b
    Exit status:
      0  estimated
      2  there is no such load, or no price for it
    """  # noqa: D301 - click keeps the lines as they are after a real backspace
    from raygate_local.costing import estimate, prices_of
    from raygate_local.costing.load import load_of
    from raygate_local.costing.prices import OURS

    load = load_of(
        spans_per_second,
        requests_per_second,
        body_bytes,
        buffered=delivery == "buffered",
        with_keys=auth == "keys",
        **others,
    )
    found = estimate(load, prices_of(region, architecture, prices or OURS))
    if as_json:
        import orjson

        click.echo(orjson.dumps(found.as_json(), option=orjson.OPT_INDENT_2))
        return
    for one in found.costs:
        click.echo(f"{one.item.service:<12} {one.item.what:<30} {one.quantity:>18,.0f} {one.dollars:>12,.2f}")
    click.echo(f"{'all':<12} {'dollars a month':<30} {'':>18} {found.dollars:>12,.2f}")
    click.echo(f"{'':<12} {'dollars a million spans':<30} {'':>18} {found.dollars_a_million_spans:>12,.2f}")
    click.echo(f"Prices of {found.prices.date}, {found.prices.region}; an estimate: docs/cost.md says how.")
