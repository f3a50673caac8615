"""The commands of docs/commands.md do what is said there; those that a test cannot run exist as they are written."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from raygate_local.cli import main
from tests.process.serving import COMMAND, ENVIRONMENT, ROOT, TIMEOUT_S, Running, ask, post

PAGE = (ROOT / "docs" / "commands.md").read_text()
BLOCKS = re.findall(r"^```(sh[^\n]*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
MARKS = {"sh", "sh aws", "sh stays"}
EXAMPLE = ROOT / "examples" / "trace.json"


def lines(*marks: str) -> list[str]:
    """The command lines of blocks marked so."""
    return [line for mark, block in BLOCKS if mark in marks for line in block.splitlines()]


def test_every_block_is_marked_in_a_way_that_is_known():
    assert {mark for mark, _ in BLOCKS} <= MARKS
    assert all(line.partition("raygate ")[1] for line in lines(*MARKS))


@pytest.fixture(scope="module")
def folder(tmp_path_factory, server: Running) -> Path:
    """A folder with the file that the page speaks of; its trace has been sent."""
    made: Path = tmp_path_factory.mktemp("commands")
    shutil.copy(EXAMPLE, made / "request.json")
    assert ask(server.address, post(EXAMPLE.read_bytes())).status == 200
    return made


@pytest.mark.parametrize("line", lines("sh"))
def test_a_command_on_the_page_works(server: Running, folder: Path, line: str):
    here = ("sh", "-euc", line.replace("raygate ", f"{shlex.join(COMMAND)} ", 1))
    to_server = {"OTEL_EXPORTER_OTLP_ENDPOINT": server.url, "AWS_ENDPOINT_URL_XRAY": server.xray_url}
    done = subprocess.run(
        here,
        capture_output=True,
        text=True,
        env=ENVIRONMENT | to_server,
        cwd=folder,
        timeout=TIMEOUT_S,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("line", lines("sh aws", "sh stays"))
def test_a_command_that_a_test_cannot_run_has_options_that_exist(line: str):
    words = shlex.split(line.partition("raygate ")[2])
    command: click.Command = main
    while words and isinstance(command, click.Group):
        command = command.commands[words.pop(0)]
    command.make_context(command.name, words)
