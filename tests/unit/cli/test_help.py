"""The command's help: every command has examples, is named in docs/commands.md, and is found after a typing error."""

import re
import subprocess
import sys
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from raygate_local.cli import COMMANDS, main
from tests.process.serving import ENVIRONMENT, ROOT

COMMANDS_PAGE = (ROOT / "docs" / "commands.md").read_text()


def commands() -> Iterator[tuple[str, click.Command]]:
    for name in COMMANDS:
        command = main.commands[name]
        yield name, command
        if isinstance(command, click.Group):
            yield from ((f"{name} {below}", one) for below, one in command.commands.items())


ALL = dict(commands())


@pytest.mark.parametrize("name", ALL)
def test_every_command_has_examples_that_can_be_read(name):
    context = click.Context(ALL[name], info_name=name)
    for line in examples(ALL[name].help or ""):
        assert "raygate " in line
    assert examples(ALL[name].help or "")
    assert ALL[name].get_help(context)


def examples(text: str) -> list[str]:
    """The lines below `Examples:`, up to an empty one."""
    found = re.search(r"Examples?:\n((?: +\S.*\n?)+)", text)
    return found[1].splitlines() if found else []


@pytest.mark.parametrize("name", [name for name in ALL if not isinstance(ALL[name], click.Group)])
def test_the_options_of_an_example_exist(name):
    known = {option for parameter in ALL[name].params for option in (*parameter.opts, *parameter.secondary_opts)}
    for line in examples(ALL[name].help or ""):
        ours = line.partition(f"raygate {name}")[2].partition("|")[0].partition(" # ")[0]
        assert set(re.findall(r"(?<!\S)(--[a-z-]+)", ours)) <= known, line


@pytest.mark.parametrize("name", ALL)
def test_every_command_is_named_in_the_docs(name):
    assert f"raygate {name}" in COMMANDS_PAGE


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_listed_with_a_line_of_its_own(name):
    output = CliRunner().invoke(main, []).output
    (line,) = re.findall(rf"^  {name} +(.+)$", output, re.MULTILINE)
    assert not line.endswith("...")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("sned", "send"), ("explian", "explain"), ("docter", "doctor"), ("key", "keys"), ("trac", "trace")],
)
def test_a_typing_error_is_answered_with_the_command_that_was_meant(typed, meant):
    result = CliRunner().invoke(main, [typed])
    assert result.exit_code == 2
    assert meant in result.stderr
    assert "No such command" in result.stderr


@pytest.mark.parametrize(
    "name", [name for name in ALL if not isinstance(ALL[name], click.Group) and name not in {"serve", "completion"}]
)
def test_every_command_speaks_json(name):
    assert "--json" in {option for parameter in ALL[name].params for option in parameter.opts}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_gets_its_script(shell):
    result = CliRunner().invoke(main, ["completion", shell])
    assert result.exit_code == 0
    assert "_RAYGATE_COMPLETE" in result.stdout


def test_a_shell_that_asks_is_told_the_commands():
    asked = ENVIRONMENT | {"_RAYGATE_COMPLETE": "bash_complete", "COMP_WORDS": "raygate t", "COMP_CWORD": "1"}
    command = [sys.executable, "-c", "from raygate_local.cli import main; main(prog_name='raygate')"]
    done = subprocess.run(command, env=asked, capture_output=True, text=True, check=False, timeout=60)
    assert set(done.stdout.split()) == {"plain,trace", "plain,traces", "plain,tail"}


def test_an_unknown_shell_is_refused():
    assert CliRunner().invoke(main, ["completion", "tcsh"]).exit_code == 2


def test_help_imports_nothing_that_is_slow():
    slow = ("botocore", "rich", "opentelemetry", "starlette", "pydantic", "orjson")
    program = (
        "import sys\nfrom raygate_local.cli import main\n"
        "try:\n    main(['--help'], prog_name='raygate')\n"
        f"except SystemExit:\n    print('IMPORTED', [name for name in {slow!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], env=ENVIRONMENT, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.endswith("IMPORTED []\n")
