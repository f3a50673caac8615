"""`raygate keys`: the keys that senders need. What is asked for is checked and done in `raygate_local.keys`."""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from raygate_local.cli import options

if TYPE_CHECKING:
    from raygate.keys.record import Record
    from raygate_local.key_stores import KeyStore
    from raygate_local.keys import Issued

Command = TypeVar("Command", bound=Callable[..., Any])

STDIN: Final = "-"
HEADINGS: Final = ("ID", "TENANT", "SCOPES", "STATE", "CREATED", "EXPIRES", "QUOTA", "ORIGINS")
EXPIRES_HELP: Final = "When it ends: a duration such as 90d or 12h, or a date, in UTC.  [default: never]"


def in_a_store(command: Command) -> Command:
    """Add the options that name a store."""
    for option in (
        click.option("--table", metavar="NAME", help="The keys in a DynamoDB table.  [default: RAYGATE_KEYS_TABLE]"),
        click.option("--file", metavar="FILE", help="The keys in a JSON file.  [default: RAYGATE_KEYS_FILE]"),
    ):
        command = option(command)
    return command


@contextmanager
def opened(file: str | None, table: str | None) -> Iterator["KeyStore"]:
    """The store; what goes wrong in there is told in one sentence."""
    from raygate_local.key_stores import StoreError, choose
    from raygate_local.keys import KeysError
    from raygate_local.moments import MomentError

    try:
        yield choose(file, table, os.environ)
    except (StoreError, KeysError, MomentError) as error:
        raise click.ClickException(str(error)) from error


@click.group(short_help="The keys that senders need.")
def keys() -> None:
    """Create, list, revoke and rotate the keys that senders need.

    Keys are kept as hashes, in a JSON file or in a DynamoDB table: the one that is named by an option, else by
    RAYGATE_KEYS_FILE or RAYGATE_KEYS_TABLE. AWS credentials and region are boto's. In JSON, times are seconds since
    1970.

    \b
    Examples:
      raygate keys create --file keys.json --tenant shop
      raygate keys list --table raygate-KeysTable-1ABC
      raygate keys rotate abcd2345 --grace 24h
      raygate keys revoke abcd2345
    """  # noqa: D301 - click keeps the lines as they are after a real backspace


@keys.command()
@in_a_store
@click.option("--tenant", required=True, metavar="T", help="Whose spans they are.")
@click.option("--token", metavar="TOKEN", help="Register this string in place of a new one; - reads standard input.")
@click.option(
    "--scope",
    default="traces:write",
    show_default=True,
    metavar="SCOPE",
    help="What it may do; none makes a key that is known and may not send.",
)
@click.option("--expires", metavar="WHEN", help=EXPIRES_HELP)
@click.option(
    "--origin",
    "origins",
    multiple=True,
    metavar="ORIGIN",
    help="A web page that may use it, and nobody else then; may be given more than once.",
)
@click.option("--quota", type=int, metavar="N", help="Spans a minute.  [default: as many as come]")
@options.as_json
def create(  # noqa: PLR0913, PLR0917 - an option each
    file: str | None,
    table: str | None,
    tenant: str,
    token: str | None,
    scope: str,
    expires: str | None,
    origins: tuple[str, ...],
    quota: int | None,
    as_json: bool,  # noqa: FBT001 - it is a flag of the command
) -> None:
    """Make a key and print it, alone on standard output: it is shown this one time.

    \b
    Examples:
      raygate keys create --file keys.json --tenant shop
      raygate keys create --table NAME --tenant shop --expires 90d --quota 60000
      raygate keys create --table NAME --tenant web --origin 'https://*.example.com'
      raygate keys create --file keys.json --tenant shop --token - < existing-key.txt
    """  # noqa: D301 - click keeps the lines as they are after a real backspace
    from raygate_local import keys as giving
    from raygate_local.moments import moment

    now = int(time.time())
    with opened(file, table) as store:
        ends = moment(expires, now) if expires else None
        terms = giving.Terms(tenant, giving.scopes_of(scope), ends, origins, quota)
        given = _stdin() if token == STDIN else token
        issued = giving.create(store, terms, now, given)
        if as_json:
            _echo_issued(issued, now)
        elif token is None:
            click.echo(issued.token)
            _tell(f"{_described(issued.record)} Only its hash is kept, in {store.name}: it cannot be shown again.")
        else:
            _tell(f"{_described(issued.record)} It is the token that you gave; only its hash is kept, in {store.name}.")
            if "," in issued.token:
                _tell("With its comma it can only be sent as the password of Basic, not in a header of its own.")


@keys.command("list")
@in_a_store
@options.as_json
def list_(file: str | None, table: str | None, as_json: bool) -> None:  # noqa: FBT001 - it is a flag of the command
    """Show all keys, without secrets and hashes.

    \b
    Examples:
      raygate keys list --file keys.json
      raygate keys list --table NAME --json
    """  # noqa: D301 - click keeps the lines as they are after a real backspace
    from raygate_local import keys as giving

    now = int(time.time())
    with opened(file, table) as store:
        records, problems = giving.readable(store)
        told = [giving.shown(record, now) for record in records]
        if as_json:
            click.echo(json.dumps(told, indent=2))
        elif told:
            click.echo("\n".join(_table([HEADINGS, *map(_row, told)])))
        elif not problems:
            _tell(f"There are no keys in {store.name}.")
        for problem in problems:
            _tell(problem)


@keys.command()
@in_a_store
@options.as_json
@click.argument("key_id", metavar="ID")
def revoke(
    file: str | None,
    table: str | None,
    key_id: str,
    as_json: bool,  # noqa: FBT001 - it is a flag of the command
) -> None:
    """Disable a key for good. ID is its id, the part after rg_, or the beginning of it.

    \b
    Example:
      raygate keys revoke abcd2345 --table NAME
    """  # noqa: D301 - click keeps the lines as they are after a real backspace
    from raygate.keys.cache import FOUND_S
    from raygate_local import keys as giving

    with opened(file, table) as store:
        record = giving.revoke(store, key_id)
        if as_json:
            told = {"id": record.id, "tenant": record.tenant, "was_revoked_already": record.disabled}
            click.echo(json.dumps(told | {"stops_within_seconds": FOUND_S}, indent=2))
            return
        was = " already" if record.disabled else ""
        click.echo(
            f"The key {record.id} of {record.tenant} is{was} revoked: it stops working within {FOUND_S:.0f} s, "
            "which is how long an endpoint remembers keys."
        )


@keys.command()
@in_a_store
@click.option("--grace", default="24h", show_default=True, metavar="DURATION", help="How long the old key still works.")
@click.option("--expires", metavar="WHEN", help=f"For the new key. {EXPIRES_HELP}")
@options.as_json
@click.argument("key_id", metavar="ID")
def rotate(  # noqa: PLR0913, PLR0917 - an option each
    file: str | None,
    table: str | None,
    key_id: str,
    grace: str,
    expires: str | None,
    as_json: bool,  # noqa: FBT001 - it is a flag of the command
) -> None:
    """Make a new key for the same tenant, with the same scopes, origins and quota, and print it.

    The old one still works for a while, so that senders can be changed one by one. ID is its id, or its beginning.

    \b
    Examples:
      raygate keys rotate abcd2345 --file keys.json
      raygate keys rotate abcd2345 --table NAME --grace 7d --expires 90d
    """  # noqa: D301 - click keeps the lines as they are after a real backspace
    from raygate_local import keys as giving
    from raygate_local.moments import date, moment, seconds

    now = int(time.time())
    with opened(file, table) as store:
        ends = moment(expires, now) if expires else None
        issued, old = giving.rotate(store, key_id, now, seconds(grace), ends)
        if as_json:
            _echo_issued(issued, now, old=giving.shown(old, now))
            return
        click.echo(issued.token)
        _tell(f"{_described(issued.record)} Only its hash is kept, in {store.name}: it cannot be shown again.")
        _tell(f"The old key {old.id} {'ended' if (old.expires or 0) <= now else 'ends'} {date(old.expires or 0)}.")


def _echo_issued(issued: "Issued", now: int, **more: Any) -> None:
    """A new key with its token, which is shown this one time."""
    from raygate_local import keys as giving

    click.echo(json.dumps({"token": issued.token, **giving.shown(issued.record, now), **more}, indent=2))


def _tell(text: str) -> None:
    """Say something beside the output."""
    click.echo(text, err=True)


def _stdin() -> str:
    return sys.stdin.read().rstrip("\r\n")


def _described(record: "Record") -> str:
    """`Key abcd2345 of shop: traces:write; does not expire`, as a sentence."""
    from raygate_local.moments import date

    parts = (
        ", ".join(record.scopes) or "may not send",
        f"ends {date(record.expires)}" if record.expires is not None else "does not expire",
        f"{record.quota} spans a minute" if record.quota else "",
        f"for pages of {', '.join(record.allowed_origins)}" if record.allowed_origins else "",
    )
    return f"Key {record.id} of {record.tenant}: {'; '.join(filter(None, parts))}."


def _row(told: dict[str, Any]) -> tuple[str, ...]:
    from raygate_local.moments import date

    return (
        told["id"],
        told["tenant"],
        ",".join(told["scopes"]) or "none",
        told["state"],
        date(told["created"]),
        date(told["expires"]) if "expires" in told else "never",
        str(told.get("quota", "-")),
        " ".join(told["allowed_origins"]) or "-",
    )


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Columns below their headings; whatever a terminal would obey is shown as `?`."""
    plain = [["".join(sign if sign.isprintable() else "?" for sign in cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*plain, strict=True)]
    for row in plain:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
