"""What the pages say to type is typed, and what they say is printed is printed: each fenced block without a mark.

It is done in a folder that looks like the project's own, with the file that the pages speak of, to a server that runs.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.process.serving import COMMAND, ENVIRONMENT, ROOT, TIMEOUT_S, Running, ask, post, running
from tests.project.blocks import BLOCKS, Block, commands

EXAMPLE: Final = ROOT / "examples" / "trace.json"
TYPED: Final = [block for block in BLOCKS if block.is_run and block.language == "sh"]
ID: Final = "1-6921c8f0-4b7a3e5d9c1f2a8b6d4e0f37"
SETTINGS: Final = re.compile(r"export .*")
"""Prints nothing; `test_recipes.py` sends with them."""


def words(mark: str) -> list[Block]:
    return [block for block in BLOCKS if block.words == mark]


def here(text: str, server: Running) -> str:
    """The same against this server and this Python."""
    replaced = {
        "http://127.0.0.1:4318": server.url,
        "http://127.0.0.1:8080": server.xray_url,
        ".venv/bin/python": shlex.quote(sys.executable),
        ".venv/bin/raygate": shlex.join(COMMAND),
    }
    for old, new in replaced.items():
        text = text.replace(old, new)
    return re.sub(r"^((?:\w+=\S+ )*)raygate ", lambda found: f"{found[1]}{shlex.join(COMMAND)} ", text)


@pytest.fixture(scope="module")
def folder(tmp_path_factory, server: Running) -> Path:
    """The trace that the pages speak of has been sent, and one of now: what lists traces finds one."""
    made: Path = tmp_path_factory.mktemp("project")
    for path in ROOT.iterdir():
        (made / path.name).symlink_to(path)
    shutil.copy(EXAMPLE, made / "request.json")
    assert ask(server.address, post(EXAMPLE.read_bytes())).status == 200
    assert typed("raygate send", server, made)
    return made


def typed(line: str, server: Running, folder: Path) -> str:
    """What it prints."""
    to_server = {"OTEL_EXPORTER_OTLP_ENDPOINT": server.url, "AWS_ENDPOINT_URL_XRAY": server.xray_url}
    done: subprocess.CompletedProcess[str] = subprocess.run(
        ("sh", "-euc", here(line, server)),  # noqa: S607 - the shell that is there, as for the reader
        capture_output=True,
        text=True,
        env=ENVIRONMENT | to_server,
        cwd=folder,
        timeout=TIMEOUT_S,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout


@pytest.mark.parametrize("block", TYPED, ids=str)
def test_the_commands_of_a_block_work_one_after_the_other(server: Running, folder: Path, block: Block):
    for line in commands(block):
        printed = typed(line, server, folder)
        if "curl" in line:
            assert printed == "{}"
        else:
            assert ID not in line or "shop" in printed or "same" in printed, line
            assert bool(printed) != bool(SETTINGS.fullmatch(line)), line


@pytest.mark.parametrize("block", words("text output"), ids=str)
def test_what_a_page_says_a_command_prints_is_printed(server: Running, folder: Path, block: Block):
    assert block.before is not None
    assert block.before.is_run
    printed = "".join(typed(line, server, folder) for line in commands(block.before))
    assert printed == block.text


@pytest.mark.parametrize("block", words("python"), ids=str)
def test_the_program_on_a_page_sends_a_trace(server: Running, block: Block):
    done = subprocess.run(
        [sys.executable, "-c", here(block.text, server)],
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
        timeout=TIMEOUT_S,
        check=True,
    )
    assert done.stdout == "working\n"
    while "  shop  " not in (line := server.line()) or "1 document " not in line:
        assert line, "the server has ended"


@pytest.fixture
def quiet() -> Iterator[Running]:
    """A server that nobody else sends to."""
    with running("--xray-port", "0") as one:
        yield one


@pytest.mark.parametrize("block", words("text served"), ids=str)
def test_what_a_page_says_the_server_prints_is_printed(quiet: Running, block: Block):
    for content_type in ("application/json", "text/plain"):
        ask(quiet.address, post(EXAMPLE.read_bytes(), content_type))
    printed = [quiet.line().replace(quiet.xray_url, "http://127.0.0.1:8080") for _ in block.text.splitlines()]
    assert printed == block.text.splitlines()


def test_the_first_lines_of_the_server_have_a_command_that_works(quiet: Running):
    assert quiet.welcome[2].startswith("Try: curl ")
    done = subprocess.run(
        ("sh", "-euc", quiet.welcome[2].removeprefix("Try: ")),  # noqa: S607 - as above
        capture_output=True,
        text=True,
        env=os.environ,
        timeout=TIMEOUT_S,
        check=True,
    )
    assert done.stdout == "{}"
