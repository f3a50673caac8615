"""`raygate doctor`: is everything set up, and what to do about what is not."""

import os
import sys
import time
from typing import Final

import click

from raygate_local.cli import options

FAILED: Final = 1
STYLES: Final = {"ok": "green", "warning": "yellow", "failure": "red", "skipped": "dim"}


@click.command(short_help="Is everything set up?")
@options.to_endpoint
@options.xray
@click.option(
    "--wait",
    type=click.FloatRange(0, 600),
    default=20,
    show_default=True,
    metavar="S",
    help="How long the canary may take.",
)
@click.option("--live", is_flag=True, help="Probe the assumptions that no fake can answer, too: for one in the cloud.")
@click.option("--yes", is_flag=True, help="With --live: do not ask before a dozen probes are written to X-Ray.")
@options.as_json
def doctor(  # noqa: PLR0913 - each is an option
    endpoint: str | None,
    key: str | None,
    xray: str | None,
    wait: float,
    *,
    live: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Look whether everything is set up: settings, AWS, endpoint, key, clock, and a canary sent through and read back.

    The canary is a test trace of twelve spans: it stays in X-Ray.

    With --live each probe says what it expects, what it saw, and which page of the project to change if the two differ.
    Those of the endpoint hold no span. Those of X-Ray write a dozen segments called raygate-probe, after a question.

    \b
    Examples:
      raygate doctor
      raygate doctor --endpoint https://traces.example.com --key rg_abcd2345_... --xray aws
      raygate doctor --live --yes --endpoint https://traces.example.com --key rg_abcd2345_... --xray aws
      raygate doctor --json | jq -r '.[] | select(.state == "failure") | .todo'

    \b
    Exit status:
      0  nothing failed; there may be warnings
      1  a check failed
    """  # noqa: D301 - click keeps the lines as they are after a real backspace
    from raygate_local.doctor import CHECKS, Situation, examine
    from raygate_local.doctor import as_json as told
    from raygate_local.doctor.live import live as with_probes
    from raygate_local.terminal.screen import plain, screen

    situation = Situation(os.environ, endpoint, key, xray, os.urandom, time.time, time.sleep, wait)
    console = screen()
    checks = CHECKS
    if live:
        question = "Write a dozen segments called raygate-probe to X-Ray?"
        checks = with_probes(may_write=yes or click.confirm(question, err=True))
    findings = []
    try:
        for check, found in examine(situation, checks):
            findings.append((check, found))
            if as_json:
                continue
            console.print(f"{found.state:<8}", style=STYLES[found.state], end="")
            console.print(f"{check.title}: {plain(found.text)}", soft_wrap=True)
            if found.todo:
                console.print(f"        {plain(found.todo)}", soft_wrap=True)
    finally:
        situation.close()
    if as_json:
        import orjson

        click.echo(orjson.dumps([told(*one) for one in findings], option=orjson.OPT_INDENT_2))
    sys.exit(FAILED if any(found.state == "failure" for _, found in findings) else 0)
