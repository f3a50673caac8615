"""The commands that README.md and docs/sending.md tell people to type do what is said there."""

import re
import shlex
import subprocess
import sys

import pytest

from tests.process.serving import COMMAND, ENVIRONMENT, ROOT, TIMEOUT_S, Running

VERBS = {
    "make run": ".venv/bin/raygate serve",
    "make demo": "-m examples.demo",
    "make test": ".venv/bin/pytest",
    "make deploy": "local/sam.sh deploy",
}
"""What a test cannot do itself, since it is in the middle of it or has no account: what `make` would run."""


def blocks(page: str, language: str) -> list[str]:
    """The code of that language in a page."""
    return re.findall(rf"^```{language}\n(.*?)^```$", (ROOT / page).read_text(), re.MULTILINE | re.DOTALL)


SHELL = [
    pytest.param(block, id=f"{page}:{block.split(maxsplit=1)[0]}-{number}")
    for page in ("README.md", "docs/sending.md")
    for number, block in enumerate(blocks(page, "sh"))
    if block.strip() not in VERBS
]


def here(text: str, server: Running) -> str:
    """The same commands against this server and this Python, by 8080's own name where they say nothing."""
    text = re.sub(r"^(\.venv/bin/raygate traces?\b.*)$", rf"\1 --xray {server.xray_url}", text, flags=re.MULTILINE)
    replaced = {
        "http://127.0.0.1:4318": server.url,
        "http://127.0.0.1:8080": server.xray_url,
        ".venv/bin/python": shlex.quote(sys.executable),
        ".venv/bin/raygate": shlex.join(COMMAND),
    }
    for old, new in replaced.items():
        text = text.replace(old, new)
    return text


def run(*command: str) -> str:
    done = subprocess.run(
        command, capture_output=True, text=True, env=ENVIRONMENT, cwd=ROOT, timeout=TIMEOUT_S, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("block", SHELL)
def test_a_command_on_a_page_works(server: Running, block):
    output = run("sh", "-euc", here(block, server))
    if "curl" in block:
        assert output == "{}" * block.count("curl")
    elif "raygate trace" in block:
        assert "1-6921c8f0-4b7a3e5d9c1f2a8b6d4e0f37" in output
    else:
        assert ('"name":"shop"' in output or "shop" in output) != block.startswith("export")


def test_the_program_on_the_page_sends_a_trace(server: Running):
    (program,) = blocks("docs/sending.md", "python")
    assert run(sys.executable, "-c", here(program, server)) == "working\n"
    while "  shop  " not in (line := server.line()) or "1 document " not in line:
        assert line, "the server has ended"


@pytest.mark.parametrize("command", VERBS)
def test_the_verbs_run_what_they_say(command):
    assert f"```sh\n{command}\n```" in (ROOT / "README.md").read_text()
    assert VERBS[command] in run(*command.split(), "--dry-run")


def test_the_first_lines_of_the_server_have_a_command_that_works(server: Running):
    assert server.welcome[2].startswith("Try: curl ")
    assert run("sh", "-euc", server.welcome[2].removeprefix("Try: ")) == "{}"
