"""`raygate send`: a test trace, files, recorded requests, a steady load."""

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from raygate_local.cli import options
from raygate_local.cli.group import Unreadable
from raygate_local.cli.progress import progress

if TYPE_CHECKING:
    from raygate_local.sending.load import Counts
    from raygate_local.sending.post import Answer, Parcel, Sender

NOT_TAKEN: Final = 1
MOST_TRACES: Final = 5
"""Trace ids that are told of one file."""
BAR_FROM: Final = 3
"""So many files have a progress bar."""


@click.command(short_help="Send a test trace, a file, a load.")
@click.argument("files", metavar="[FILE]...", nargs=-1)
@options.to_endpoint
@click.option(
    "--rate", type=click.IntRange(1, 100_000), metavar="N", help="A load of N spans a second, of test traces."
)
@click.option(
    "--seconds",
    type=click.FloatRange(0.1, 86_400),
    default=10,
    show_default=True,
    metavar="S",
    help="How long, with --rate.",
)
@click.option(
    "--content-type", default="", metavar="T", help="Of FILE: application/x-protobuf or application/json; else guessed."
)
@click.option("--content-encoding", default="", metavar="E", help="Of FILE: gzip, deflate, zlib or zstd; else guessed.")
@options.as_json
def send(  # noqa: PLR0913, PLR0917 - an option each
    files: tuple[str, ...],
    endpoint: str | None,
    key: str | None,
    rate: int | None,
    seconds: float,
    content_type: str,
    content_encoding: str,
    as_json: bool,  # noqa: FBT001 - it is a flag of the command
) -> None:
    """Send a test trace, or FILEs, or a load; say what the endpoint answered and where to look.

    FILE is a request's body, OTLP as protobuf or JSON, compressed or not, or a captured request, sent as it was
    recorded but for its credentials; - is standard input. Of OpenTelemetry's settings those of the endpoint and of
    headers are honoured.

    \b
    Examples:
      raygate send
      raygate send request.json
      raygate send --endpoint https://traces.example.com --key rg_abcd2345_...
      raygate send captured/*.http.json
      raygate send --rate 500 --seconds 30

    \b
    Exit status:
      0  all spans were taken
      1  some were not, or nothing answered
      2  a file could not be read, or holds no traces; the others were sent
    """  # noqa: D301 - click keeps the lines as they are after a real backspace
    from raygate_local.sending.endpoint import endpoint_of
    from raygate_local.sending.load import SIDE_BY_SIDE
    from raygate_local.sending.post import Sender

    if rate and files:
        raise click.UsageError("--rate sends test traces: leave the files out.")
    sender = Sender(endpoint_of(endpoint, key, os.environ), SIDE_BY_SIDE if rate else 1)
    try:
        if rate:
            _load(sender, rate, seconds, as_json=as_json)
        elif files:
            _files(sender, files, (content_type, content_encoding), as_json=as_json)
        else:
            _sample(sender, as_json=as_json)
    finally:
        sender.close()


def _sample(sender: "Sender", *, as_json: bool) -> None:
    from raygate_local.sending.post import Parcel
    from raygate_local.sending.sample import sample

    made = sample(os.urandom, time.time_ns())
    answer = sender.post(Parcel(made.body))
    told = _told(sender, "test trace", answer, [made.trace_id], made.spans)
    _finish([told], 0, as_json=as_json)


def _files(sender: "Sender", files: Sequence[str], kind: tuple[str, str], *, as_json: bool) -> None:
    read, status = [], 0
    for name in files:
        try:
            read.append(_read(name, kind))
        except Unreadable as error:  # it is named, and keeps none of the others back
            error.show()
            status = error.exit_code
    if not read:
        sys.exit(status)
    told = []
    with progress(read, "sending", BAR_FROM) as parcels:
        for name, parcel, trace_ids, spans in parcels:
            told.append(_told(sender, name, sender.post(parcel), trace_ids, spans))
    _finish(told, status, as_json=as_json)


def _read(name: str, kind: tuple[str, str]) -> tuple[str, "Parcel", list[str], int]:
    from raygate.errors import DecodeError
    from raygate_local.conversion import Body
    from raygate_local.sending.files import contents_of, parcel_of

    try:
        body = Body(sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes(), *kind)
        return (name, parcel_of(body), *contents_of(body))
    except DecodeError as error:
        raise Unreadable(f"{name}: not readable: {error}.") from error
    except OSError as error:
        raise Unreadable(f"{name}: {error.strerror or error}.") from error


def _told(sender: "Sender", name: str, answer: "Answer", trace_ids: list[str], spans: int) -> dict[str, Any]:
    ids = [f"1-{one[:8]}-{one[8:]}" for one in trace_ids[:MOST_TRACES]]
    return {
        "what": name,
        "endpoint": sender.endpoint.url,
        **answer.as_json(),
        "taken": answer.is_taken,
        "advice": answer.advice or ("There is no span in it." if answer.is_taken and not spans else ""),
        "phrase": answer.phrase,
        "spans": spans,
        "trace_ids": ids,
        "look": [f"raygate trace {one}" for one in ids] if answer.is_taken else [],
    }


def _finish(told: list[dict[str, Any]], status: int, *, as_json: bool) -> None:
    """Print all of it; end with the status that it calls for, and no lower one than this."""
    if as_json:
        import orjson

        click.echo(orjson.dumps(told, option=orjson.OPT_INDENT_2))
    else:
        for one in told:
            _show(one)
    sys.exit(max(status, 0 if all(one["taken"] and not one["rejected_spans"] for one in told) else NOT_TAKEN))


def _show(told: dict[str, Any]) -> None:
    from raygate_local.terminal.screen import plain

    spans = f"{told['spans']} spans" if told["spans"] != 1 else "1 span"
    click.echo(f"{told['what']}: {told['phrase']}, {spans} to {told['endpoint']}")
    if told["rejected_spans"]:
        click.echo(f"  rejected: {told['rejected_spans']}")
    if told["message"]:
        click.echo(f"  it says: {plain(told['message'])}")
    if told["advice"]:
        click.echo(f"  {told['advice']}")
    for command in told["look"]:
        click.echo(f"  look: {command}")


def _load(sender: "Sender", rate: int, seconds: float, *, as_json: bool) -> None:
    from raygate_local.sending.load import Load

    with _live() as told:
        counts = Load(sender, os.urandom, told).run(rate, seconds)
    if as_json:
        import orjson

        click.echo(
            orjson.dumps(
                {"endpoint": sender.endpoint.url, "rate": rate, **counts.as_json()}, option=orjson.OPT_INDENT_2
            )
        )
    else:
        click.echo(_line(counts))
        if counts.last_error:
            click.echo(f"  the last that went wrong: {counts.last_error}")
    sys.exit(0 if counts.taken == counts.spans else NOT_TAKEN)


@contextmanager
def _live() -> Iterator[Any]:
    """A line that is written over and over, on a terminal; nothing elsewhere."""
    from rich.live import Live
    from rich.text import Text

    from raygate_local.terminal.screen import screen

    console = screen(sys.stderr)
    if not console.is_terminal:
        yield lambda _counts: None
        return
    with Live(Text(""), console=console, transient=True, auto_refresh=False) as live:
        yield lambda counts: live.update(Text(_line(counts)), refresh=True)


def _line(counts: "Counts") -> str:
    statuses = ", ".join(f"{status}: {count}" for status, count in sorted(counts.statuses.items()))
    return (
        f"{counts.spans} spans in {counts.seconds:.1f} s, {counts.taken} taken ({counts.rate:.0f} a second), "
        f"{counts.rejected} rejected, {counts.failed} failed; {counts.requests} requests ({statuses or 'none yet'}), "
        f"slowest {counts.slowest_s * 1000:.0f} ms"
    )
