"""`raygate replay`: what is kept is sent to X-Ray again. The work is done in `raygate.replay`, here or in AWS."""

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from raygate_local.cli import options

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from raygate.replay.asked import Asked
    from raygate.replay.run import Progress

data = click.option(
    "--data",
    metavar="FOLDER",
    help="The data folder of raygate serve.  [default: .raygate, unless RAYGATE_BUCKET or RAYGATE_QUEUE_URL is set]",
)

MORE_RATE = "Segments a second at most."


@click.command(short_help="Send again what is kept.")
@click.option(
    "--from", "begin", metavar="TIME", help="Requests of the archive received from then on: 2h, 2026-11-22T12:00."
)
@click.option("--to", "end", metavar="TIME", help="And before then.  [default: now]")
@click.option("--tenant", metavar="T", help="Only this tenant's; '' for those without.  [default: everybody's]")
@click.option("--dead-letters", is_flag=True, help="Messages that were given up.")
@click.option("--parked", is_flag=True, help="Documents that X-Ray refused; with --from, --to, --tenant, --code.")
@click.option("--code", metavar="CODE", help="Of the parked ones, those that X-Ray refused so.")
@click.option("--object", "key", metavar="KEY", help="One object of the bucket.")
@click.option("--bucket", metavar="NAME", help="With --object: another bucket.")
@click.option("--resume", metavar="ID", help="A replay that was interrupted.")
@click.option("--dry-run", is_flag=True, help="Count, and send nothing.")
@click.option("--rate", type=click.IntRange(1, 100_000), metavar="N", help=f"{MORE_RATE}  [default: 500]")
@data
@click.option(
    "--xray",
    metavar="WHERE",
    help="local, aws, or the address of an X-Ray.  [default: AWS_ENDPOINT_URL_XRAY; else the local one with a data "
    "folder, and AWS's without]",
)
@click.option("--function", metavar="NAME", help="The deployed function does it: the stack's output ReplayFunction.")
@options.as_json
def replay(
    data: str | None,
    xray: str | None,
    function: str | None,
    as_json: bool,  # noqa: FBT001 - it is a flag
    **given: Any,
) -> None:
    """Send again what is kept: the archive, dead letters, parked documents, one object.

    It asks X-Ray for no more than --rate, and for less while X-Ray throttles. Ctrl-C stops it after what is on its way;
    --resume goes on, and sends nothing twice. With --function it is done in AWS, and the answer is waited for.

    \b
    Examples:
      raygate replay --from 2h --dry-run
      raygate replay --from 2026-11-22T12:00 --to 2026-11-22T14:00 --tenant shop
      raygate replay --dead-letters
      raygate replay --parked --code InvalidSegment
      raygate replay --object archive/shop/2026/11/22/12/a.jsonl.gz
      raygate replay --resume archive-20261122T140000-1f2e
      raygate replay --function raygate-ReplayFunction-1ABC --dead-letters

    \b
    Exit status:
      0  everything was sent
      1  something is left, or could not be read
      2  the command line or a setting cannot be read
      130  stopped by Ctrl-C; go on with --resume (a function does not stop)
    """  # noqa: D301 - click keeps the lines as they are after a real backspace
    from raygate.replay.replaying import carry_out
    from raygate_local.replaying import asking, places

    asked, name = asking.asked({name: value for name, value in given.items() if value not in {None, False}})
    if function:
        if data is not None or xray is not None:
            raise click.UsageError("--data and --xray do not go with --function, which has its own.")
        _end(_there(function, asked, name), as_json=as_json, command=f"raygate replay --function {function}")
        return
    with places.opened(data, os.environ) as found, _stopping() as is_stopped, _bar(as_json=as_json) as progress:
        site = places.site(found, xray, os.environ)
        results = carry_out(asked, name, site, asking.limits(is_stopped), progress)
    _end(results, as_json=as_json, is_stopped=is_stopped())


def _there(function: str, asked: "Asked", name: str) -> list[dict[str, Any]]:
    """In AWS."""
    from raygate.aws_session import aws_session
    from raygate_local.replaying.invoking import event, invoke

    request = event(asked, name)
    try:
        return invoke(function, request, aws_session(), os.environ.get("AWS_REGION") or None)
    except KeyboardInterrupt:
        hint = f", under the name {request['id']}" if "id" in request else ""
        click.echo(f"The function goes on{hint}.", err=True)
        raise


def _end(
    results: list[dict[str, Any]], *, as_json: bool, is_stopped: bool = False, command: str = "raygate replay"
) -> None:
    """Tell, and leave."""
    _tell(results, as_json=as_json, command=command)
    if is_stopped:
        sys.exit(130)
    if any(result.get("state") == "interrupted" or result["unreadable"] for result in results):
        sys.exit(1)


def _tell(results: list[dict[str, Any]], *, as_json: bool, command: str) -> None:
    import orjson

    from raygate_local.replaying import words

    for result in results:
        if as_json:
            click.echo(orjson.dumps(result, option=orjson.OPT_INDENT_2))
        else:
            click.echo("\n".join(words.lines(result, command)))


@contextmanager
def _stopping() -> "Iterator[Callable[[], bool]]":
    """The first Ctrl-C ends it when what is on its way has arrived; the second one at once."""
    import signal

    asked: list[int] = []

    def stop(number: int, _frame: object) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(number)

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield lambda: bool(asked)
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _bar(*, as_json: bool) -> "Iterator[Progress]":
    """On a terminal; elsewhere nothing."""
    from raygate.replay.run import silent

    if as_json or not sys.stderr.isatty():
        yield silent
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from raygate_local.replaying import words
    from raygate_local.terminal.screen import screen

    columns = (BarColumn(), TextColumn("{task.completed:,}/{task.total:,} objects"), TextColumn("{task.description}"))
    with Progress(*columns, TimeElapsedColumn(), console=screen(sys.stderr), transient=True) as bar:
        task = bar.add_task("", total=0)

        def tell(_checkpoint: object, counts: Any) -> None:
            total = counts.objects + counts.objects_left
            bar.update(task, total=total, completed=counts.objects, description=words.running(counts))

        yield tell
