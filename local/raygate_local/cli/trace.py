"""`raygate trace`: a waterfall in the terminal, or two traces compared."""

import os
from typing import TYPE_CHECKING, Any

import click

from raygate_local.cli import options

if TYPE_CHECKING:
    from raygate_local.terminal.xray import Xray
    from raygate_local.waterfall import Waterfall


@click.command(short_help="One trace as a waterfall, or two compared.")
@click.argument("trace_id", metavar="ID")
@click.argument("other_id", metavar="[ID2]", required=False)
@options.xray
@click.option("--all", "is_whole", is_flag=True, help="Every row: equal siblings are not folded into one.")
@options.as_json
def trace(
    trace_id: str,
    other_id: str | None,
    xray: str | None,
    is_whole: bool,  # noqa: FBT001 - it is a flag of the command
    as_json: bool,  # noqa: FBT001 - the same
) -> None:
    """Show the trace ID as a waterfall; with ID2, what is different there.

    An id is that of X-Ray, the 32 digits of OpenTelemetry, or the address of the trace's page. Two traces are aligned
    by service, name and order; what contributes most to the difference comes first.

    \b
    Examples:
      raygate trace 1-6921c8f0-4b7a3e5d9c1f2a8b6d4e0f37
      raygate trace 6921c8f04b7a3e5d9c1f2a8b6d4e0f37 --xray aws
      raygate trace 1-6921c8f0-4b7a3e5d9c1f2a8b6d4e0f37 1-6921c8f1-4b7a3e5d9c1f2a8b6d4e0f38
      raygate trace 1-6921c8f0-4b7a3e5d9c1f2a8b6d4e0f37 --json | jq '.rows[].name'

    \b
    Exit status:
      0  shown
      1  there is no such trace, or X-Ray cannot be asked
      2  what is given is no trace id
    """  # noqa: D301 - click keeps the lines as they are after a real backspace
    from raygate_local.terminal.xray import connect, trace_id_of
    from raygate_local.waterfall import waterfall

    first, second = trace_id_of(trace_id), trace_id_of(other_id) if other_id else ""
    asked = connect(xray, os.environ)
    trees = [waterfall(asked.trace(one)) for one in filter(None, (first, second))]
    if len(trees) > 1:
        _compare(trees[0], trees[1], as_json=as_json)
    elif as_json:
        _echo_json(_as_json(first, trees[0], asked))
    else:
        _show(first, trees[0], asked, is_whole=is_whole)


def _show(trace_id: str, tree: "Waterfall", asked: "Xray", *, is_whole: bool) -> None:
    from raygate_local.terminal import waterfall as drawn
    from raygate_local.terminal.screen import duration, screen, signs

    console = screen()
    documents = len({row.document_id for row in tree.rows if row.document_id})
    console.print(f"trace {trace_id}  {duration(tree.duration_s)}  {documents} documents")
    for remark in tree.remarks():
        console.print(f"  {remark}")
    for line in drawn.lines(tree, console.width, signs(console), is_folded=not is_whole):
        console.print(line, soft_wrap=True)
    for failure in drawn.failures(tree):
        console.print(failure, soft_wrap=True)
    console.print(f"look: {asked.page(trace_id)}", soft_wrap=True)


def _compare(before: "Waterfall", after: "Waterfall", *, as_json: bool) -> None:
    from raygate_local.comparison import compare
    from raygate_local.terminal import comparison as drawn
    from raygate_local.terminal.screen import duration, screen, signs

    found = compare(before, after)
    if as_json:
        _echo_json(found.as_json())
        return
    console = screen()
    took = f"{duration(before.duration_s)} became {duration(after.duration_s)}"
    counts = ", ".join(f"{count} {change}" for change, count in found.counts().items())
    console.print(f"{took} ({drawn.signed(found.delta_s)}): {counts}")
    for line in drawn.lines(found, console.width, signs(console)):
        console.print(line, soft_wrap=True)


def _as_json(trace_id: str, tree: "Waterfall", asked: "Xray") -> dict[str, Any]:
    return {
        "trace_id": trace_id,
        "start_time": tree.start_s,
        "end_time": tree.end_s,
        "duration": tree.duration_s,
        "page": asked.page(trace_id),
        "remarks": tree.remarks(),
        "rows": [
            {
                "id": row.id,
                "parent_id": row.parent_id,
                "depth": row.depth,
                "kind": row.kind,
                "service": row.service,
                "name": row.name,
                "operation": row.operation,
                "start_time": row.start_s,
                "duration": row.duration_s,
                "self": row.self_s,
                "status": row.status,
                "is_inherited": row.is_inherited,
                "in_progress": row.in_progress,
                "is_critical": row.is_critical,
                "notes": [note.text for note in row.notes],
            }
            for row in tree.rows
        ],
    }


def _echo_json(value: Any) -> None:
    import orjson

    click.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2))
