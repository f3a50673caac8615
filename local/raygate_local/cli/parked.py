"""`raygate parked`: documents that X-Ray refused, why, and what can be done."""

import os
from typing import TYPE_CHECKING, Any

import click

from raygate_local.cli import options
from raygate_local.cli.replay import data

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raygate_local.replaying.parked import Parking

HEADINGS = ("ID", "TRACE", "TENANT", "RECEIVED", "CODE")

tenant = click.option("--tenant", metavar="T", help="Only this tenant's; '' for those without.  [default: everybody's]")


class OrList(click.Group):
    """Without a command's name it is `list`, with the options of it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the name there."""
        if not args or (args[0].startswith("-") and args[0] not in ctx.help_option_names):
            args = ["list", *args]
        return super().parse_args(ctx, args)


@click.group(cls=OrList, short_help="Documents that X-Ray refused, and why.")
def parked() -> None:
    """Show the documents that X-Ray refused for good, with its reasons; without a command, a list.

    \b
    Examples:
      raygate parked
      raygate parked --tenant shop --json
      raygate parked show a1b2c3d4e5f60718
      raygate parked explain a1b2c3d4e5f60718
    """  # noqa: D301 - click keeps the lines as they are after a real backspace


@parked.command("list")
@data
@tenant
@options.as_json
def list_(data: str | None, tenant: str | None, as_json: bool) -> None:  # noqa: FBT001 - it is a flag of the command
    """List them, the oldest of each tenant first.

    \b
    Example:
      raygate parked list --data .raygate
    """  # noqa: D301 - click keeps the lines as they are after a real backspace
    from raygate_local.replaying.parked import parked as all_of
    from raygate_local.replaying.places import opened

    with opened(data, os.environ) as places:
        ones = list(all_of(_bucket(places), tenant))
    if as_json:
        _echo_json([one.as_json() for one in ones])
    elif ones:
        click.echo("\n".join(_table([HEADINGS, *map(_row, ones)])))
    else:
        click.echo(f"No document is parked in {places.name}.", err=True)


@parked.command()
@click.argument("name", metavar="ID")
@data
@tenant
@options.as_json
def show(name: str, data: str | None, tenant: str | None, as_json: bool) -> None:  # noqa: FBT001 - it is a flag
    """Print a document as X-Ray got it. ID is its id, that of its trace or request, or the beginning of one.

    \b
    Example:
      raygate parked show a1b2c3d4e5f60718 | jq .name
    """  # noqa: D301 - click keeps the lines as they are after a real backspace
    import orjson

    ones = _named(name, data, tenant)
    if as_json:
        _echo_json([one.as_json() | {"document": one.parked.document, "message": one.parked.message} for one in ones])
        return
    for one in ones:
        try:
            click.echo(orjson.dumps(orjson.loads(one.parked.document), option=orjson.OPT_INDENT_2))
        except orjson.JSONDecodeError:
            click.echo(one.parked.document.encode("utf-8", "replace"))


@parked.command()
@click.argument("name", metavar="ID")
@data
@tenant
@options.as_json
def explain(name: str, data: str | None, tenant: str | None, as_json: bool) -> None:  # noqa: FBT001 - it is a flag
    """Say why X-Ray refused a document, and what can be done.

    \b
    Example:
      raygate parked explain a1b2c3d4e5f60718
    """  # noqa: D301 - click keeps the lines as they are after a real backspace
    from raygate_local.terminal.screen import plain

    ones = _named(name, data, tenant)
    if as_json:
        _echo_json([one.as_json() | {"message": one.parked.message} for one in ones])
        return
    for one in ones:
        told = one.as_json()
        click.echo(f"Document {plain(one.parked.id)} of trace {plain(one.parked.trace_id)}: {plain(one.parked.code)}")
        click.echo(f"  X-Ray says   {plain(one.parked.message) or 'nothing more'}")
        click.echo(f"  which means  {told['meaning']}")
        click.echo(f"  what to do   {told['advice']}")
        click.echo(f"  it lies at   {plain(one.key)}")


def _named(name: str, data: str | None, tenant: str | None) -> "Sequence[Parking]":
    from raygate_local.replaying.parked import found
    from raygate_local.replaying.places import opened

    with opened(data, os.environ) as places:
        ones = found(_bucket(places), name, tenant)
    if not ones:
        raise click.ClickException(f"No parked document in {places.name} is named {name!r}.")
    return ones


def _bucket(places: Any) -> Any:
    if places.bucket is None:
        raise click.ClickException("Documents are parked in a bucket, and none is set: RAYGATE_BUCKET, or --data.")
    return places.bucket


def _row(one: "Parking") -> tuple[str, ...]:
    from raygate_local.moments import date

    parked = one.parked
    received = date((parked.received_ms or parked.parked_ms) // 1_000)
    return parked.id, parked.trace_id, parked.tenant or "-", received, parked.code


def _table(rows: "Sequence[Sequence[str]]") -> list[str]:
    from raygate_local.terminal.screen import plain

    cells = [[plain(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]


def _echo_json(value: Any) -> None:
    import orjson

    click.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2))
